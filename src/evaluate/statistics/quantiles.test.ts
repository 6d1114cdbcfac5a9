import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalCdf, normalQuantile, studentQuantile, studentTail, Z95 } from './distributions.ts';

function expectNear(value: number, expected: number): void {
  expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)));
}

// Computed with mpmath to 34 digits.
describe('the normal distribution', () => {
  it.each([
    [1e-12, -7.034483825301132],
    [0.001, -3.0902323061678136],
    [0.025, -1.9599639845400543],
    [0.3, -0.5244005127080408],
    [0.5, 0],
    [0.75, 0.6744897501960817],
    [0.975, 1.9599639845400543],
    [0.9999, 3.7190164854556804],
  ])('has its quantile of %d', (p, expected) => {
    expectNear(normalQuantile(p), expected);
  });

  it.each([
    [-8, 6.220960574271784e-16],
    [-3.2, 0.0006871379379158485],
    [-2.9, 0.001865813300384038],
    [-0.1, 0.460172162722971],
    [0, 0.5],
    [Z95, 0.975],
    [3, 0.9986501019683699],
    [5.5, 0.9999999810104375],
  ])('is below %d with its probability', (x, expected) => {
    expect(Math.abs(normalCdf(x) / expected - 1)).toBeLessThan(1e-11);
  });

  it('is undone by its quantile', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true }), (p) => {
        expect(normalCdf(normalQuantile(p))).toBeCloseTo(p, 12);
      }),
      { numRuns: 60 },
    );
  });

  it('has infinite ends', () => {
    expect([normalQuantile(0), normalQuantile(1)]).toEqual([
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
    ]);
  });
});

describe("Student's distribution", () => {
  it.each([
    [0.975, 1, 12.706204736174705],
    [0.975, 2, 4.302652729749464],
    [0.975, 2.5, 3.574654842003683],
    [0.975, 9, 2.2621571627982053],
  ])('has its quantile of %d with %d degrees of freedom', (p, df, expected) => {
    expectNear(studentQuantile(p, df), expected);
  });

  it('has closed forms for one, two and four degrees of freedom', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 0.999, noNaN: true }), (p) => {
        const spread = 4 * p * (1 - p);
        const two = 2 * (p - 0.5) * Math.sqrt(2 / spread);
        const cosine = Math.cos(Math.acos(Math.sqrt(spread)) / 3) / Math.sqrt(spread);
        const four = Math.sign(p - 0.5) * 2 * Math.sqrt(Math.max(0, cosine - 1));
        expectNear(studentQuantile(p, 1), Math.tan(Math.PI * (p - 0.5)));
        expectNear(studentQuantile(p, 2), two);
        // Near the middle the closed form loses half its digits.
        expect(studentQuantile(p, 4)).toBeCloseTo(four, 6);
      }),
      { numRuns: 60 },
    );
  });

  it('becomes normal, as its expansion says', () => {
    expectNear(studentQuantile(0.975, 1e6), Z95 + (Z95 ** 3 + Z95) / 4e6);
    expect(studentTail(Z95, 1e6)).toBeCloseTo(0.025, 6);
  });
});
