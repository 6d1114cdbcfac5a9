import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { selectIndexes } from './python-random.ts';

const where = 'reader_cfg.test_range';
const all = (total: number) => Array.from({ length: total }, (_, i) => i);
const pick = (total: number, range?: string | number, numPrompts?: number) =>
  selectIndexes(total, { range, numPrompts, where });

describe('selectIndexes with a slice', () => {
  // Expected values from CPython 3.11, l = list(range(7)).
  it.each([
    ['[-3:]', [4, 5, 6]],
    ['[::-1]', [6, 5, 4, 3, 2, 1, 0]],
    ['[5:1:-2]', [5, 3]],
    ['[1:6:2]', [1, 3, 5]],
    ['[-100:3]', [0, 1, 2]],
    ['[:-2]', [0, 1, 2, 3, 4]],
    ['[3::-1]', [3, 2, 1, 0]],
    [' [ 0 : 2 : ] ', [0, 1]],
  ])('%s', (range, expected) => {
    expect(pick(7, range)).toEqual(expected);
  });

  it('agrees with Array.slice for step 1, and a negative step walks back', () => {
    const bound = fc.option(fc.integer({ min: -30, max: 30 }), { nil: undefined });
    fc.assert(
      fc.property(
        fc.nat({ max: 20 }),
        bound,
        bound,
        fc.integer({ min: 1, max: 5 }),
        (total, start, stop, step) => {
          const expected = all(total).slice(start, stop);
          const text = (by: number) => `[${start ?? ''}:${stop ?? ''}:${by}]`;
          fc.pre(expected.length > 0);
          expect(pick(total, text(1))).toEqual(expected);
          expect(pick(total, text(step))).toEqual(expected.filter((_, i) => i % step === 0));
          const [first, last] = [expected[0]!, expected.at(-1)!];
          const back = first === 0 ? `[${last}::-${step}]` : `[${last}:${first - 1}:-${step}]`;
          expect(pick(total, back)).toEqual(expected.toReversed().filter((_, i) => i % step === 0));
        },
      ),
    );
  });
});

describe('selectIndexes with a number', () => {
  // The first rows that CPython's random.Random(size).shuffle leaves.
  it.each([
    [1319, 100, [674, 1132, 486, 1178, 560, 44]],
    [7473, 5000, [5291, 5365, 6677, 3570, 588, 6094]],
    [640, 639, [447, 484, 624, 491, 362, 639]],
    [10, 0.3, [1, 5, 6]],
  ])('takes the same random rows as AISBench: %d, %d', (total, range, first) => {
    expect(pick(total, range).slice(0, first.length)).toEqual(first);
  });

  it('takes that many different rows, the same ones each time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 1, max: 2500 }), (total, size) => {
        const rows = pick(total, size);
        expect(new Set(rows).size).toBe(Math.min(total, size));
        expect(rows.every((row) => row >= 0 && row < total)).toBe(true);
        expect(pick(total, size)).toEqual(rows);
      }),
      { numRuns: 30 },
    );
  });

  it('keeps the order when it takes all', () => {
    expect(pick(5, 5)).toEqual(all(5));
    expect(pick(5, 99)).toEqual(all(5));
  });
});

describe('selectIndexes', () => {
  it('takes all rows without a range', () => {
    expect(pick(3)).toEqual([0, 1, 2]);
    expect(pick(0)).toEqual([]);
  });

  it('takes the first prompts of the range', () => {
    expect(pick(100, '[0:8]', 3)).toEqual([0, 1, 2]);
    expect(pick(100, '[0:8]', 20)).toEqual(all(8));
    expect(pick(100, undefined, 2)).toEqual([0, 1]);
  });

  it.each(['', '[0]', '0:8', '[0:8', '[a:b]', '[0:8:0]', '[0:1.5]', '[5:5]', '[100:]', '__import__("os")'])(
    'refuses the range %j',
    (range) => {
      expect(() => pick(10, range)).toThrow(expect.objectContaining({ code: 'UTILS-CFG-002', where }));
    },
  );

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 0.01])('refuses the number %d', (range) => {
    expect(() => pick(10, range)).toThrow(expect.objectContaining({ code: 'UTILS-CFG-002' }));
  });

  it.each([0, -3, 2.5])('refuses %d prompts', (numPrompts) => {
    expect(() => pick(10, undefined, numPrompts)).toThrow(expect.objectContaining({ code: 'TMAN-CMD-002' }));
  });

  it('refuses any other text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!/^\s*\[[^\]]*:[^\]]*\]\s*$/.test(text));
        expect(() => pick(10, text)).toThrow(expect.objectContaining({ code: 'UTILS-CFG-002' }));
      }),
    );
  });
});
