import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binomialDensity, incompleteBeta } from './distributions.ts';

/** Within so many parts of a thousand million of the value itself. */
function expectNear(value: number, expected: number): void {
  expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-9 * Math.abs(expected));
}

// Computed with mpmath to 34 digits, from the series of positive terms.
describe('incompleteBeta', () => {
  it.each([
    [0.5, 2, 3, 0.6875],
    [0.1, 0.5, 0.5, 0.20483276469913345],
    [0.999, 0.5, 40, 1],
    [0.3, 20, 60, 0.849120876247458],
    [0.05, 8.5, 156.5, 0.5068331316253908],
    [0.5, 700, 640, 0.05051720352407965],
    [0.0201, 1e4, 5e5, 0.9940941122932552],
    [0.95, 12, 1, 0.540360087662637],
    [1e-6, 0.5, 1000, 0.035666145066547236],
    [0.4999, 25000, 25000, 0.4821647930737484],
    [0, 3, 4, 0],
    [1, 3, 4, 1],
  ])('I_%d(%d, %d)', (x, a, b, expected) => {
    expectNear(incompleteBeta(x, a, b), expected);
  });

  it('is what is left of the mirrored one, and rises with x', () => {
    const shape = fc.double({ min: 0.5, max: 3000, noNaN: true });
    const place = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(place, shape, shape, (x, a, b) => {
        const value = incompleteBeta(x, a, b);
        expect(value + incompleteBeta(1 - x, b, a, x)).toBeCloseTo(1, 11);
        expect(incompleteBeta(Math.min(1, x + 0.01), a, b)).toBeGreaterThanOrEqual(value - 1e-11);
      }),
      { numRuns: 60 },
    );
  });

  it('is the tail of the binomial distribution', () => {
    const chance = fc.double({ min: 0.01, max: 0.99, noNaN: true });
    const some = fc
      .integer({ min: 1, max: 60 })
      .chain((n) => fc.tuple(fc.constant(n), fc.integer({ min: 1, max: n }), chance));
    fc.assert(
      fc.property(some, ([n, k, p]) => {
        let tail = 0;
        for (let i = n; i >= k; i--) tail += binomialDensity(i, n, p);
        expect(incompleteBeta(p, k, n - k + 1)).toBeCloseTo(tail, 11);
      }),
      { numRuns: 60 },
    );
  });
});

describe('binomialDensity', () => {
  it('is a product of exact fractions for few trials', () => {
    expectNear(binomialDensity(3, 10, 0.3), 120 * 0.3 ** 3 * 0.7 ** 7);
    expectNear(binomialDensity(0, 10, 0.3), 0.7 ** 10);
    expectNear(binomialDensity(10, 10, 0.3), 0.3 ** 10);
    expect(binomialDensity(0, 0, 0.3)).toBe(1);
    expect(binomialDensity(1, 2, 0)).toBe(0);
  });

  it('adds up to 1, and its mean is np, for a thousand trials too', () => {
    const trials = fc.integer({ min: 1, max: 1000 });
    fc.assert(
      fc.property(trials, fc.double({ min: 0.001, max: 0.999, noNaN: true }), (n, p) => {
        let [sum, mean] = [0, 0];
        for (let k = 0; k <= n; k++) {
          sum += binomialDensity(k, n, p);
          mean += k * binomialDensity(k, n, p);
        }
        expect(sum).toBeCloseTo(1, 10);
        expect(mean / (n * p)).toBeCloseTo(1, 10);
      }),
      { numRuns: 20 },
    );
  });
});
