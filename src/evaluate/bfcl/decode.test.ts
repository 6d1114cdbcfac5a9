import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pyRepr } from '../../python-data/repr.ts';
import { PyDict, PyTuple, type PyValue, pyEqual } from '../../python-data/value.ts';
import { decodeJson, decodePython, decodeToolCalls, unparse } from './decode.ts';
import { parseExpression } from './parse.ts';

const shown = (text: string) => decodePython(text).map(({ name, args }) => `${name} ${pyRepr(args)}`);

describe('calls in a text', () => {
  it.each([
    ["f(a=1, b='x')", ["f {'a': 1, 'b': 'x'}"]],
    ['[f(), a.b.c(x=None)]', ['f {}', "a.b.c {'x': None}"]],
    ['\n`[f(a=[1, 2.0], b={"k": (1,)})]`\n', ["f {'a': [1, 2.0], 'b': {'k': (1,)}}"]],
    ['f(a=name, b=-3, c=+3, d=not True)', ["f {'a': 'name', 'b': -3, 'c': -3, 'd': -1}"]],
    ['f(a=2*3+1, b="x"*2, c=7//-2, d=2**-1, e=1/2)', ["f {'a': 7, 'b': 'xx', 'c': -4, 'd': 0.5, 'e': 0.5}"]],
    [
      'f(a=g(1,2), b=g(x=1), c=x[0], d=...)',
      ["f {'a': 'g(1, 2)', 'b': {'g': {'x': 1}}, 'c': 'x[0]', 'd': '...'}"],
    ],
    ['f(1, *rest, a=2, **more)', ["f {'a': 2, None: 'more'}"]],
    [
      "f(a='it''s', b=r'\\d', c='\\u00e9\\x41', d=\"\"\"1\n2\"\"\")",
      ["f {'a': 'its', 'b': '\\\\d', 'c': 'éA', 'd': '1\\n2'}"],
    ],
    ['f(a=0x1F, b=1_000, c=1e3, d=.5)', ["f {'a': 31, 'b': 1000, 'c': 1000.0, 'd': 0.5}"]],
    ['f(a=1,\n  b=2)  # done', ["f {'a': 1, 'b': 2}"]],
  ])('%s', (text, calls) => {
    expect(shown(text)).toEqual(calls);
  });

  it.each([
    '',
    'I would call f.',
    'f(a=1) and g(b=2)',
    '```python\n[f(a=1)]\n```',
    '[ f(a=1)]',
    'f(a=Color.RED)',
    'f(a=1 if x else 2)',
    "f(a=f'{x}')",
    'f(a=x > 1)',
    'f(a=1, 2)',
    'f(class=1)',
    'f(a=01)',
    "f(a='x)",
    'f(a=-x)',
    'f(a=--1)',
    'f(a={[]: 1})',
    'f(a=1/0)',
    'f(a=x+1)',
    'f(a=2**100000000)',
    '[f, g]',
    `f(a=${'('.repeat(300)}1${')'.repeat(300)})`,
  ])('%j is none', (text) => {
    expect(() => decodePython(text)).toThrow();
  });

  const value: fc.Arbitrary<PyValue> = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.string(),
      fc.bigInt({ min: 0n }),
      fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value') as fc.Arbitrary<PyValue>, { maxLength: 3 }),
      fc.array(tie('value') as fc.Arbitrary<PyValue>, { maxLength: 3 }).map((items) => new PyTuple(items)),
      fc
        .array(fc.tuple(fc.string(), tie('value') as fc.Arbitrary<PyValue>), { maxLength: 3 })
        .map((all) => new PyDict(all)),
    ),
  })).value as fc.Arbitrary<PyValue>;

  it('a value that Python shows is read as that value', () => {
    fc.assert(
      fc.property(value, (one) => {
        const [call] = decodePython(`[f(a=${pyRepr(one)})]`);
        expect(pyEqual((call!.args as PyDict).get('a')!, one)).toBe(true);
      }),
    );
  });
});

describe('calls in other forms', () => {
  it('tool calls are read by Python’s JSON', () => {
    const calls = decodeToolCalls([{ name: 'f', arguments: '{"a": 1.0, "b": 1}' }]);
    expect(pyRepr(calls[0]!.args)).toBe("{'a': 1.0, 'b': 1}");
    expect(() => decodeToolCalls([{ name: 'f', arguments: '' }])).toThrow(SyntaxError);
  });

  it('JSON of a text is a list of one name and its arguments each', () => {
    expect(decodeJson('nothing')).toEqual([]);
    expect(decodeJson('{"a": 1, "b": 2}')).toEqual([]);
    expect(decodeJson('[{"f": {"a": 1}}, {"g": "{}"}]').map(({ name }) => name)).toEqual(['f', 'g']);
  });
});

