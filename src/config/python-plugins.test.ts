import { expect, it } from 'vitest';
import type { PythonPlugin } from '../python-bridge/plugins.ts';
import { pythonPlugins } from './python-plugins.ts';
import type { RawEntry } from './validate.ts';

class Made {}

const ECHO = { name: 'Echo', module: 'mine.models', file: '/x.py', kind: 'model-local', base: 'BaseModel' };
const SERVICE = {
  ...{ name: 'Mine', module: 'mine.models', file: '/x.py', kind: 'model-service', base: 'BaseAPIModel' },
  service: {
    ...{ parses_text: true, parses_stream: false, scores_prompts: true, fixes_length: true },
    ...{ chunks_are_tokens: false, arguments: ['path', 'flavour', 'url'] },
  },
};
const ROWS = { ...ECHO, name: 'Rows', kind: 'dataset' };
const plugin = (own: Partial<PythonPlugin> = {}): PythonPlugin => ({
  ...{ group: 'g', name: 'mine', module: 'mine', package: 'my-plugin', version: '1.2' },
  classes: [ECHO, SERVICE, ROWS],
  ...own,
});

function finder(...plugins: readonly PythonPlugin[]) {
  const asked: (string | undefined)[] = [];
  const made: unknown[] = [];
  const found = pythonPlugins({
    folder: '/user',
    python: async (place) => {
      made.push(place);
      return Made as never;
    },
    list: async (interpreter) => {
      asked.push(interpreter);
      if (interpreter === 'none') throw new Error('no such interpreter');
      return plugins;
    },
  });
  const entry = (python?: string) =>
    ({ values: python === undefined ? {} : { python } }) as unknown as RawEntry;
  return { ...found, asked, made, entry };
}

it('a model is a ref to its module, with the version of its package for its code', async () => {
  const { find, entry, made } = finder(plugin());
  expect(await find('Echo', entry())).toEqual({
    modelClass: Made,
    ref: { module: 'python:mine.models', export: 'Echo', name: 'Echo', code: 'my-plugin@1.2' },
  });
  const service = {
    ...{ parsesText: true, parsesStream: false, extraOptions: ['flavour'] },
    ...{ scoresPrompts: true, fixesLength: true, chunksAreTokens: false },
  };
  expect((await find('Mine', entry()))!.ref).toMatchObject({ service });
  expect(made).toEqual([
    { file: 'mine.models', name: 'Echo', folder: '/user' },
    { file: 'mine.models', name: 'Mine', folder: '/user', service },
  ]);
});

it('only models are found, and each interpreter is started once', async () => {
  const { find, names, entry, asked } = finder(plugin());
  expect(await find('Rows', entry('p'))).toBeUndefined();
  expect(await names(entry('p'))).toEqual(['Echo', 'Mine']);
  expect(await find('Echo', entry())).toBeDefined();
  expect(asked).toEqual(['p', undefined]);
});

it('two packages with one name are refused with both', async () => {
  const { find, entry } = finder(
    plugin(),
    plugin({ name: 'other', module: 'other', package: null, version: null }),
  );
  await expect(find('Echo', entry())).rejects.toMatchObject({
    code: 'PLUGIN-NAME-001',
    where: 'mine.models (my-plugin@1.2), and mine.models (other)',
  });
});

it('a package that cannot be imported says why, and where there is no Python there is no plugin', async () => {
  const { places, find, names, entry } = finder(plugin({ classes: [], error: 'ImportError: no torch' }));
  expect(await places(entry())).toEqual([
    'the Python plugin mine (my-plugin@1.2, which cannot be imported: ImportError: no torch)',
  ]);
  expect([await find('Echo', entry('none')), await names(entry('none'))]).toEqual([undefined, []]);
});
