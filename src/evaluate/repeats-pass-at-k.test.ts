import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compatConsensus, passAtK } from './score.ts';

describe('AISBench’s own examples (aisbench.md C.2)', () => {
  it.each([
    [5, 3, 2, 0.9, 1],
    [4, 1, 4, 1, 0],
    [8, 2, 4, 0.785714, 0],
    [10, 0, 3, 0, 0],
    [5, 1, 2, 0.4, 0],
  ])('n %d, c %d, k %d', (n, c, k, pass, consensus) => {
    expect(passAtK(n, c, k)).toBeCloseTo(pass, 6);
    expect(compatConsensus(c, k)).toBe(consensus);
  });
});

/** Every way to choose k of the numbers below n. */
function subsets(n: number, k: number, from = 0): number[][] {
  if (k === 0) return [[]];
  const all: number[][] = [];
  for (let first = from; first <= n - k; first++)
    for (const rest of subsets(n, k - 1, first + 1)) all.push([first, ...rest]);
  return all;
}

it('is the share of the draws that hold a right answer', () => {
  const some = fc
    .integer({ min: 1, max: 9 })
    .chain((n) => fc.tuple(fc.constant(n), fc.nat(n), fc.integer({ min: 1, max: n })));
  fc.assert(
    fc.property(some, ([n, c, k]) => {
      const draws = subsets(n, k);
      const good = draws.filter((draw) => draw.some((answer) => answer < c)).length;
      expect(passAtK(n, c, k)).toBeCloseTo(good / draws.length, 12);
    }),
    { numRuns: 100 },
  );
});

it('stands between 0 and 1 and grows with c and k, for thousands of answers too', () => {
  const some = fc
    .integer({ min: 2, max: 5000 })
    .chain((n) => fc.tuple(fc.constant(n), fc.nat(n - 1), fc.integer({ min: 1, max: n - 1 })));
  fc.assert(
    fc.property(some, ([n, c, k]) => {
      const pass = passAtK(n, c, k);
      expect(pass).toBeGreaterThanOrEqual(0);
      expect(pass).toBeLessThanOrEqual(1);
      expect(passAtK(n, c + 1, k)).toBeGreaterThanOrEqual(pass - 1e-12);
      expect(passAtK(n, c, k + 1)).toBeGreaterThanOrEqual(pass - 1e-12);
      expect(passAtK(n, c, 1)).toBeCloseTo(c / n, 10);
    }),
    { numRuns: 50 },
  );
});