/** Expressions that differ in how they are written, and what `ast.unparse` makes of them. */
const EXPRESSIONS = [
  ...[
    'a+b*c',
    '(a+b)*c',
    'a-(b-c)',
    '-a**-b',
    '(-a)**b',
    'a**b**c',
    '(a**b)**c',
    'not a',
    'not(a and b)',
    '~-+a',
  ],
  ...[
    'a and b or c',
    'a and(b or c)',
    'a or b or c',
    'a<b<=c',
    'a<(b<c)',
    'a is not b',
    'a not in b',
    'not a in b',
  ],
  ...[
    'a if b else c',
    '(a if b else c)+1',
    'a if(b if c else d)else e',
    'lambda:0',
    'lambda x,*y:x',
    '(lambda:0)()',
  ],
  ...[
    'f(x for x in y if z if w)',
    'f((x for x in y), z)',
    '[x for x in y for z in x]',
    '{x:y for x,y in z}',
    '{*a,b}',
  ],
  ...[
    'a.b.c',
    '1 .real',
    '1.5.real',
    'a[1]',
    'a[1:2]',
    'a[::2]',
    'a[1:2,...]',
    'a[b,]',
    'a[()]',
    '(1).x',
    '(a,b)[0]',
  ],
  ...[
    '()',
    '(a,)',
    '(a,b)',
    '[a,]',
    '{}',
    '{a:b,**c}',
    'f(*a,b=c,**d)',
    "'a''b'",
    "u'a'",
    "b'a\\xff'",
    '1j',
    '2.50j',
  ],
  ...[
    '1e999',
    '0xff',
    '"\\x00\\u2028é"',
    'f(a:=1)',
    '(a:=1)',
    'a@b//c%d',
    'a|b^c&d<<e',
    'not not a',
    'None',
    '...',
  ],
  ...['f()()', '[[]]', '{1}', 'a[b][c](d).e', '-(1)', '(yes)', 'x if not y else z', 'é', 'ﬁ'],
];

const WRONG = [
  ...[
    'f(a=1,a',
    'f(,)',
    '(',
    ')',
    '[)',
    'a b',
    '1a',
    '0777',
    '1__0',
    "'",
    "'''a''",
    'f(a=)',
    'lambda',
    'a if b',
    'a ! b',
  ],
  ...[
    'f(**a, *b)',
    'f(a for a in b, c)',
    'f(a=1, b)',
    '{a:b, c}',
    '{a, b:c}',
    '*a',
    'a = 1',
    'not',
    '$',
    '"\\u12"',
    "b'é'",
  ],
  ...[
    ' a',
    '\ta',
    'a\nb',
    'a.1',
    'a..b',
    'f(1=2)',
    'f(True=1)',
    'if',
    'x[]',
    'x[1',
    "'a' b'b'",
    'a <> b',
    '[*a for b in c]',
  ],
];

interface Unparsed {
  readonly right: readonly string[];
  readonly wrong: readonly (string | null)[];
}

function askPython(): Unparsed | undefined {
  const script = `
import ast, json, sys
def made(text):
    try: return ast.unparse(ast.parse(text, mode='eval'))
    except (SyntaxError, ValueError): return None
job = json.load(sys.stdin)
print(json.dumps({key: [made(text) for text in texts] for key, texts in job.items()}))`;
  const input = JSON.stringify({ right: EXPRESSIONS, wrong: WRONG });
  const { error, status, stdout, stderr } = spawnSync('python3', ['-W', 'ignore', '-c', script], {
    input,
    encoding: 'utf8',
  });
  if (error !== undefined) return undefined; // there is no Python here
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Unparsed;
}

const python = askPython();

describe.skipIf(python === undefined)('as in the Python that is installed', () => {
  it.each(EXPRESSIONS.map((text, i) => [text, i] as const))('%s', (text, i) => {
    expect(unparse(parseExpression(text))).toBe(python!.right[i]);
  });

  it.each(WRONG.map((text, i) => [text, i] as const))('%j is refused', (text, i) => {
    expect(python!.wrong[i]).toBe(null);
    expect(() => parseExpression(text)).toThrow(SyntaxError);
  });
});
