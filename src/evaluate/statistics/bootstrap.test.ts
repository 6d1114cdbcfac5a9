import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../basics/random.ts';
import { bootstrapEnds } from './interval.ts';

const ratio = ([got, of]: readonly number[]): number => got! / of!;

/** Clusters whose amounts differ, with a true ratio of ½ of independent draws. */
function clusters(count: number, seed: number): number[][] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const of = 1 + 3 * random();
    return [of * random(), of];
  });
}

describe('bootstrapEnds', () => {
  it('is the same for the same answers, and nearly so for another seed', () => {
    const some = clusters(60, 1);
    const ends = bootstrapEnds(some, ratio)!;
    expect(bootstrapEnds(some, ratio)).toEqual(ends);
    const other = bootstrapEnds(some, ratio, 99)!;
    expect(other).not.toEqual(ends);
    expect(Math.abs(other.low - ends.low)).toBeLessThan(0.15 * (ends.high - ends.low));
    expect(Math.abs(other.high - ends.high)).toBeLessThan(0.15 * (ends.high - ends.low));
  });

  it('comes near to the normal interval of a mean', () => {
    const some = clusters(200, 2).map(([got]) => [got!, 1]);
    const mean = some.reduce((sum, [got]) => sum + got!, 0) / 200;
    const variance = some.reduce((sum, [got]) => sum + (got! - mean) ** 2, 0) / 199;
    const half = 1.96 * Math.sqrt(variance / 200);
    const { low, high } = bootstrapEnds(some, ratio)!;
    expect((high - low) / (2 * half)).toBeGreaterThan(0.92);
    expect((high - low) / (2 * half)).toBeLessThan(1.08);
    expect(Math.abs((low + high) / 2 - mean)).toBeLessThan(0.15 * half);
  });

  it('leans to the side on which the values are spread', () => {
    // A few large values far above the others: what was not seen lies above rather than below.
    const some = Array.from({ length: 60 }, (_, n) => [n < 4 ? 1 : 0.02, 1]);
    const { low, high } = bootstrapEnds(some, ratio)!;
    const value = (4 + 56 * 0.02) / 60;
    expect(high - value).toBeGreaterThan(1.2 * (value - low));
  });

  it('leaves out draws without a number, and says nothing where there is nothing to say', () => {
    const some = [[1, 1], ...Array.from({ length: 5 }, () => [0, 0]), [0.5, 1]];
    const { low, high } = bootstrapEnds(some, ratio)!;
    expect([low, high].every(Number.isFinite)).toBe(true);
    expect(bootstrapEnds([[1, 2]], ratio)).toBeUndefined();
    expect(
      bootstrapEnds(
        [
          [1, 2],
          [1, 2],
        ],
        ratio,
      ),
    ).toBeUndefined();
  });

  it('holds the true ratio in about 95 % of simulated runs', () => {
    let held = 0;
    for (let run = 0; run < 60; run++) {
      const { low, high } = bootstrapEnds(clusters(40, 1000 + run), ratio)!;
      if (low <= 0.5 && 0.5 <= high) held++;
    }
    // 54 to 60 of 60: less happens in one of a hundred series, if the level is 95 %.
    expect(held).toBeGreaterThanOrEqual(53);
  }, 240_000);
});
