import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

function entry(values: Record<string, unknown>): RawEntry {
  return { values, label: 'models.0', overridden: {}, where: (keys) => `mine.yaml:${keys.join('.')}` };
}

const noPython = async () => {
  throw new Error('nobody asked for Python');
};

/** Finds the class of a type from the folder. */
function finder() {
  const context = { base: folder, shipped: join(folder, 'nothing-ships'), entry: entryPoint };
  const catalog = { models: shipped, own: ownClasses(folder, context, noPython) };
  return async (type: unknown) => (await classOf(entry({ type }), catalog as never, folder)).modelClass;
}

const find = (type: unknown) => finder()(type);

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
      message: 'models.0.type: there is no model class "MyCustomApis"',
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
