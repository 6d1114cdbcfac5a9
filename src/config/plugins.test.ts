import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadPart } from '../load-class.ts';
import { loadContext } from './places.ts';
import { type LoadedPlugin, loadPlugins, PLUGIN_KINDS, pluginParts, refuseConfigClashes } from './plugins.ts';
import { partRef } from './resolve-class.ts';

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'ais-bench-plugins-')));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

async function loaded(name: string, files: Readonly<Record<string, string>>, ...others: string[]) {
  const base = folderWith(files);
  const names = [name, ...others].map((one) => ({ name: one, by: '--plugin', folders: [base] }));
  return { base, plugins: await loadPlugins(names, loadContext(base)) };
}

const WHOLE = `
import { BaseAPIModel } from 'ais-bench';
import { grade } from './grade.ts';
class Mine extends BaseAPIModel { getUrl() { return ''; } getRequestBody() { return {}; } }
export default {
  name: 'whole',
  models: { Mine },
  datasets: { Rows: { name: 'Rows', load: async () => ({ train: [], test: [] }) } },
  evaluators: { Graded: { name: 'Graded', grade }, Made: () => ({ name: 'Made', grade }) },
  inferencers: { ask: async () => ({ prediction: '' }) },
  arrivals: { 'at-once': () => () => 0 },
  exporters: { text: () => '' },
  configs: './configs',
};`;
const WHOLE_FILES = {
  'p/index.ts': WHOLE,
  'p/grade.ts': 'export const grade = () => ({ credit: 1 });',
  'p/configs/models/a.yaml': '',
};
const namesOf = ({ parts }: LoadedPlugin) => PLUGIN_KINDS.map((kind) => [...parts[kind].keys()]);

describe('a plugin', () => {
  it('holds parts of every kind, in the order of the list', async () => {
    const { base, plugins } = await loaded('./p', WHOLE_FILES);
    expect(plugins).toMatchObject([
      { name: 'whole', origin: './p', by: '--plugin', configs: join(base, 'p/configs') },
    ]);
    expect(namesOf(plugins[0]!)).toEqual([
      ['Mine'],
      ['Rows'],
      ['Graded', 'Made'],
      ['ask'],
      ['at-once'],
      ['text'],
    ]);
  });

  it.each([
    [
      'its package.json',
      {
        'p/package.json': '{"name":"q","exports":"./lib/x.mjs"}',
        'p/lib/x.mjs': 'export const arrivals = { a: () => [] };',
      },
    ],
    [
      'main',
      { 'p/package.json': '{"main":"x.cjs"}', 'p/x.cjs': 'module.exports = { arrivals: { a: () => [] } };' },
    ],
    [
      'module',
      {
        'p/package.json': '{"module":"x.js","main":"y.js","type":"module"}',
        'p/x.js': 'export default { arrivals: { a: () => [] } };',
      },
    ],
    [
      'conditions',
      {
        'p/package.json': '{"exports":{".":{"types":"./t.d.ts","node":{"import":"./x.mjs"}}}}',
        'p/x.mjs': 'export default { arrivals: { a: () => [] } };',
      },
    ],
    ['index.js', { 'p/index.js': 'exports.arrivals = { a: () => [] };' }],
  ] as const)('has its module where %s says', async (_what, files) => {
    const { plugins } = await loaded('./p', files);
    expect(plugins[0]!.name).toBe('p');
    expect([...plugins[0]!.parts.arrivals.keys()]).toEqual(['a']);
  });

  it('is a file, or a package above the folder', async () => {
    const text = 'export default { arrivals: { a: () => [] } };';
    expect((await loaded('./x.mjs', { 'x.mjs': text })).plugins[0]).toMatchObject({
      name: 'x',
      origin: './x.mjs',
    });
    const base = folderWith({
      'node_modules/@s/p/package.json': '{"version":"3.0.1"}',
      'node_modules/@s/p/index.mjs': text,
      'deep/er/x': '',
    });
    const folders = [join(base, 'deep/er')];
    const [found] = await loadPlugins([{ name: '@s/p', by: 'a.yaml:2', folders }], loadContext(base));
    expect(found).toMatchObject({ name: '@s/p', origin: '@s/p@3.0.1', by: 'a.yaml:2' });
  });

  it('is loaded once, however often it is named', async () => {
    const { plugins } = await loaded('./p', WHOLE_FILES, './p/index.ts', './p/../p');
    expect(plugins).toHaveLength(1);
  });

  it('has parts that another process loads by their refs, and a hash of the code that they are made of', async () => {
    const { base, plugins } = await loaded('./p', WHOLE_FILES);
    const part = plugins[0]!.parts.evaluators.get('Graded')!;
    const ref = await partRef(part.value, 'Graded', base);
    expect(ref).toMatchObject({ module: './p/index.ts', export: 'evaluators.Graded', name: 'Graded' });
    const copy = folderWith(WHOLE_FILES);
    expect(await loadPart(ref, copy)).toMatchObject({ name: 'Graded' });
    const changed = folderWith({
      ...WHOLE_FILES,
      'p/grade.ts': 'export const grade = () => ({ credit: 0 });',
    });
    await expect(loadPart(ref, changed)).rejects.toMatchObject({ code: 'WORKER-CODE-001' });
    await expect(loadPart({ ...ref, export: 'evaluators.None' }, copy)).rejects.toMatchObject({
      code: 'WORKER-CODE-001',
    });
  });
});

