/** Programs at random, evaluated by us and by CPython: the same text of the result, or an error on both sides. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateWithPython, hasPython, readText } from '../../test/support/python-values.ts';
import { AisBenchError } from '../contract/errors.ts';

const INTS = ['0', '1', '2', '-1', '7', '-9', '10', '100', '0x1F', '1_000', '(2 ** 53)', '-(10 ** 20)'];
const FLOATS = [
  '0.0',
  '-0.0',
  '0.5',
  '1.',
  '2.5',
  '-3.25',
  '0.1',
  '1e16',
  '1e-5',
  '1.5e300',
  '123456.789',
  '.125',
];
const TEXTS = [
  "''",
  "'a'",
  "'ab,c'",
  "'Hello World'",
  "'é'",
  "'😀x'",
  '"it\'s"',
  "'a\\nb'",
  "r'\\d'",
  "'  12 '",
  "'%s'",
  "'{}'",
  "'-42'",
];
const CONSTANTS = ['True', 'False', 'None', 'x', 'y', 's', 'd', 't', 'items'];
const METHODS = [
  'upper()',
  'title()',
  'strip()',
  'split()',
  "split(',')",
  'split(None, 1)',
  'rsplit(None, 1)',
  "replace('a', 'bb')",
  "replace('', '-')",
  'capitalize()',
  "find('b')",
  "count('')",
  'zfill(5)',
  'center(8)',
  "ljust(6, '.')",
  'isdigit()',
  'isalpha()',
  'istitle()',
  'splitlines()',
  "partition(',')",
  "rpartition('l')",
  'swapcase()',
  'index(1)',
  'copy()',
  'get(1)',
  'keys()',
];
const SPECS = [
  '',
  '5',
  '>8',
  '<8',
  '^9',
  '*^9',
  '08',
  '+',
  ' ',
  ',',
  '_',
  '.2f',
  '.0f',
  '10.3e',
  'g',
  '.3g',
  '%',
  'x',
  '#x',
  'b',
  'd',
  '05d',
  '.3',
  ',.1f',
  '=+8',
  's',
  '.1',
  '020,.2f',
  'X',
  'c',
  'G',
  '#.0f',
];
const CALLS = [
  'len',
  'str',
  'repr',
  'int',
  'float',
  'bool',
  'list',
  'tuple',
  'sorted',
  'abs',
  'sum',
  'min',
  'max',
  'any',
  'all',
  'round',
  'dict',
  'ascii',
  'hex',
];

const { expression } = fc.letrec<{ expression: string; pair: [string, string] }>((tie) => {
  const inner = tie('expression');
  const two = fc.tuple(inner, inner);
  const atom = fc.constantFrom(...INTS, ...FLOATS, ...TEXTS, ...CONSTANTS);
  const operator = fc.constantFrom('+', '-', '*', '/', '//', '%', '|', '&', '^');
  const comparison = fc.constantFrom('==', '!=', '<', '<=', '>', '>=', 'in', 'not in');
  const many = fc.array(inner, { maxLength: 3 });
  const bound = fc.constantFrom('', '0', '1', '2', '-1', '-2', '5', '-9');
  return {
    pair: two,
    expression: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'expression', withCrossShrink: true },
      atom,
      atom,
      // Without parentheses, so that precedence is at work.
      fc.tuple(inner, operator, inner).map(([a, op, b]) => `${a} ${op} ${b}`),
      fc.tuple(inner, operator, inner).map(([a, op, b]) => `(${a}) ${op} (${b})`),
      fc
        .tuple(inner, comparison, inner, comparison, inner)
        .map(([a, p, b, q, c]) => `${a} ${p} ${b} ${q} ${c}`),
      fc.tuple(inner, fc.constantFrom('and', 'or'), inner).map(([a, op, b]) => `${a} ${op} ${b}`),
      inner.map((a) => `not ${a}`),
      fc.tuple(fc.constantFrom('-', '+', '~'), inner).map(([sign, a]) => `${sign}${a}`),
      fc.tuple(inner, fc.constantFrom('0', '2', '3', '-1', '0.5')).map(([a, power]) => `(${a}) ** ${power}`),
      fc
        .tuple(inner, fc.constantFrom('<<', '>>'), fc.constantFrom('0', '3', '17'))
        .map(([a, op, n]) => `(${a}) ${op} ${n}`),
      fc.tuple(inner, inner, inner).map(([a, b, c]) => `(${a} if ${b} else ${c})`),
      many.map((items) => `[${items.join(', ')}]`),
      many.map((items) => `(${items.map((item) => `${item},`).join(' ')})`),
      many.map((items) => `sorted({${['1', ...items].join(', ')}}, key=repr)`),
      fc.array(two, { maxLength: 3 }).map((pairs) => `{${pairs.map(([k, v]) => `${k}: ${v}`).join(', ')}}`),
      fc.tuple(inner, inner).map(([a, b]) => `(${a})[${b}]`),
      fc
        .tuple(inner, bound, bound, fc.constantFrom('', ':', ':2', ':-1', ':-2'))
        .map(([a, from, to, step]) => `(${a})[${from}:${to}${step}]`),
      fc.tuple(inner, fc.constantFrom(...METHODS)).map(([a, method]) => `(${a}).${method}`),
      fc.tuple(fc.constantFrom(...CALLS), inner).map(([name, a]) => `${name}(${a})`),
      fc.tuple(inner, fc.constantFrom(...SPECS)).map(([a, spec]) => `format(${a}, '${spec}')`),
      fc
        .tuple(
          fc.constantFrom('x', 'y', 's', 't', 'd["k"]', 'x + 1'),
          fc.constantFrom('', '!r', '!s', '='),
          fc.constantFrom('', ...SPECS.filter((spec) => !spec.startsWith('=')).map((spec) => `:${spec}`)),
        )
        .map(([a, conversion, spec]) => `f'<{${a.replaceAll("'", '"')}${conversion}${spec}}>'`),
      fc
        .tuple(
          fc.constantFrom('%d', '%5.1f', '%-6s|', '%r', '%05d', '%x', '%e', '%+g', '%%%s', '%.3s', '%c'),
          inner,
        )
        .map(([spec, a]) => `'${spec}' % (${a})`),
      fc
        .tuple(fc.constantFrom('{}', '{:>5}', '{0!r}', '{:,}', '{0[0]}', '{:{w}}'), inner)
        .map(([template, a]) => `'${template}'.format(${a}, w=4)`),
      fc.tuple(inner, inner, inner).map(([a, b, c]) => `[(v, ${a}) for v in (${b}) if ${c}]`),
      fc.tuple(inner, inner).map(([a, b]) => `{str(k): ${a} for k in (${b})}`),
      fc.tuple(inner, inner).map(([a, b]) => `(lambda v, w=${b}, *r: [w, v, r, ${a}])(1)`),
      fc.tuple(inner, inner).map(([a, b]) => `list(zip(${a}, ${b}))`),
      fc.tuple(inner, fc.constantFrom('0', '1', '2', '-1')).map(([a, n]) => `round(${a}, ${n})`),
      many.map((items) => `[*${items.length === 0 ? '()' : `(${items.join(', ')},)`}, 1]`),
    ),
  };
});

const PRELUDE = `x, y, s = 3, 2.5, 'text'
d = {'k': 1, 1: 'one', 2: [3]}
t = (1, 'b', None)
items = [5, 3, 8, 1]
`;

/** Mostly something that works, so that whole programs come to their end. */
const value = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      'x',
      'x + 1',
      '[1, 2, 3]',
      "'abc'",
      '{1: 2}',
      'items',
      't',
      'x > 2',
      'not x',
      '[(1, 2), 3]',
      'items[:2]',
      '2',
      "f'{x}'",
      'len(items)',
      '[v for v in t]',
      "d['k']",
      '(x, y)',
      'sum(items)',
    ),
  },
  { weight: 1, arbitrary: expression },
);

