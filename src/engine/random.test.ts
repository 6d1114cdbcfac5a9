import { describe, expect, it } from 'vitest';
import { hashText, seededRandom } from './random.ts';

describe('hashText', () => {
  it('differs by text and by seed, also where both change together', () => {
    expect(hashText('a', 1)).toBe(hashText('a', 1));
    expect(new Set([hashText('a', 1), hashText('b', 1), hashText('a', 2), hashText('b', 2)]).size).toBe(4);
  });
});

describe('seededRandom', () => {
  it('is evenly spread over [0, 1), for near seeds too', () => {
    for (const seed of [0, 1, 2, 2 ** 32 - 1]) {
      const random = seededRandom(seed);
      const tenths = Array.from({ length: 10 }, () => 0);
      for (let i = 0; i < 10_000; i++) tenths[Math.floor(random() * 10)]!++;
      for (const count of tenths) expect(Math.abs(count - 1000)).toBeLessThan(200);
    }
  });

  it('repeats for the same seed', () => {
    const take = (seed: number): number[] => Array.from({ length: 5 }, seededRandom(seed));
    expect(take(9)).toEqual(take(9));
    expect(take(9)).not.toEqual(take(10));
  });
});
