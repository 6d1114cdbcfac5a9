import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mathPostprocess, mathPostprocessV2 } from './extract-math.ts';
import { isStringEqual, normalizeFinalAnswer } from './minerva.ts';

describe('version 2', () => {
  // scoring.md §2.3, in its order.
  it.each([
    ['5.', '5', true],
    ['\\frac{1}{2}.', '\\dfrac12', true],
    ['10\\!080', '10080', true],
    ['\\left(1,2\\right)', '(1,2)', true],
    ['5\\text{ cm}', '5', true],
    ['\\text{Evelyn}', '\\text{Navin}', false],
    ['\\text{Evelyn}', 'Evelyn', true],
    ['90^\\circ', '90', true],
    ['90^{\\circ}', '90', true],
    ['\\$36', '$36$', true],
    ['x\\in[-2,7]', '[-2,7]', true],
    ['50\\%', '50', true],
    ['-.5', '-0.5', false],
    ['.5', '0.5', true],
    ['2\\cdot3', '23', true],
    ['(-infinity,2)', '(-\\infty,2)', true],
    ['(-inf,2)', '(-\\infty,2)', true],
    ['1 and 2', '12', true],
    ['\\mathbf{v}', '{v}', true],
    ['15\\mbox{ cm}^2', '15^2', true],
    ['3+2j', '3+2i', true],
    ['7.00', '7', true],
    ['7.05', '7.5', false],
    ['x=5', '5', true],
    ['abc=5', '5', false],
    ['11\\sqrt2', '11\\sqrt{2}', true],
    ['\\sqrt13', '\\sqrt{13}', true],
    ['\\frac12', '\\frac{1}{2}', true],
    ['\\frac1{72}', '\\frac{1}{72}', true],
    ['3/4', '\\frac34', true],
    ['03/4', '\\frac34', false],
    ['1,234', '1234', true], // by Minerva's rules
    ["f'(x)", 'f(x)', false], // quotes stay: their removal is thrown away
    ['0.5', '\\frac{1}{2}', false],
  ])('%s and %s: %s', (first, second, expected) => {
    expect(isStringEqual(first, second, 'v2')).toBe(expected);
  });
});

describe('version 1', () => {
  it.each([
    ['0.5', '\\frac{1}{2}', true],
    ['\\sqrt13', '\\sqrt{1}3', true],
    ['5\\text{ cm}', '5', true],
    ['50\\%', '50', true],
    ['5\\text{ a}\\text{ b}', '5', false], // an error in Python, then compared by Minerva's rules
    ['2\\cdot3', '23', false],
    ['(-inf,2)', '(-\\infty,2)', false],
  ])('%s and %s: %s', (first, second, expected) => {
    expect(isStringEqual(first, second, 'v1')).toBe(expected);
  });
});

describe('math_postprocess_v2', () => {
  it.each([
    ['so \\boxed{\\frac{1}{2}} it is', '\\frac{1}{2}', 'boxed'],
    ['\\boxed{1} then \\boxed{{2}}', '2', 'boxed'],
    ['\\fbox{3}. The final answer is $4$. I hope', '4', 'final-answer'],
    ['First. The answer is 1,234 dollars. Then', '1234', 'final-answer'],
    ['It is 0.5', 'Itis0', 'first-sentence'],
    ['\\boxed{7', '\\boxed{7', 'first-sentence'],
  ])('%s', (text, answer, rule) => {
    expect(mathPostprocessV2.compat(text)).toMatchObject({ answer, rule });
  });

  it('finds nothing in nothing', () => {
    expect(mathPostprocessV2.compat('')).toBeUndefined();
    expect(mathPostprocessV2.none).toBe('');
  });
});

type Row = readonly [string, string, boolean, boolean, string, string, string];
const rows: Row[] = JSON.parse(
  readFileSync(new URL('../../../test/fixtures/math/string-rules.json', import.meta.url), 'utf8'),
);

it('gives what CPython gives', () => {
  expect(rows.length).toBeGreaterThan(300);
  for (const [first, second, v1, v2, post, postV2, minerva] of rows) {
    expect([first, second, isStringEqual(first, second, 'v1')]).toEqual([first, second, v1]);
    expect([first, second, isStringEqual(first, second, 'v2')]).toEqual([first, second, v2]);
    expect([first, mathPostprocess.compat(first)?.answer ?? '']).toEqual([first, post]);
    expect([first, mathPostprocessV2.compat(first)?.answer ?? '']).toEqual([first, postV2]);
    expect([second, normalizeFinalAnswer(second)]).toEqual([second, minerva]);
  }
});

it('calls every text equal to itself, in either order', () => {
  const version = fc.constantFrom('v1' as const, 'v2' as const);
  fc.assert(
    fc.property(fc.string(), fc.string(), version, (a, b, rules) => {
      expect(isStringEqual(a, a, rules)).toBe(true);
      expect(isStringEqual(a, b, rules)).toBe(isStringEqual(b, a, rules));
    }),
    { numRuns: 100 },
  );
});

it.each(['\\text{', '\\mbox{', '\\boxed{', '\\sqrt', '\\frac', '1', '.0', '$', 'answeris', '{', ' '])(
  'takes linear time on many %j',
  (part) => {
    const start = process.cpuUsage();
    const text = part.repeat(20_000);
    isStringEqual(text, `${text}x`, 'v1');
    isStringEqual(text, `${text}x`, 'v2');
    mathPostprocessV2.compat(text);
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(SLOWEST);
  },
);

/** Seconds of CPU; milliseconds on an idle machine. */
const SLOWEST = 20;