describe('what is refused', () => {
  const IMPL = 'PLUGIN-IMPL-001';
  const body = (text: string) => ({ 'p.mjs': `export default { name: 'p', ${text} };` });

  it.each([
    ['nothing', {}, 'PLUGIN-FILE-001', 'there is no plugin "./p.mjs"'],
    ['an import of what is not there', { 'p.mjs': "import 'absent';" }, 'PLUGIN-FILE-001', 'absent'],
    ['no part', body(''), IMPL, 'holds nothing'],
    ['a list', body('models: []'), IMPL, 'models that are no table'],
    [
      'a dataset without load',
      body('datasets: { D: {} }'),
      IMPL,
      'datasets.D, which is not an object with load()',
    ],
    ['an evaluator without grade', body('evaluators: { E: { name: 1 } }'), IMPL, 'evaluators.E'],
    ['an inferencer that is a text', body("inferencers: { I: './x.ts' }"), IMPL, 'inferencers.I'],
    ['a name with a dot', body("arrivals: { 'a.b': () => [] }"), IMPL, '"a.b"'],
    ['a misspelt kind', body('exporter: {}'), IMPL, 'has "exporter"'],
    ['configs that are not there', body("configs: './none'"), IMPL, 'no folder'],
  ] as const)('%s', async (_what, files, code, message) => {
    await expect(loaded('./p.mjs', files)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  it('a package.json that is no JSON', async () => {
    const files = { 'p/package.json': '{', 'p/index.js': '' };
    await expect(loaded('./p', files)).rejects.toMatchObject({
      code: 'PLUGIN-FILE-001',
      message: expect.stringContaining('package.json'),
    });
  });

  it('two parts of one kind with one name, with both origins', async () => {
    const one = body('arrivals: { waves: () => [] }, exporters: { x: () => "" }');
    const other = {
      'q.mjs':
        "export default { name: 'q', arrivals: { waves: () => [] }, inferencers: { x: async () => {} } };",
    };
    const { plugins } = await loaded('./p.mjs', { ...one, ...other }, './q.mjs');
    const clash = expect.objectContaining({
      code: 'PLUGIN-NAME-001',
      message: 'two of the arrivals have the name "waves"',
      where: 'the plugin p (./p.mjs, named by --plugin), and the plugin q (./q.mjs, named by --plugin)',
    });
    expect(() => pluginParts(plugins, {})).toThrow(clash);
    expect(() => pluginParts(plugins.slice(0, 1), { arrivals: ['waves'] })).toThrow(/"waves"/);
    const parts = pluginParts(plugins.slice(1), { exporters: ['x'] });
    expect(parts.names('inferencers')).toEqual(['x']);
    expect([parts.find('inferencers', 'x'), parts.find('exporters', 'x')]).toEqual([
      expect.objectContaining({ place: { module: './q.mjs', export: 'inferencers.x' } }),
      undefined,
    ]);
  });

  it('a config with the name of another, whatever its case', async () => {
    const { base, plugins } = await loaded('./p', {
      ...WHOLE_FILES,
      'ours/models/A.ts': '',
      'ours/datasets/a.ts': '',
    });
    expect(() => refuseConfigClashes(plugins, join(base, 'p/none'))).not.toThrow();
    expect(() => refuseConfigClashes(plugins, join(base, 'ours'))).toThrow(
      expect.objectContaining({
        code: 'PLUGIN-NAME-001',
        message: 'two of the configs of models have the name "a"',
      }),
    );
  });
});
