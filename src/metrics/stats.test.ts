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

describe('GapPool', () => {
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
