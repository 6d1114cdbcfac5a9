import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sameAnswerKey } from './score.ts';

describe('sameAnswerKey', () => {
  it.each([
    ['18', '18.0', true],
    ['18', ' 18 ', true],
    ['-0', '0', true],
    ['1e3', '1000', true],
    ['１８', '18', true],
    ['18', '81', false],
    ['A', 'A ', true],
    ['A', 'a', false],
    ['x  + 1', 'x + 1', true],
    ['\\frac12', '0.5', false],
    ['nan', 'NaN', false],
    ['text 1', '1', false],
  ])('%j and %j: %s', (one, other, expected) => {
    expect(sameAnswerKey(one) === sameAnswerKey(other)).toBe(expected);
  });

  it('tells numbers apart by their value alone', () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(number, number, (a, b) => {
        expect(sameAnswerKey(String(a)) === sameAnswerKey(String(b))).toBe(a === b);
        expect(sameAnswerKey(String(a))).toBe(sameAnswerKey(a.toExponential()));
      }),
      { numRuns: 100 },
    );
  });
});
