import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../basics/random.ts';
import { designEffect, varianceOfMean } from './estimates.ts';

/** Values of which each keeps a share of the one before it, with their mean taken out. */
function series(n: number, memory: number, seed: number): Float64Array {
  const random = seededRandom(seed);
  const values = new Float64Array(n);
  let state = 0;
  for (let i = 0; i < n; i++) {
    state = memory * state + (random() - 0.5);
    values[i] = state;
  }
  const mean = values.reduce((sum, one) => sum + one, 0) / n;
  return values.map((one) => one - mean);
}

function averageOf(make: (seed: number) => number): number {
  const all = Array.from({ length: 60 }, (_, seed) => make(seed + 1));
  return all.reduce((sum, one) => sum + one, 0) / all.length;
}

describe('varianceOfMean', () => {
  it('is s² / n of independent values, and a little more', () => {
    const effect = averageOf((seed) => designEffect(series(2000, 0, seed)));
    expect(effect).toBeGreaterThanOrEqual(1);
    expect(effect).toBeLessThan(1.12);
  });

  it.each([
    [0.5, 3],
    [0.8, 9],
  ])('is (1 + ρ) / (1 − ρ) times that where each value keeps %d of the one before', (memory, expected) => {
    const effect = averageOf((seed) => designEffect(series(4000, memory, seed)));
    expect(effect / expected).toBeGreaterThan(0.93);
    expect(effect / expected).toBeLessThan(1.12);
  });

  it('says the same of a series so long that neighbours are added up', () => {
    const effect = designEffect(series(90_000, 0.8, 5));
    expect(effect / 9).toBeGreaterThan(0.85);
    expect(effect / 9).toBeLessThan(1.2);
  });

  it('is never below that of independent values, and grows with the square of the unit', () => {
    const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 3, maxLength: 60 });
    fc.assert(
      fc.property(values, (some) => {
        const mean = some.reduce((sum, one) => sum + one, 0) / some.length;
        const residuals = Float64Array.from(some, (one) => one - mean);
        const squares = residuals.reduce((sum, one) => sum + one * one, 0);
        const independent = squares / some.length / (some.length - 1);
        const variance = varianceOfMean(residuals);
        expect(variance).toBeGreaterThanOrEqual(independent * (1 - 1e-9));
        expect(varianceOfMean(residuals.map((one) => 2 * one))).toBeCloseTo(
          4 * variance,
          6 - Math.log10(1 + variance),
        );
      }),
    );
  });

  it('knows nothing of fewer than two values', () => {
    expect(varianceOfMean(new Float64Array(1))).toBe(Number.POSITIVE_INFINITY);
    expect(designEffect(new Float64Array(0))).toBe(1);
  });
});
