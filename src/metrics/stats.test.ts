import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GapPool } from './gap-pool.ts';
import { Series, type Stats } from './stats.ts';

const values = fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 300 });

function fill<T extends { push(value: number): void }>(into: T, numbers: readonly number[]): T {
  for (const number of numbers) into.push(number);
  return into;
}

function expectOrdered({ min, median, p75, p90, p99, max, average }: Stats): void {
  const ordered = [min, median, p75, p90, p99, max];
  expect([...ordered].sort((a, b) => a - b)).toEqual(ordered);
  expect(average).toBeGreaterThanOrEqual(min);
  expect(average).toBeLessThanOrEqual(max);
}

describe('Series', () => {
  test('percentiles are linear between neighbours', () => {
    expect(fill(new Series(), [40, 10, 30, 20]).stats()).toEqual({
      average: 25,
      min: 10,
      max: 40,
      median: 25,
      p75: 32.5,
      p90: 37,
      p99: expect.closeTo(39.7, 10),
    });
  });

  test('one value is every statistic', () => {
    const { average, min, p99 } = fill(new Series(), [7]).stats()!;
    expect([average, min, p99]).toEqual([7, 7, 7]);
  });

  test('no value, no statistics', () => {
    expect(new Series().stats()).toBeUndefined();
  });

  test('equal values average to themselves', () => {
    expect(fill(new Series(), [0.1, 0.1, 0.1]).stats()!.average).toBe(0.1);
  });

  test('values added after reading count', () => {
    const series = fill(new Series(), [3, 1]);
    series.stats();
    expect(fill(series, [2]).sorted()).toEqual(Float64Array.of(1, 2, 3));
  });

  test('min ≤ p50 ≤ p75 ≤ p90 ≤ p99 ≤ max, mean in range', () => {
    fc.assert(fc.property(values, (numbers) => expectOrdered(fill(new Series(), numbers).stats()!)));
  });
});

describe('spread and order', () => {
  const numbers = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 3, maxLength: 60 });

  test('variance and correlation of neighbours are those of the textbook', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const series = fill(new Series(), values);
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        const deviations = values.map((value) => value - mean);
        const squares = deviations.reduce((sum, deviation) => sum + deviation ** 2, 0);
        const scale = Math.max(1, squares);
        expect(Math.abs(series.variance - squares / (values.length - 1)) / scale).toBeLessThan(1e-9);
        const products = deviations.slice(1).reduce((sum, one, i) => sum + one * deviations[i]!, 0);
        if (squares < 1e-3) return;
        expect(series.autocorrelation).toBeCloseTo(Math.min(1, Math.max(0, products / squares)), 6);
      }),
    );
  });

  test('the order in which values came is told, sorted or not', () => {
    const rising = fill(
      new Series(),
      Array.from({ length: 100 }, (_, i) => i),
    );
    const jumping = fill(
      new Series(),
      Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? 0 : 1)),
    );
    rising.sorted();
    expect(rising.autocorrelation).toBeGreaterThan(0.9);
    expect(jumping.autocorrelation).toBe(0);
  });
});

describe('GapPool', () => {
  test.each([5, 1000])('a value with a count is the value so many times (limit %i)', (limit) => {
    const counted = new GapPool(limit);
    const single = new GapPool(limit);
    for (const [value, times] of [
      [10, 3],
      [20, 1],
      [5, 40],
    ] as const) {
      counted.push(value, times);
      for (let n = 0; n < times; n++) single.push(value);
    }
    expect(counted.length).toBe(44);
    expect(counted.stats()).toEqual(single.stats());
  });

  test('is exact below its limit', () => {
    fc.assert(
      fc.property(values, (numbers) => {
        const pool = fill(new GapPool(1000), numbers);
        expect(pool.exact).toBe(true);
        expect(pool.stats()).toEqual(fill(new Series(), numbers).stats());
      }),
    );
  });

  test('above it, extremes stay exact and percentiles are within 0.05 %', () => {
    const gaps = fc.array(fc.double({ min: 1e-3, max: 1e6, noNaN: true }), { minLength: 11, maxLength: 300 });
    fc.assert(
      fc.property(gaps, (numbers) => {
        const pool = fill(new GapPool(10), numbers);
        const stats = pool.stats()!;
        const truth = fill(new Series(), numbers).stats()!;
        expect(pool.exact).toBe(false);
        expectOrdered(stats);
        expect([stats.min, stats.max]).toEqual([truth.min, truth.max]);
        for (const key of ['average', 'median', 'p75', 'p90', 'p99'] as const) {
          expect(Math.abs(stats[key] - truth[key])).toBeLessThanOrEqual(truth[key] * 0.0005);
        }
      }),
    );
  });

  test('holds zero, powers of two and values beyond its buckets', () => {
    const stats = fill(new GapPool(0), [0, 1e-12, 1, 2, 4, 1e12]).stats()!;
    expect(stats.min).toBe(0);
    expect(stats.max).toBe(1e12);
    expect(stats.median).toBeCloseTo(1.5, 2);
  });
});
