import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { crossingOf, type SharePoint } from './fit.ts';

const ALLOWED = 0.01;
const setting = (from: number, to: number, clusterSize = 1) => ({ allowed: ALLOWED, clusterSize, from, to });

/** Counts as a line in logit and logarithm has them. */
function onTheLine(crossing: number, steepness: number, factors: readonly number[]): SharePoint[] {
  const n = 20_000;
  return factors.map((factor) => {
    const logit = Math.log(ALLOWED / (1 - ALLOWED)) + steepness * Math.log(factor);
    return { load: crossing * factor, bad: Math.round(n / (1 + Math.exp(-logit))), n };
  });
}

describe('the crossing', () => {
  test('of points on a line is where the line crosses, whatever the unit of the load', () => {
    const curve = fc.tuple(
      fc.double({ min: 0.1, max: 5000, noNaN: true }),
      fc.double({ min: 10, max: 80, noNaN: true }),
    );
    fc.assert(
      fc.property(curve, ([crossing, steepness]) => {
        const points = onTheLine(crossing, steepness, [0.97, 0.99, 1.01, 1.03]);
        const found = crossingOf(points, setting(crossing / 3, crossing * 3));
        expect(Math.abs(found.load / crossing - 1)).toBeLessThan(0.01);
        expect(found.low).toBeLessThan(found.load);
        expect(found.high).toBeGreaterThan(found.load);
      }),
      { numRuns: 50 },
    );
  });

  test('is known worse where bad requests come in clusters', () => {
    const points = onTheLine(10, 40, [0.95, 1, 1.05]);
    const [single, clustered] = [1, 100].map((size) => crossingOf(points, setting(5, 20, size)));
    expect(clustered!.high - clustered!.low).toBeGreaterThan(2 * (single!.high - single!.low));
  });

  test('lies between what was kept and what was not, where each was seen once', () => {
    const points = [
      { load: 10, bad: 0, n: 2000 },
      { load: 12, bad: 1900, n: 2000 },
    ];
    const { low, load, high } = crossingOf(points, setting(5, 18, 20));
    expect(load).toBeGreaterThan(9);
    expect(load).toBeLessThan(12);
    expect(low).toBeLessThan(load);
    expect(high).toBeGreaterThan(load);
  });
});