const statement = fc.oneof(
  value.map((a) => `out.append(${a})`),
  fc
    .tuple(value, value)
    .map(
      ([a, b]) =>
        `for v in ${a}:\n    if ${b}:\n        continue\n    out.append(v)\nelse:\n    out.append('end')`,
    ),
  fc.tuple(fc.constantFrom('+', '-', '*', '//', '%', '|', '&'), value).map(([op, a]) => `x ${op}= ${a}`),
  fc.tuple(value, value).map(([a, b]) => `items[${a}] = ${b}`),
  fc.tuple(value, value).map(([a, b]) => `d[${a}] = ${b}`),
  value.map((a) => `p, *q = ${a}\nout.append((p, q))`),
  value.map((a) => `(p, q), r = ${a}\nout.append((p, q, r))`),
  fc
    .tuple(value, value, value)
    .map(([a, b, c]) => `if ${a}:\n    out.append(${b})\nelif ${c}:\n    out.append(2)\nelse:\n    x = 4`),
  fc
    .tuple(value, value)
    .map(
      ([a, b]) =>
        `def f(v, w=${a}, *, z=1, **more):\n    if v:\n        return ${b}\n    x = w\n    return [x, z, more]\nout.append([f(0), f(1, 2), f(0, z=5, k=6)])`,
    ),
  fc
    .tuple(value, value)
    .map(
      ([a, b]) =>
        `try:\n    out.append(${a})\nexcept Exception:\n    out.append('caught')\nelse:\n    out.append(${b})`,
    ),
  fc
    .tuple(
      value,
      fc.constantFrom(
        'IndexError',
        'KeyError',
        'LookupError',
        '(NameError, ZeroDivisionError)',
        'ValueError',
        'TypeError',
      ),
      fc.constantFrom(
        'items[9]',
        'd["none"]',
        'nothing',
        '1 // 0',
        'int("x")',
        'raise ValueError(s)',
        '[] + 1',
        'pass',
      ),
    )
    .map(
      ([a, type, action]) =>
        `for v in items[:2]:\n    try:\n        ${action}\n        continue\n    except ${type} as e:\n        out.append(isinstance(e, LookupError))\n        break\n    finally:\n        out.append(${a})`,
    ),
  fc
    .tuple(value, value)
    .map(
      ([a, b]) =>
        `def g(v):\n    try:\n        if v: raise KeyError(v)\n        return ${a}\n    except KeyError as e:\n        return [str(e), repr(e), ${b}]\n    finally:\n        x = 9\nout.append([g(0), g('k')])`,
    ),
  fc.constantFrom(
    'del items[0]',
    'del d["k"]',
    'items.sort()',
    'items += [1]',
    'x = y = []',
    'while x > 0:\n    x -= 1\n    if x == 1: break',
    'items[1:2] = "ab"',
    'del items[::2]',
    'd.update(k=2)',
    'out.extend(t)',
  ),
);

