import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binomialDensity } from './distributions.ts';
import { wilson } from './interval.ts';

describe('wilson', () => {
  // Published values: Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('%d of %d', (correct, n, low, high) => {
    const interval = wilson(correct, n);
    expect(interval.low / 100).toBeCloseTo(low, 4);
    expect(interval.high / 100).toBeCloseTo(high, 4);
  });

  it('stays between 0 and 100, is symmetric, and narrows with n', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.nat(), (n, seed) => {
        const correct = seed % (n + 1);
        const { low, high } = wilson(correct, n);
        const mirrored = wilson(n - correct, n);
        const larger = wilson(4 * correct, 4 * n);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(100);
        expect(mirrored.low).toBeCloseTo(100 - high, 6);
        expect(larger.high - larger.low).toBeLessThan(high - low);
      }),
    );
  });

  // Not drawn but added up: of every number of right answers, how probable it is and whether its interval holds the share.
  it.each([164, 198, 541, 1319])('holds the true share in 94 to 96 %% of all runs of %d questions', (n) => {
    const intervals = Array.from({ length: n + 1 }, (_, correct) => wilson(correct, n));
    for (let percent = 5; percent <= 95; percent += 5) {
      let coverage = 0;
      for (const [correct, { low, high }] of intervals.entries())
        if (low <= percent && percent <= high) coverage += binomialDensity(correct, n, percent / 100);
      expect(coverage, `share ${percent} %`).toBeGreaterThan(0.94);
      expect(coverage, `share ${percent} %`).toBeLessThan(0.96);
    }
  });
});
