import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownClasses } from './own-classes.ts';
import { classOf, requireAttr } from './resolve-class.ts';
import type { RawEntry } from './validate.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ais-bench-own-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const entryPoint = fileURLToPath(new URL('../index.ts', import.meta.url));
const shipped = { Shipped: async () => class Shipped {} as any };

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

function entry(values: Record<string, unknown>, config?: string): RawEntry {
  const file = config === undefined ? {} : { file: join(folder, config) };
  return {
    ...{ values, label: 'models.0', overridden: {}, where: (keys) => `mine.yaml:${keys.join('.')}` },
    ...file,
  };
}

const noPython = async () => {
  throw new Error('nobody asked for Python');
};

/** Finds the class of a type from the folder. */
function finder() {
  const context = { base: folder, shipped: join(folder, 'nothing-ships'), entry: entryPoint };
  const catalog = {
    models: shipped,
    own: ownClasses({ folder, context, python: noPython, models: shipped }),
  };
  return async (type: unknown, config?: string) =>
    (await classOf(entry({ type }, config), catalog as never, folder)).modelClass;
}

const find = (type: unknown, config?: string) => finder()(type, config);

const model = (name: string, base = 'BaseAPIModel') =>
  `import { ${base} } from 'ais-bench';\nexport class ${name} extends ${base} { getUrl() { return ''; } }\n`;
const TRAP = 'throw new Error("nobody asked for this file");\n';

describe('a class of the folder ./models', () => {
  it('is found by its name, and no other file is loaded', async () => {
    write({
      'models/mine.ts': model('MyCustomAPI'),
      'models/deep/other.mjs': TRAP + model('Other'),
      'models/mine.test.ts': TRAP + model('MyCustomAPI'),
      'models/index.ts': TRAP,
    });
    expect((await find('MyCustomAPI')).name).toBe('MyCustomAPI');
  });

  it('is one class, however often it is named', async () => {
    write({ 'models/mine.ts': model('MyCustomAPI') });
    const findAgain = finder();
    const [one, other] = await Promise.all([findAgain('MyCustomAPI'), findAgain('MyCustomAPI')]);
    expect(other).toBe(one);
    expect(await findAgain('MyCustomAPI')).toBe(one);
  });

  it('is found below the folder, and behind an index that only passes it on', async () => {
    write({ 'models/deep/down.ts': model('Deep'), 'elsewhere/far.ts': model('Far') });
    write({ 'models/index.ts': "export * from '../elsewhere/far.ts';\n" });
    expect((await find('Deep')).name).toBe('Deep');
    expect((await find('Far')).name).toBe('Far');
  });

  it('is found where its name is only mentioned before', async () => {
    write({
      'models/a.ts': '// Like MyCustomAPI, but not.\nexport const MyCustomAPIs = 1;\n',
      'models/b.ts': model('MyCustomAPI'),
    });
    expect((await find('MyCustomAPI')).name).toBe('MyCustomAPI');
  });

  it('does not stand before a shipped one', async () => {
    write({ 'models/mine.ts': TRAP + model('Shipped') });
    expect((await find('Shipped')).name).toBe('Shipped');
  });

  it('that is not there is answered with the nearest name, without loading anything', async () => {
    write({ 'models/mine.ts': TRAP + model('MyCustomAPI') });
    await expect(find('MyCustomApis')).rejects.toMatchObject({
      code: 'UTILS-CFG-003',
      message:
        'models.0.type: there is no model class "MyCustomApis" among the shipped ones, in ./models, ./ais_bench/benchmark/models/local_models, ./ais_bench/benchmark/models/api_models',
      where: 'mine.yaml:type',
      cure: 'did you mean "MyCustomAPI"?',
    });
    await expect(find('Zebra')).rejects.toMatchObject({ cure: 'use one of: Shipped, MyCustomAPI' });
  });

  it('whose file breaks is told with the file and the line', async () => {
    write({ 'models/mine.ts': `${model('MyCustomAPI')}${TRAP}` });
    await expect(find('MyCustomAPI')).rejects.toMatchObject({
      code: 'TMAN-CFG-001',
      where: `${join(folder, 'models/mine.ts')}:3`,
    });
  });

  it('may be missing, folder and all', async () => {
    await expect(find('MyCustomAPI')).rejects.toMatchObject({ code: 'UTILS-CFG-003' });
    await expect(find(undefined)).rejects.toMatchObject({
      message: 'models.0.type: no model class is given',
    });
  });
});

describe('places of a class', () => {
  /** A class that says where it lies. */
  const at = (place: string) =>
    `${model('Mine')}Mine.prototype.place = '${place}';\nexport const TYPE = 'Mine';\n`;
  const placeOf = async (config?: string) =>
    ((await find('Mine', config)).prototype as { place?: string }).place;
  const PLACES = [
    'conf/mine.ts',
    'conf/models/mine.ts',
    'models/mine.ts',
    'ais_bench/benchmark/models/local_models/mine.ts',
    'ais_bench/benchmark/models/api_models/mine.ts',
  ];

  it.each(PLACES.map((place, n) => [place, PLACES.slice(n)]))(
    '%s comes before those below it',
    async (first, below) => {
      write(Object.fromEntries(below.map((place) => [place, at(place)])));
      expect(await placeOf('conf/run.yaml')).toBe(first);
    },
  );

  it('a config’s own folder is not searched below, its folder `models` is', async () => {
    write({ 'conf/deep/mine.ts': TRAP + at('no'), 'conf/models/deep/mine.ts': at('yes') });
    expect(await placeOf('conf/run.yaml')).toBe('yes');
  });

  it('a config that only names the class is not loaded for it', async () => {
    write({
      'conf/other.ts': `${TRAP}export const models = [{ type: 'Mine' }];\n`,
      'conf/z.ts': at('z'),
    });
    expect(await placeOf('conf/run.yaml')).toBe('z');
  });

  it('the error names them all', async () => {
    await expect(find('Mine', 'conf/run.yaml')).rejects.toMatchObject({
      message:
        'models.0.type: there is no model class "Mine" among the shipped ones, in ./conf, ./conf/models, ./models, ./ais_bench/benchmark/models/local_models, ./ais_bench/benchmark/models/api_models',
    });
  });

  it('a file that cannot be read is passed over', async () => {
    write({ 'conf/mine.ts': at('conf/mine.ts') });
    symlinkSync(join(folder, 'nowhere'), join(folder, 'conf/a.ts'));
    expect(await placeOf('conf/run.yaml')).toBe('conf/mine.ts');
  });
});

