import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  averageInterval,
  quantileInterval,
  shareInterval,
  tailPercentile,
  valuesNeeded,
} from './intervals.ts';
import { Series } from './stats.ts';

const rankOf = (rank: number) => rank + 1;

describe('a quantile', () => {
  // From sums of the binomial distribution, made apart from this code: for n = 20, P(B ≤ 5) = P(B ≥ 15) = 2.07 %.
  test.each([
    [20, 50, { low: 6, high: 15 }],
    [10, 50, { low: 2, high: 9 }],
    [5, 50, {}],
    [100, 99, { low: 97 }],
    [368, 99, { low: 360, high: 368 }],
  ])('of %i values at P%i lies between these ranks', (n, p, expected) => {
    expect(quantileInterval(n, rankOf, p)).toEqual(expected);
  });

  test('its interval holds the percentile, and narrows as values are added', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8000 }), fc.constantFrom(50, 90, 99), (n, p) => {
        const { low = 1, high = n } = quantileInterval(n, rankOf, p);
        const middle = 1 + ((n - 1) * p) / 100;
        expect(low).toBeLessThanOrEqual(Math.ceil(middle));
        expect(high).toBeGreaterThanOrEqual(Math.floor(middle));
      }),
    );
  });

  test('the exact rule and its limit agree where one takes over from the other', () => {
    for (const p of [50, 90, 99]) {
      const [exact, limit] = [4999, 5001].map((n) => quantileInterval(n, rankOf, p));
      expect(Math.abs(exact!.low! - limit!.low!)).toBeLessThanOrEqual(4);
      expect(Math.abs(exact!.high! - limit!.high!)).toBeLessThanOrEqual(4);
    }
  });

  test('covers the truth about 95 times in 100', () => {
    let state = 7;
    const random = () => {
      state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
      return state / 2 ** 31;
    };
    let covered = 0;
    for (let run = 0; run < 1000; run++) {
      const values = Array.from({ length: 60 }, random).sort((a, b) => a - b);
      const { low, high } = quantileInterval(60, (rank) => values[rank]!, 50);
      if (low! <= 0.5 && high! >= 0.5) covered++;
    }
    expect(covered).toBeGreaterThanOrEqual(935);
    expect(covered).toBeLessThanOrEqual(985);
  });
});

describe('the far tail', () => {
  test('is refused until its interval has an upper end', () => {
    expect([99, 99.9, 99.99].map(valuesNeeded)).toEqual([368, 3688, 36887]);
    expect(tailPercentile(3687, rankOf, 99.9)).toEqual({ p: 99.9, needed: 3688 });
    expect(tailPercentile(3688, rankOf, 99.9).value).toBeCloseTo(3684.3, 1);
  });
});

describe('an average', () => {
  const series = (values: readonly number[]) => {
    const filled = new Series();
    for (const value of values) filled.push(value);
    return filled;
  };

  test('of independent values: 1.96 standard errors', () => {
    const values = Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? 9 : 11));
    const { low, high } = averageInterval(series(values));
    const half = (1.959964 * Math.sqrt(100 / 99)) / 10;
    expect([low, high]).toEqual([expect.closeTo(10 - half, 9), expect.closeTo(10 + half, 9)]);
  });

  test('of values that follow one another it is wider', () => {
    const values = Array.from({ length: 100 }, (_, i) => Math.floor(i / 10));
    const shuffled = values.map((_, i) => values[(i * 37) % 100]!);
    const width = ({ low, high }: { low?: number; high?: number }) => high! - low!;
    expect(width(averageInterval(series(values)))).toBeGreaterThan(
      2 * width(averageInterval(series(shuffled))),
    );
  });

  test('one value says nothing', () => {
    expect(averageInterval(series([1]))).toEqual({});
  });
});

test('a share has an interval inside 0..1 that holds it', () => {
  expect(shareInterval(8, 10)).toEqual({ low: expect.closeTo(0.4902, 4), high: expect.closeTo(0.9433, 4) });
  fc.assert(
    fc.property(fc.nat(500), fc.nat(500), (a, b) => {
      const [successes, n] = [Math.min(a, b), Math.max(a, b, 1)];
      const { low, high } = shareInterval(successes, n);
      expect(low! >= 0 && low! <= successes / n + 1e-12 && high! >= successes / n - 1e-12 && high! <= 1).toBe(
        true,
      );
    }),
  );
});
