import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { samePrinted, sameReturned } from './livecodebench.ts';

describe('what a program printed', () => {
  it.each([
    ['4\n', '4', true, true],
    ['4 \n\n', '4\n', true, true],
    ['1\n2', '1\n2\n', true, true],
    [' 1 \n 2', '1\n2', true, true],
    ['1  2', '1 2', true, false],
    ['1 2 3', '1\n2\n3', false, false],
    ['1\n\n2', '1\n2', false, true],
    ['0.50', '0.5', true, true],
    ['0.500001', '0.5', false, true],
    ['1e1', '10', true, true],
    ['10.0', '10', true, true],
    ['50000000000000001', '50000000000000000', false, false],
    ['50000000000000000.0', '50000000000000001', false, true],
    ['YES', 'Yes', false, false],
    ['', '', true, true],
    ['', '0', false, false],
    ['nan', 'nan', true, true],
    ['nan 1', 'nan 1.0', false, false],
    ['-0', '0', true, true],
    ['٣', '3', true, false],
    ['a\x0cb', 'a\nb', false, true],
  ])('%j against %j: fixed %s, compat %s', (printed, expected, fixed, compat) => {
    expect([samePrinted.fixed(printed, expected), samePrinted.compat(printed, expected)]).toEqual([
      fixed,
      compat,
    ]);
  });
});

/** The benchmark's rule of today, with Python's own decimals. */
const BY_DECIMALS = `
import decimal, json, sys
def numbers(line):
    try: return [decimal.Decimal(word) for word in line.split()]
    except decimal.InvalidOperation: return None
def same(printed, expected):
    a, b = ([line.strip() for line in text.strip().split("\\n")] for text in (printed, expected))
    if len(a) != len(b): return False
    for own, right in zip(a, b):
        if own == right: continue
        x, y = numbers(own), numbers(right)
        if x is None or y is None or x != y: return False
    return True
print(json.dumps([same(*pair) for pair in json.load(sys.stdin)]))
`;

/** AISBench's comparison in the order of its steps, with Python's own strings. */
const BY_STEPS = `
import json, math, sys
def close(a, b):
    return a == b if math.isinf(a) or math.isinf(b) else abs(a - b) <= 1e-8 + 1e-5 * abs(b)
def same(printed, expected):
    lines = printed.splitlines()
    for form in (lines, [line.strip() for line in lines]):
        if "\\n".join(form).strip() == expected.strip(): return True
    right = [line.strip() for line in expected.split("\\n") if line]
    if lines == right: return True
    lines = [line for line in lines if line]
    if lines == right: return True
    if all(a.isdigit() and b.isdigit() for a, b in zip(lines, right)): return False
    try: a, b = [float(x) for x in lines], [float(x) for x in right]
    except ValueError: return False
    return len(a) == len(b) and all(close(x, y) for x, y in zip(a, b))
print(json.dumps([same(*pair) for pair in json.load(sys.stdin)]))
`;

const hasPython = spawnSync('python3', ['-c', '']).status === 0;

describe.skipIf(!hasPython)("against CPython's strings and decimals (skipped without python3)", () => {
  const word = fc.constantFrom(
    ...[
      '1',
      '2',
      '10',
      '-0',
      '0.5',
      '.5',
      '5e-1',
      '+1',
      '1.0',
      '1.00001',
      '1_0',
      'inf',
      '-Infinity',
      'nan',
      'NaN',
    ],
    ...['a', 'b', '１', '1e400', '10e-1', '00', '1.', '.', 'e1', '', '0x1', '123456789012345678901234567890'],
  );
  const text = fc
    .array(fc.tuple(word, fc.constantFrom(' ', '\n', '\n\n', '  ', '\r\n', '\x0b', '\x1e', '\u2028', '\t')), {
      maxLength: 5,
    })
    .map((parts) => parts.flat().join(''));
  const pair = fc.tuple(text, text);
  /** Half of the pairs are the same words with other blanks. */
  const near = fc
    .tuple(text, fc.constantFrom(' ', '\n', '  ', '\r\n'))
    .map(([one, blank]) => [one.replace(/\s+/g, blank), one] as [string, string]);
  const pairs = fc.sample(fc.oneof(pair, near), { numRuns: 4000, seed: 11 });

  it.each([
    ['fixed', BY_DECIMALS],
    ['compat', BY_STEPS],
  ] as const)('%s is the same for 4,000 seeded pairs', (rules, script) => {
    const { stdout, stderr } = spawnSync('python3', ['-c', script], {
      input: JSON.stringify(pairs),
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    const expected: boolean[] = JSON.parse(stdout);
    const wrong = pairs.filter(([printed, right], n) => samePrinted[rules](printed, right) !== expected[n]);
    expect(wrong).toEqual([]);
    expect(new Set(expected).size).toBe(2);
  });
});

const int = (value: number | bigint) => ({
  int: `${value < 0 ? '-' : ''}0x${BigInt(value < 0 ? -value : value).toString(16)}`,
});

describe('what a function returned', () => {
  it.each([
    [int(3), '3', true, true],
    [int(3), '3.0', true, true],
    [{ float: '0.1' }, '0.1', true, true],
    [{ float: '0.30000000000000004' }, '0.3', false, false],
    [true, '1', true, true],
    [null, 'null', true, true],
    ['ab', '"ab"', true, true],
    [int(10n ** 30n), `1${'0'.repeat(30)}`, true, true],
    [int(-5), '-5', true, true],
    [[int(1), int(2)], '[1, 2]', true, true],
    [[int(2), int(1)], '[1, 2]', false, false],
    [int(1), '[1, 2]', false, true],
    [{ tuple: [int(1)] }, '[1]', false, false],
    [[{ tuple: [int(1), int(2)] }], '[[1, 2]]', false, false],
    [[{ tuple: [int(1), int(2)] }], '[[[1, 2]]]', false, true],
    [{ dict: [['a', int(1)]] }, '{"a": 1}', true, true],
    [{ other: 'set' }, '[]', false, false],
    [{ other: 'set' }, 'NaN', false, false],
    [[], '[]', true, true],
  ])('%j against %s: fixed %s, compat %s', (value, expected, fixed, compat) => {
    const text = JSON.stringify(value);
    expect([sameReturned.fixed(text, expected), sameReturned.compat(text, expected)]).toEqual([
      fixed,
      compat,
    ]);
  });

  it('throws SyntaxError where the right answer is no JSON', () => {
    expect(() => sameReturned.fixed('1', 'None')).toThrow(SyntaxError);
  });
});
