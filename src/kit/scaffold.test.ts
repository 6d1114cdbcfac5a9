import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { FRAMINGS } from '../contract/base-api-model.ts';
import { importModule, modelOptions, streamReply, testServiceModel, textReply } from '../testing/index.ts';
import { KINDS, LANGUAGES } from './kinds.ts';
import { namesOf, scaffold } from './scaffold.ts';

describe('the names of a new model', () => {
  it.each(['my_custom_api', 'my-custom-api', 'MyCustomAPI', 'My Custom API'])('%s', (name) => {
    expect(namesOf(name, 'configs')).toEqual({
      snake: 'my_custom_api',
      className: 'MyCustomAPI',
      model: 'models/my_custom_api.ts',
      config: 'configs/models/my_custom_api.ts',
      test: 'models/my_custom_api.test.mjs',
      classImport: '../../models/my_custom_api.ts',
    });
  });

  it.each([
    ['./configs/', 'configs/models/x.ts', '../../models/x.ts'],
    ['deep/down', 'deep/down/models/x.ts', '../../../models/x.ts'],
  ])('in %s', (configDir, config, classImport) => {
    expect(namesOf('x', configDir)).toMatchObject({ config, classImport });
  });

  it.each(['', '9x', '../x', 'x.ts', 'naïve', '_'])('%j is refused', (name) => {
    expect(() => namesOf(name, 'configs')).toThrow('is no name for a class');
  });

  it('class and config in one place are refused', () => {
    expect(() => namesOf('x', '.')).toThrow('class and config would both be models/x.ts');
  });
});

it.each(KINDS)('a new %s is a class, a config and a test that name each other', (kind) => {
  const names = namesOf('my_thing', 'configs');
  const [model, config, test] = scaffold(kind, names);
  expect(model?.content).toContain('export class MyThing extends Base');
  expect(config?.content).toContain(`import { MyThing } from '${names.classImport}';`);
  expect(config?.content).toContain("abbr: 'my_thing',");
  expect(test?.content).toContain("importModule('./my_thing.ts', import.meta.url)");
});

it('in Python the names are those of Python files, without a test', () => {
  expect(namesOf('my_custom_api', 'configs', 'python')).toEqual({
    snake: 'my_custom_api',
    className: 'MyCustomAPI',
    model: 'models/my_custom_api.py',
    config: 'configs/models/my_custom_api.py',
    classImport: 'models.my_custom_api',
  });
});

it.each(KINDS)('a new %s in Python is a class and a config that name each other', (kind) => {
  const files = scaffold(kind, namesOf('my_thing', 'configs', 'python'), { language: 'python' });
  expect(files.map(({ path }) => path)).toEqual(['models/my_thing.py', 'configs/models/my_thing.py']);
  expect(files[0]!.content).toMatch(/^class MyThing\(Base\w+\):$/m);
  expect(files[1]!.content).toContain('from models.my_thing import MyThing\n');
  expect(files[1]!.content).toContain('abbr="my_thing",');
  for (const { content } of files) expect(content).not.toMatch(/\{\{/);
});

/** The guide's tables, row by row. */
it.each([
  [
    'api-model',
    'attr type abbr path model stream request_rate retry api_key host_ip host_port url max_out_len batch_size trust_remote_code generation_kwargs',
  ],
  ['local-model', 'attr type abbr path max_out_len batch_size max_seq_len generation_kwargs'],
] as const)('the config of a new %s has every field of the guide, with a comment', (kind, fields) => {
  for (const language of LANGUAGES) {
    const { content } = scaffold(kind, namesOf('my_thing', 'configs', language), { language })[1]!;
    const lines = content.split('\n').map((line) => line.trim());
    for (const field of fields.split(' ')) {
      const at = lines.findIndex((line) => line.startsWith(`${field}${language === 'python' ? '=' : ':'}`));
      expect(at, field).toBeGreaterThan(0);
      expect(`${lines[at - 1]}${lines[at]}`).toMatch(/(\/\/|#) \((required|optional)\) \w/);
    }
  }
});

describe.each(FRAMINGS)('a new api-model with the framing %s', (framing) => {
  const [model, , test] = scaffold('api-model', namesOf('my_thing', 'configs'), { framing });
  const folder = mkdtempSync(join(tmpdir(), 'ais-bench-new-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('passes the test that is written with it', async () => {
    writeFileSync(join(folder, 'my_thing.ts'), model!.content);
    const { MyThing } = await importModule(join(folder, 'my_thing.ts'), import.meta.url);
    // The test's own words, with the two things that it imports handed to it.
    const body = test!.content.replace(/^import .*$/gm, '').replace(/^const \{ MyThing \}.*$/m, '');
    const checks: Promise<void>[] = [];
    const collect = (_name: string, run: () => Promise<void>) => checks.push(run());
    const given = { test: collect, streamReply, testServiceModel, textReply, MyThing };
    new Function(...Object.keys(given), body)(...Object.values(given));
    expect(checks.length).toBeGreaterThanOrEqual(11);
    await Promise.all(checks);
    expect(new MyThing(modelOptions()).getFraming?.() ?? 'sse').toBe(framing);
  });
});

it('a local model has no framing', () => {
  expect(() => scaffold('local-model', namesOf('x', 'configs'), { framing: 'ndjson' })).toThrow(
    'a local model has no framing',
  );
});
