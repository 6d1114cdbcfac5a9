import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { evaluateWithPython, hasPython, plainValues, readText } from '../../test/support/python-values.ts';
import { realFile } from '../config/find.ts';
import { loadConfig } from '../config/load.ts';
import { AisBenchError } from '../contract/errors.ts';
import { LIMITS } from './machine.ts';

const SYNTAX = fileURLToPath(new URL('../../test/python-configs/syntax.py', import.meta.url));

const read = async (text: string) => (await readText(text)).values;

async function refusal(text: string): Promise<AisBenchError> {
  const outcome = await readText(text).catch((error: unknown) => error);
  if (outcome instanceof AisBenchError) return outcome;
  throw new Error(`not refused but ${outcome instanceof Error ? outcome.stack : JSON.stringify(outcome)}`);
}

function folder(files: Readonly<Record<string, string>>): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'ais-bench-python-config-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

describe('a config in Python', () => {
  it.skipIf(!hasPython)('of every class of syntax is what CPython makes of it', async () => {
    const [theirs] = evaluateWithPython([{ path: SYNTAX }]);
    expect(theirs?.error).toBeUndefined();
    const files = { folders: [], realPath: realFile, readOther: async () => ({}) };
    const { readPython } = await import('./read.ts');
    const { readFileSync } = await import('node:fs');
    const readText = (path: string) => readFileSync(path, 'utf8');
    const ours = await readPython(SYNTAX, { ...files, readText }, (path) => path.join('.'));
    expect(ours.values).toEqual(plainValues(theirs?.values));
    expect(Object.keys(ours.values).length).toBeGreaterThan(100);
  });

  it('gives plain data: tuples and sets as lists, None as null, classes by their names', async () => {
    const values = await read(
      'from a.b import C as D, f\nx = dict(t=(1, 2), s={2, 1}, n=None, type=D, p=f, nan=float("nan"), inf=1e400)\nimport os',
    );
    expect(values).toEqual({
      x: {
        t: [1, 2],
        s: [2, 1],
        n: null,
        type: 'a.b.C',
        p: 'a.b.f',
        nan: Number.NaN,
        inf: Number.POSITIVE_INFINITY,
      },
    });
  });

  it('takes the class of a dotted text under `type`, as AISBench dumps it', async () => {
    const text = "x = dict(type='ais_bench.benchmark.models.VLLMCustomAPI', other='ais_bench.a.b')";
    expect((await read(text))['x']).toEqual({
      type: 'ais_bench.benchmark.models.VLLMCustomAPI',
      other: 'ais_bench.a.b',
    });
    const root = folder({ 'c.py': text });
    const { values } = await loadConfig(join(root, 'c.py'), { base: root, shipped: root, entry: '' });
    expect(values['x']).toEqual({ type: 'VLLMCustomAPI', other: 'ais_bench.a.b' });
  });

  it('keeps __proto__ as a key', async () => {
    const { x } = await read(
      'x = {"__proto__": {"polluted": 1}, "constructor": 2, "a": 3}\nx["toString"] = 4',
    );
    expect(Object.keys(x as object)).toEqual(['__proto__', 'constructor', 'a', 'toString']);
    expect(Object.getPrototypeOf(x)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect((await read('__proto__ = 1\ny = [__proto__]'))['y']).toEqual([1]);
  });

  it('says where each key was given', async () => {
    const { where } = await readText(
      'base = dict(\n  retry=1,\n)\nmodels = [\n  dict(\n    base,\n    abbr="a",\n    kwargs=dict(\n      t=1)),\n]\nmodels[0]["late"] = 5\nfor m in models:\n  m.update(x=1)\n',
    );
    const line = (...keys: (string | number)[]) => Number(where(keys).split(':').at(-1));
    expect(line('models')).toBe(4);
    expect(line('models', 0)).toBe(5);
    expect(line('models', 0, 'abbr')).toBe(7);
    expect(line('models', 0, 'retry')).toBe(2);
    expect(line('models', 0, 'kwargs', 't')).toBe(9);
    expect(line('models', 0, 'late')).toBe(11);
    expect(line('models', 0, 'x')).toBe(13);
    expect(line('models', 0, 'nowhere')).toBe(5);
    expect(where(['nothing'])).toBe('/configs/config.py');
  });
});

describe('an error in a config in Python', () => {
  it.each([
    ['x = 1\ny = (1,\nz = 2\n', /invalid syntax|:2:/, undefined],
    ['x = 1 2', /invalid syntax at "2"/, '1:7'],
    ['x = "abc', /not closed/, '1:5'],
    ['x = 1\n  y = 2', /unexpected indent/, '2:3'],
    ['x = y', /name 'y' is not defined/, '1:5'],
    ['lenght = 3\nx = lenght + lenghth', /did you mean 'lenght'/, '2:14'],
    ['d = {}\n\nx = d["a"]', /KeyError: 'a'/, '3:6'],
    ['x = [1][3]', /index out of range/, '1:8'],
    ['x = 1 / 0', /division by zero/, '1:7'],
    ["x = 'é' + 1", /unsupported operand/, '1:9'],
    ['def f(a):\n  return a + b\nx = f(1)', /name 'b' is not defined/, '2:14'],
    ['x = [n for n in 5]', /not iterable/, undefined],
    ['assert False, "models first"', /AssertionError: models first/, '1:1'],
    ['def f():\n  v = v + 1\nf()', /used before it has a value/, '2:7'],
    ['y = dict(\n  z=2 ** 60)', /beyond 2\^53/, '2:3'],
    ['if 1:\n  x = 1\n    y = 2', /unexpected indent/, '3:5'],
    ['x = b"a"', /bytes is no data/, '1:1'],
    ['x = {(1, 2): 3}', /a tuple is no key/, undefined],
    ['a = []\na.append(a)', /holds itself/, '1:1'],
    ['from .missing import x', /there is no config "\.missing"/, '1:1'],
    ['from a.b import *', /no config/, '1:1'],
    ['return 1', /outside of a loop or function/, undefined],
  ])('%j', async (text, message, place) => {
    const error = await refusal(text);
    expect(error.code).toBe('TMAN-CFG-001');
    expect(error.message).toMatch(message);
    expect(error.where).toMatch(/^\/configs\/config\.py:\d+:\d+$/);
    if (place !== undefined) expect(error.where).toBe(`/configs/config.py:${place}`);
    expect(error.cure).not.toBe('');
  });
});

describe('a hostile config is refused', () => {
  it.each([
    'while True: pass',
    'while 1:\n  x = 1',
    'for i in range(10**15): pass',
    'def f(): return f()\nf()',
    'def f(n):\n  if n: return 1 + f(n + 1)\nx = f(1)',
    'f = lambda: f()\nf()',
    'x = [0] * 10**10',
    'x = "a" * 10**10',
    'x = b"a" * 10**12\ny = 1',
    'x = 10**10**10',
    'x = 1 << 10**9',
    'x = 2\nwhile True: x = x * x',
    'x = "ab"\nwhile True: x += x',
    'x = [1]\nwhile True: x += x',
    'x = {}\ni = 0\nwhile True:\n  x[i] = i\n  i += 1',
    'x = list(range(10**9))',
    'x = sorted(range(10**9))',
    'x = sum(range(10**12))',
    'x = [i for i in range(10**4) for j in range(10**4)]',
    'x = 5 in (i for i in [1] for j in range(10**12))',
    'x = "{:>1000000000}".format(1)',
    'x = f"{1:1000000000}"',
    'x = "%1000000000d" % 1',
    'x = "a".ljust(10**9)',
    'x = "a".replace("a", "b" * 10**6).replace("b", "c" * 10**6)',
    'x = ",".join(["a" * 10**6] * 10**6)',
    'x = "a" * 10**6\ny = [x.upper() for i in range(10**6)]',
    'x = []\nfor i in range(10**6): x = [x]',
    `x = ${'('.repeat(20_000)}1${')'.repeat(20_000)}`,
    `x = ${'['.repeat(5000)}${']'.repeat(5000)}`,
    `x = ${'-'.repeat(20_000)}1`,
    `x = ${'not '.repeat(5000)}1`,
    `x = ${'1 + '.repeat(20_000)}1`,
    `x = ${'1 ** '.repeat(5000)}1`,
    `x = 1${' if 1 else 1'.repeat(3000)}`,
    `x = ${'lambda: '.repeat(5000)}1`,
    `${Array.from({ length: 600 }, (_, depth) => `${' '.repeat(depth)}if 1:\n`).join('')}${' '.repeat(600)}pass`,
    `x = ${'f(1)'.repeat(1)}${'(1)'.repeat(5000)}`,
    `x = a${'[0]'.repeat(5000)}`,
    `x = ${'9'.repeat(100_000)}`,
    'a = []\na.append(a)\nx = a == a + [a]\ny = str(a)',
    'a = []\na.append(a)\nb = []\nb.append(b)\nx = a == b',
    'from copy import deepcopy\nx = []\nfor i in range(1000): x = [x]\ny = deepcopy(x)',
    'x = int("9" * 10**5)',
    'x = round(1.5, 10**6)',
    'x = f"{1.5:.1000000f}"',
    'x = [[0] * 1000] * 10**6\ny = str(x)',
    'x = [0]\nfor i in range(60): x = [x, x]',
    'x = [0]\nfor i in range(60): x = [x, x]\ny = str(x)',
    'x = [0]\ny = [0]\nfor i in range(60):\n  x = [x, x]\n  y = [y, y]\nz = x == y',
    't = (0,)\nfor i in range(60): t = (t, t)\nx = {t: 1}',
    't = (0,)\nfor i in range(60): t = (t, t)\nx = t in {1}',
    't = frozenset([0])\nfor i in range(60): t = frozenset([t, (t,)])\nx = {t}',
    'from copy import deepcopy\nt = (0,)\nfor i in range(60): t = (t, t)\nx = deepcopy(t)',
    'x = {i for i in range(10**8)}',
    'x = dict(zip(range(10**8), range(10**8)))',
    'x = max(range(10**10))',
    'from itertools import product\nx = list(product(range(10**4), range(10**4)))',
    '__import__("os").system("true")',
    'open("/etc/passwd")',
    'x = eval("1")',
    'exec("x = 1")',
    'compile("1", "", "eval")',
    'x = ().__class__.__bases__',
    'x = "".__class__',
    'x = (lambda: 0).__globals__',
    'x = dict.__subclasses__()',
    'x = "{0.__class__}".format(1)',
    'x = "{0[__class__]}".format([])',
    'x = getattr([], "append")',
    'x = [].constructor',
    'x = {}.hasOwnProperty',
    'x = (1).toString()',
    'x = {}["__proto__"]',
    'x = [].__proto__',
    'import os\nos.system("true")',
    'import os\nx = os.environ["HOME"]',
    'import os\nx = os.environ.get("HOME", "")',
    'from os import environ',
    'from os import getenv\nx = getenv("HOME")',
    'import os\nx = os.path.expanduser("~")',
    'import os\nx = os.path.exists("/etc/passwd")',
    'import subprocess\nsubprocess.run(["true"])',
    'from pathlib import Path\nx = Path("/etc/passwd").read_text()',
    'from a import B\nx = B()',
    'class A: pass',
    '@f\ndef g(): pass',
    'try:\n  x = y\nexcept E:\n  pass',
    'try:\n  import os\n  os.system("true")\nexcept:\n  pass',
    'try:\n  exec("x = 1")\nexcept Exception:\n  pass\nfinally:\n  y = 1',
    'while True:\n  try:\n    x = 1 / 0\n  except ZeroDivisionError:\n    pass',
    'def f():\n  try:\n    f()\n  except Exception:\n    f()\nf()',
    'def f():\n  with open("x") as g:\n    pass\nf()',
    'def f():\n  class A: pass\nf()',
    'x = int | None\ny = [x]',
    'x = type("A", (), {})',
    'x = type(1)',
    'x = object()',
    'x = [type]',
    'x = [ValueError("a")]',
    'raise ValueError("x")',
    'async def f(): pass',
    'x = [await y for y in z]',
    'def f():\n  yield 1',
    'with open("x") as f: pass',
    'match 1:\n  case 1: pass',
    'x = 1j',
    'x = ...',
    'print "x"',
    'import os\nos.name = "x"',
    'len = 3\nx = len([1])',
    '\0',
    '\ud800 = 1',
    'x = "\\ud800".encode()["a"]',
  ])('%j', async (text) => {
    const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
    const error = await refusal(text);
    expect(error.code, shown).toBe('TMAN-CFG-001');
    expect(error.where).toMatch(/^\/configs\/config\.py:\d+:\d+$/);
  });

  it('by its length', async () => {
    expect((await refusal(`x = "${'a'.repeat(2 ** 20)}"`)).message).toContain(
      'longer than 1048576 characters',
    );
  });

  it('by a count of steps, not by a clock', async () => {
    const within = await read('n = 0\nfor i in range(100_000):\n  n += 1\n');
    expect(within['n']).toBe(100_000);
    expect((await refusal('n = 0\nfor i in range(1_000_000):\n  n += 1\n')).message).toContain(
      `${LIMITS.steps} steps`,
    );
  });
});

describe('imports between configs', () => {
  const roots = (root: string) => ({
    base: root,
    folders: [join(root, 'configs'), join(root, 'shipped')],
    shipped: join(root, 'shipped'),
    entry: '',
  });

  it('reach configs beside them, in the config folders and under AISBench’s name, in any form', async () => {
    const root = folder({
      'configs/models/a.py':
        'with read_base():\n  from ..datasets.b import b_datasets\n  from ais_bench.benchmark.configs.models.c import models as others\n  from .d import *\n  from .far.e import e\nmodels = [*others, dict(abbr="a", b=b_datasets, d=d, e=e)]\n',
      'configs/datasets/b.yaml': 'b_datasets: [{abbr: b, n: 1, f: 0.5}]\n',
      'shipped/models/c.json': '{"models": [{"abbr": "c"}]}',
      'shipped/models/far/e.py': 'from ..d import d\ne = d + 1\n',
      'configs/models/d.py': 'd = 1\n_hidden = 2\n',
      'shipped/models/d.py': 'd = 10\n',
    });
    const { values, where } = await loadConfig(join(root, 'configs/models/a.py'), roots(root));
    expect(values['models']).toEqual([
      { abbr: 'c' },
      { abbr: 'a', b: [{ abbr: 'b', n: 1, f: 0.5 }], d: 1, e: 11 },
    ]);
    expect(values).not.toHaveProperty('_hidden');
    expect(where(['models', 1, 'd'])).toBe(`${join(root, 'configs/models/a.py')}:6`);
  });

  it.each([
    ['../../outside', 'from ...outside import x'],
    ['a link', 'from .link import x'],
    ['a link that is a folder', 'from .folder.secret import x'],
  ])('read no file outside of the config folders: %s', async (_how, text) => {
    const root = folder({
      'configs/models/a.py': text,
      'outside.py': 'x = 1',
      'elsewhere/secret.py': 'x = 1',
    });
    symlinkSync(join(root, 'outside.py'), join(root, 'configs/models/link.py'));
    symlinkSync(join(root, 'elsewhere'), join(root, 'configs/models/folder'));
    const loading = loadConfig(join(root, 'configs/models/a.py'), roots(root));
    await expect(loading).rejects.toMatchObject({
      message: expect.stringContaining('lies outside of the config folders'),
      where: `${join(root, 'configs/models/a.py')}:1:1`,
    });
  });

  it.each([
    ['from .b import y', 'from .a import x', 'imports itself'],
    ['from .b import nothing', 'nothink = 1', "did you mean 'nothink'"],
    ['from .b import x', 'x = 1 / 0', 'division by zero'],
  ])('that fail say where: %s', async (a, b, message) => {
    const root = folder({ 'configs/a.py': a, 'configs/b.py': b });
    await expect(loadConfig(join(root, 'configs/a.py'), roots(root))).rejects.toMatchObject({
      code: 'TMAN-CFG-001',
      message: expect.stringContaining(message),
      where: expect.stringMatching(/configs\/[ab]\.py:\d+:\d+$/),
    });
  });

  it('keep classes and dataset objects of a TypeScript config as they are, and copy its data', async () => {
    const root = folder({
      'configs/a.py':
        'from .b import models, sets\nmodels[0]["n"] += 1\nloader = sets[0]["type"]\nmodels.append(dict(models[0], abbr="two"))\n',
      'configs/b.ts':
        'class Own {}\nexport const models = [{ abbr: "one", type: Own, n: 1 }];\nexport const sets = [{ type: { name: "S", load: async () => [] } }];\n',
    });
    const { values } = await loadConfig(join(root, 'configs/a.py'), roots(root));
    const [one, two] = values['models'] as { abbr: string; type: { name: string }; n: number }[];
    expect(one).toMatchObject({ abbr: 'one', n: 2 });
    expect(two).toMatchObject({ abbr: 'two', n: 2 });
    expect(typeof one!.type).toBe('function');
    expect(two!.type).toBe(one!.type);
    expect(values['loader']).toMatchObject({ name: 'S', load: expect.any(Function) });
  });

  it('that a branch leaves out may be missing', async () => {
    expect(await read('if False:\n  from .missing import x\ny = 1')).toEqual({ y: 1 });
  });
});

describe('any text', () => {
  const BITS =
    `( ) [ ] { } : , = \n \n__ " ' \\ f" {x} not lambda if else elif for in * ** . 1. 0x # @ -> := == < ! % def f():
    while x y 1 "a" _ \t é \0 ... ; await import from with read_base(): del return b'a' """ .format None`.split(
      ' ',
    );
  const text = fc
    .array(fc.constantFrom(...BITS), { maxLength: 12 })
    .map((bits) => bits.join(' ').replaceAll('_', ' '));

  it('is read or refused with its place, never a crash', async () => {
    const any = fc.oneof(text, fc.string({ unit: 'binary' }));
    await fc.assert(
      fc.asyncProperty(any, async (source) => {
        const outcome = await readText(source).catch((error: unknown) => error);
        if (!(outcome instanceof Error)) return;
        expect(outcome).toBeInstanceOf(AisBenchError);
        expect((outcome as AisBenchError).where).toMatch(/:\d+:\d+$/);
      }),
      { numRuns: 2000 },
    );
  });
});

it('tells the first error of a long text at once, and takes a number that ends with its point there too', async () => {
  const lines = 'x = [1.]  # 2.\n'.repeat(1000);
  expect(await read(lines)).toEqual({ x: [1] });
  expect((await refusal(`${lines}x = = 1\n`)).where).toMatch(/:1001(:\d+)?$/);
  expect((await refusal(`x = ${'\\boxed{'.repeat(10_000)}`)).code).toBe('TMAN-CFG-001');
});