it('names of the user’s own are not those in AISBench’s folders', () => {
  write({ 'models/mine.ts': model('Mine'), 'models/mine.py': 'class Other(BaseModel): ...\n' });
  write({ 'ais_bench/benchmark/models/api_models/theirs.py': 'class Theirs(BaseAPIModel): ...\n' });
  const context = { base: folder, shipped: join(folder, 'nothing-ships'), entry: entryPoint };
  const own = ownClasses({ folder, context, python: noPython, models: shipped });
  expect(own.names(entry({}))).toEqual(['Mine', 'Other', 'Theirs']);
  expect(own.ownNames(entry({}))).toEqual(['Mine', 'Other']);
});

describe('a class by the path of its file', () => {
  it.each(['./mine.ts:Mine', 'mine.ts:Mine'])(
    '%s: beside the config, then in the user’s folder',
    async (type) => {
      write({ 'mine.ts': model('Mine') });
      expect((await find(type, 'conf/run.yaml')).name).toBe('Mine');
      write({ 'conf/mine.ts': `${model('Other')}export { Other as Mine };\n` });
      expect((await find(type, 'conf/run.yaml')).name).toBe('Other');
    },
  );

  it('that is not there', async () => {
    write({ 'mine.ts': model('Mine') });
    await expect(find('./mine.ts:Mime', 'conf/run.yaml')).rejects.toMatchObject({
      message: 'models.0.type: "./mine.ts" has no class "Mime"',
      cure: 'did you mean "./mine.ts:Mine"?',
    });
    await expect(find('./none.ts:Mine', 'conf/run.yaml')).rejects.toMatchObject({
      message: 'models.0.type: there is no file "./none.ts"',
      cure: 'paths are relative to the folder of the config or to the one that the command runs in: ./conf/none.ts, ./none.ts',
    });
  });
});

describe('a class of a package', () => {
  const pack = (name: string, code: string) => ({
    [`node_modules/${name}/package.json`]: JSON.stringify({
      name,
      type: 'module',
      exports: { '.': './index.js', './sub': './index.js' },
    }),
    [`node_modules/${name}/index.js`]: code,
  });

  it.each(['backends', '@team/backends', 'backends/sub'])('%s/TheirAPI', async (name) => {
    write(pack(name.replace('/sub', ''), model('TheirAPI')));
    expect((await find(`${name}/TheirAPI`)).name).toBe('TheirAPI');
  });

  it('that is not installed', async () => {
    await expect(find('backends/TheirAPI')).rejects.toMatchObject({
      code: 'UTILS-CFG-003',
      message: expect.stringMatching(/^models\.0\.type: there is no package "backends" here: /),
      where: 'mine.yaml:type',
      cure: 'install it: npm install backends',
    });
  });

  it('that does not load', async () => {
    write(pack('backends', TRAP));
    await expect(find('backends/TheirAPI')).rejects.toMatchObject({
      message: expect.stringContaining('package "backends" cannot be loaded: nobody asked for this file'),
    });
  });

  it('that has no such class', async () => {
    write(pack('backends', `${model('TheirAPI')}export const TheirURL = 1;\n`));
    await expect(find('backends/TheirApi')).rejects.toMatchObject({
      message: 'models.0.type: package "backends" exports no model class "TheirApi"',
      cure: 'did you mean "backends/TheirAPI"?',
    });
    await expect(find('backends/TheirURL')).rejects.toMatchObject({ code: 'UTILS-CFG-003' });
  });
});

describe('attr', () => {
  const [Service, Local] = [
    class S {
      getUrl() {}
      getRequestBody() {}
    },
    class L {
      generate() {}
    },
  ] as any[];

  it.each([
    ['local', Service, 'attr is "local", but S is a service model', 'write attr: "service"'],
    ['service', Local, 'attr is "service", but L is a local model', 'write attr: "local"'],
    [undefined, Local, 'attr is missing, but L is a local model', 'write attr: "local"'],
    ['servce', class N {}, 'attr is "servce"', expect.stringContaining('attr: "local"')],
  ])('%j for its class: refused', (attr, type, message, cure) => {
    expect(() => requireAttr(entry({ attr }), type)).toThrow(
      expect.objectContaining({ message: `models.0: ${message}`, cure, where: 'mine.yaml:attr' }),
    );
  });

  it.each([
    ['service', Service],
    ['local', Local],
    ['service', class N {}],
  ])('%j for its class: taken', (attr, type) => {
    expect(() => requireAttr(entry({ attr }), type as any)).not.toThrow();
  });
});
