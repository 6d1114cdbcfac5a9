import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../basics/random.ts';
import { type AnswerPair, mcnemarExact, pairedDifference } from './interval.ts';

describe('mcnemarExact', () => {
  it.each([
    [0, 0, 1],
    [1, 0, 1],
    [5, 5, 1],
    [2, 9, (2 * (1 + 11 + 55)) / 2 ** 11],
    [3, 10, (2 * (1 + 13 + 78 + 286)) / 2 ** 13],
    [0, 8, 2 / 2 ** 8],
  ])('%d against %d', (onlyFirst, onlySecond, expected) => {
    expect(mcnemarExact(onlyFirst, onlySecond)).toBeCloseTo(expected, 12);
    expect(mcnemarExact(onlySecond, onlyFirst)).toBeCloseTo(expected, 12);
  });

  it('is a probability that falls as the split grows uneven', () => {
    fc.assert(
      fc.property(fc.nat(400), fc.nat(400), (a, b) => {
        const p = mcnemarExact(a, a + b);
        expect(p).toBeGreaterThan(0);
        expect(p).toBeLessThanOrEqual(1);
        expect(mcnemarExact(a, a + b + 1)).toBeLessThanOrEqual(p + 1e-12);
      }),
      { numRuns: 100 },
    );
  });
});

/** As many pairs as told of each kind, each in a cluster of its own. */
function pairs(both: number, lost: number, won: number): AnswerPair[] {
  const kinds = [
    [both, 1, 1],
    [lost, 1, 0],
    [won, 0, 1],
  ] as const;
  return kinds
    .flatMap(([count, before, after]) => Array.from({ length: count }, () => ({ before, after })))
    .map((pair, n) => ({ ...pair, cluster: String(n) }));
}

describe('pairedDifference', () => {
  it('is the gain in points, with an interval that the evenness of the pairs decides', () => {
    const gain = pairedDifference(pairs(150, 10, 40))!;
    expect(gain).toMatchObject({ value: 15, level: 0.95, method: 't, paired', clusters: 200 });
    // By hand: 30 / 202 ± t₁₉₉ · √(200/199 · (50 + 1 − 2 · 30 · m + 200 m² + m²)) / 202, m = 30 / 202.
    const middle = 30 / 202;
    const squares = 50 - 60 * middle + 200 * middle ** 2 + 1 + middle ** 2;
    const half = (1.9719565442493967 * Math.sqrt((200 / 199) * squares)) / 202;
    expect(gain.low).toBeCloseTo(100 * (middle - half), 6);
    expect(gain.high).toBeCloseTo(100 * (middle + half), 6);
  });

  it('is not sure of anything where no pair differs', () => {
    const { value, low, high } = pairedDifference(pairs(100, 0, 0))!;
    expect(value).toBe(0);
    expect(low).toBeLessThan(-1);
    expect(high).toBeGreaterThan(1);
  });

  it('turns round with the sides', () => {
    fc.assert(
      fc.property(fc.nat(50), fc.nat(20), fc.integer({ min: 2, max: 20 }), (both, lost, won) => {
        const one = pairedDifference(pairs(both, lost, won))!;
        const other = pairedDifference(pairs(both, won, lost))!;
        expect(other.value).toBeCloseTo(-one.value, 9);
        expect(other.low).toBeCloseTo(-one.high, 9);
      }),
      { numRuns: 50 },
    );
  });

  it('is wider where pairs stand in clusters that move together, and absent for one cluster', () => {
    const alone = pairs(60, 10, 30);
    const grouped = alone.map((pair, n) => ({ ...pair, cluster: String(Math.floor(n / 5)) }));
    const [narrow, wide] = [pairedDifference(alone)!, pairedDifference(grouped)!];
    expect(wide).toMatchObject({ value: narrow.value, method: 't, paired, clustered', clusters: 20 });
    expect(wide.high - wide.low).toBeGreaterThan(1.5 * (narrow.high - narrow.low));
    expect(pairedDifference(alone.map((pair) => ({ ...pair, cluster: 'a' })))).toBeUndefined();
  });

  it('holds the true gain in about 95 % of simulated runs', () => {
    const random = seededRandom(3);
    let held = 0;
    for (let run = 0; run < 2000; run++) {
      const some = Array.from({ length: 164 }, (_, n) => {
        const [before, after] = [random() < 0.7, random()];
        return { cluster: String(n), before: Number(before), after: Number(after < (before ? 0.9 : 0.3)) };
      });
      const { low, high } = pairedDifference(some)!;
      const truth = 100 * (0.7 * 0.9 + 0.3 * 0.3 - 0.7);
      if (low <= truth && truth <= high) held++;
    }
    expect(held / 2000).toBeGreaterThan(0.94);
    expect(held / 2000).toBeLessThan(0.965);
  }, 120_000);
});