const expressions = expression.map((text) => `${PRELUDE}result = repr(${text})\n`);
const programs = fc
  .array(statement, { minLength: 1, maxLength: 6 })
  .map(
    (lines) =>
      `${PRELUDE}out = []\n${lines.join('\n')}\nresult = repr([out, x, items, d])\ndel d, out, x, items\n`,
  );

async function ours(source: string): Promise<{ result?: unknown; error?: string }> {
  try {
    return { result: (await readText(source)).values['result'] };
  } catch (error) {
    if (!(error instanceof AisBenchError)) throw new Error(`a crash in:\n${source}`, { cause: error });
    return { error: `${error.message} at ${error.where}` };
  }
}

/** What we refuse on purpose and Python does: complex numbers, whole numbers of more than 4096 bits, values that hold themselves, … */
const ON_PURPOSE =
  /complex number|more than 4096 bits|smaller number|is not read|has no text|is no field|nests deeper|is what this raises is not known|has no attribute/;

describe.skipIf(!hasPython)('programs at random', () => {
  it.each([
    ['expressions', expressions, 1500],
    ['statements', programs, 500],
  ] as const)('%s: the same as CPython', async (_kind, arbitrary, count) => {
    const seed = Date.now() % 2 ** 31;
    const sources = fc.sample(arbitrary, { numRuns: count, seed });
    const theirs = evaluateWithPython(sources.map((source) => ({ source })));
    const different: unknown[] = [];
    let equal = 0;
    for (const [index, source] of sources.entries()) {
      const own = await ours(source);
      if (own.error !== undefined && ON_PURPOSE.test(own.error)) continue;
      const expected = theirs[index]!.values?.dict.find(([key]) => key === 'result')?.[1];
      if (own.result === expected) equal += own.result === undefined ? 0 : 1;
      else different.push({ seed, source, own, expected, error: theirs[index]!.error });
    }
    expect(different.slice(0, 5)).toEqual([]);
    // Programs that fail on both sides prove little.
    expect(equal).toBeGreaterThan(count / 10);
  });
});
