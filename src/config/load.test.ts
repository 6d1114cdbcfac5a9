import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { type LoadedConfig, loadConfig, type ModuleContext } from './load.ts';

const folder = mkdtempSync(join(tmpdir(), 'ais-bench-load-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const context: ModuleContext = { base: folder, shipped: here('../../configs'), entry: here('../index.ts') };

let files = 0;
function write(name: string, content: string): string {
  const path = join(folder, String(files++), name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

const load = (name: string, content: string): Promise<LoadedConfig> =>
  loadConfig(write(name, content), context);

const problem = (message: string | RegExp) => ({
  code: 'TMAN-CFG-001',
  message: expect.stringMatching(message),
  cure: 'correct the file at that place',
});

it('a config in Python means the file beside it by an import, and else the name', async () => {
  const config = write(
    'run.py',
    'from mine import Mine\nfrom other import Other\nmodels = [dict(type=Mine), dict(type=Other)]\n',
  );
  writeFileSync(join(dirname(config), 'mine.py'), 'class Mine: ...\n');
  const { values } = await loadConfig(config, context);
  expect(values['models']).toEqual([{ type: './mine.py:Mine' }, { type: 'Other' }]);
});

it('a config in Python may import a name of LongBench with its hash', async () => {
  const config = write('all.py', 'from .longbench_lcc_gen_6b3efc import lcc_datasets\n');
  writeFileSync(join(dirname(config), 'longbench_lcc_gen.py'), "lcc_datasets = [dict(abbr='lcc')]\n");
  expect((await loadConfig(config, context)).values).toEqual({ lcc_datasets: [{ abbr: 'lcc' }] });
});

describe('YAML and JSON', () => {
  it('merges what `<<` names, and tells the line of a merged key’s table', async () => {
    const text =
      'base: &base\n  retry: 1\n  stream: true\nmodels:\n  - <<: *base\n    retry: 5\n  - <<: [*base, { abbr: c }]\n';
    const { values, where } = await load('merge.yaml', text);
    expect(values['models']).toEqual([
      { retry: 5, stream: true },
      { retry: 1, stream: true, abbr: 'c' },
    ]);
    expect(where(['models', 0, 'retry'])).toMatch(/merge\.yaml:6$/);
    expect(where(['models', 0, 'stream'])).toMatch(/merge\.yaml:5$/);
    const json = await load('merge.json', '{"models": [{"<<": {"retry": 1}}]}');
    expect(json.values['models']).toEqual([{ '<<': { retry: 1 } }]);
  });

  const yaml = [
    '# mine',
    'models:',
    '  - attr: service',
    '    generation_kwargs:',
    '      stop:',
    "        - 'a'",
  ];
  const json = [
    '{',
    '  "models": [',
    '    {',
    '      "attr": "service",',
    '      "generation_kwargs": {',
    '        "stop": ["a"]',
  ];
  const texts = {
    'a.yaml': yaml.join('\n'),
    'a.yml': yaml.join('\r\n'),
    'a.json': [...json, '      }', '    }', '  ]', '}'].join('\n'),
  };
  const lines = { 'a.yaml': [3, 4, 5], 'a.yml': [3, 4, 5], 'a.json': [4, 5, 6] };

  it.each(Object.entries(texts))('%s: keys know their line', async (name, content) => {
    const { values, where, path } = await load(name, content);
    expect(values).toEqual({ models: [{ attr: 'service', generation_kwargs: { stop: ['a'] } }] });
    const [attr, kwargs, stop] = lines[name as keyof typeof lines];
    expect(where(['models', 0, 'attr'])).toBe(`${path}:${attr}`);
    expect(where(['models', 0, 'generation_kwargs'])).toBe(`${path}:${kwargs}`);
    expect(where(['models', 0, 'generation_kwargs', 'stop'])).toBe(`${path}:${stop}`);
  });

  it('a key that is not there has the line of what should hold it', async () => {
    const { where, path } = await load('a.yaml', texts['a.yaml']);
    expect(where(['models', 0, 'batch_size'])).toBe(`${path}:3`);
    expect(where(['nothing', 0])).toBe(path);
    expect(where([])).toBe(path);
  });

  it.each([
    ['a.yaml', 'models:\n  - a: [1,\n', 'file:3'],
    ['a.yaml', 'a: 1\nb: "open\n', 'file:3'],
    ['a.yaml', 'a: 1\na: 2\n', 'file:2'],
    ['a.json', '{\n  "a": 1\n  "b": 2\n}', 'file:2'],
    ['a.json', '{"a": 1', 'file:1'],
  ])('%s: %j does not parse', async (name, content, place) => {
    const path = write(name, content);
    const error = await loadConfig(path, context).catch((thrown) => thrown);
    expect(error).toMatchObject(problem(/^this config cannot be read: ./));
    expect(error.where.replace(path, 'file')).toBe(place);
  });

  it.each(['', 'null', '- 1\n- 2', 'text', '[]'])('%j is no table of keys', async (content) => {
    await expect(load('a.yaml', content)).rejects.toMatchObject(problem('it is not a table of keys'));
  });

  it('a bomb of aliases is refused', async () => {
    const level = (name: string, of: string) => `${name}: &${name} [${Array(12).fill(`*${of}`).join(', ')}]`;
    const bomb = ['a: &a [x, x]', level('b', 'a'), level('c', 'b'), level('d', 'c'), level('e', 'd')].join(
      '\n',
    );
    await expect(load('a.yaml', bomb)).rejects.toMatchObject(problem('alias'));
  });

  it('a file that may not be read is told', async () => {
    const path = write('a.yaml/inner', '');
    await expect(loadConfig(dirname(path), context)).rejects.toMatchObject({
      ...problem('EISDIR'),
      where: dirname(path),
    });
  });

  it('any JSON is read as JSON says, however it is laid out', async () => {
    const layout = fc.constantFrom(undefined, 2, '\t');
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue()), layout, async (table, space) => {
        const text = JSON.stringify(table, null, space);
        const { values } = await load('a.json', text);
        expect(values).toEqual(JSON.parse(text));
      }),
      { numRuns: 100 },
    );
  });

  it('any table survives YAML', async () => {
    const table = fc.dictionary(fc.stringMatching(/^[a-z_]{1,8}$/), fc.jsonValue());
    await fc.assert(
      fc.asyncProperty(table, async (values) => {
        expect((await load('a.yaml', stringify(values))).values).toEqual(values);
      }),
      { numRuns: 50 },
    );
  });
});

describe('JavaScript and TypeScript', () => {
  const models = [{ attr: 'service', batch_size: 3 }];

  it.each([
    ['a.js', 'export const models = [{ attr: "service", batch_size: 3 }];'],
    ['a.mjs', 'export default { models: [{ attr: "service", batch_size: 3 }] };'],
    ['a.cjs', 'module.exports = { models: [{ attr: "service", batch_size: 3 }] };'],
    ['a.js', 'module.exports.models = [{ attr: "service", batch_size: 3 }];'],
    [
      'a.ts',
      'interface M { attr: string }\nexport const models = [{ attr: "service", batch_size: 3 } satisfies M & object];',
    ],
    [
      'a.mts',
      'const size: number = await Promise.resolve(3);\nexport const models = [{ attr: "service", batch_size: size }];',
    ],
  ])('%s: %s', async (name, content) => {
    const { values, where, path } = await load(name, content);
    expect(values['models']).toEqual(models);
    expect(where(['models', 0, 'attr'])).toBe(path);
  });

  it("imports 'ais-bench' and its neighbours without any node_modules", async () => {
    const backend =
      'import { BaseAPIModel } from "ais-bench";\nexport class Mine extends BaseAPIModel { getUrl() { return ""; } }';
    const config = write(
      'models/a.ts',
      'import { Mine } from "../mine.ts";\nexport const models = [{ type: Mine }];',
    );
    writeFileSync(join(dirname(config), '../mine.ts'), backend);
    const { values } = await loadConfig(config, context);
    const [{ type: Mine }] = values['models'] as [{ type: any }];
    expect(new Mine({ url: 'http://host/v' }).baseUrl).toBe('http://host/v/');
  });

  it.each([
    ['a.ts', 'export const a = 1;\nexport const models = [;\n', ':2'],
    ['a.js', 'export const models = [\n\n  {,},\n];', ':3'],
    ['a.ts', '\n\nthrow new Error("not today");', ':3'],
    ['a.js', 'export const models = [{ type: Missing }];', ':1'],
    ['a.ts', 'import "./nowhere.ts";', ''],
  ])('%s: %j cannot be read', async (name, content, line) => {
    const path = write(name, content);
    const error = await loadConfig(path, context).catch((thrown) => thrown);
    expect(error).toMatchObject({ ...problem(/^this config cannot be read: ./), where: `${path}${line}` });
  });

  it('reads the shipped ones', async () => {
    const { values } = await loadConfig(here('../../configs/models/vllm_api/vllm_api_general.js'), context);
    expect(values['models']).toHaveLength(1);
  });
});
