import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { between, hashText, seededRandom, shuffledOrder } from './random.ts';

describe('seeded random numbers', () => {
  it('are the same for the same seed, and others for another', () => {
    const draw = (seed: string | number) => {
      const next = seededRandom(seed);
      return Array.from({ length: 20 }, next);
    };
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(draw(a)).toEqual(draw(a));
        if (a !== b) expect(draw(a)).not.toEqual(draw(b));
      }),
    );
  });

  it('lie between the limits, both of which occur, and are even', () => {
    const random = seededRandom('even');
    const counts = [0, 0, 0, 0, 0];
    for (let i = 0; i < 10_000; i++) counts[between(random, 3, 7) - 3]! += 1;
    // 2,000 each, standard deviation 40.
    for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(200);
    const next = seededRandom('mean');
    const mean = Array.from({ length: 10_000 }, next).reduce((sum, value) => sum + value, 0) / 10_000;
    expect(mean).toBeCloseTo(0.5, 1);
  });

  it('are even for near seeds too', () => {
    for (const seed of [0, 1, 2, 2 ** 32 - 1]) {
      const random = seededRandom(seed);
      const tenths = Array.from({ length: 10 }, () => 0);
      for (let i = 0; i < 10_000; i++) tenths[Math.floor(random() * 10)]!++;
      for (const count of tenths) expect(Math.abs(count - 1000)).toBeLessThan(200);
    }
  });

  it('shuffle into an order of all', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.string(), (count, seed) => {
        const order = shuffledOrder(count, seededRandom(seed));
        expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
      }),
    );
    expect(shuffledOrder(50, seededRandom(1))).not.toEqual(Array.from({ length: 50 }, (_, i) => i));
  });
});

describe('a hash of a text', () => {
  it('differs by text and by seed, also where both change together', () => {
    expect(hashText('a', 1)).toBe(hashText('a', 1));
    expect(new Set([hashText('a', 1), hashText('b', 1), hashText('a', 2), hashText('b', 2)]).size).toBe(4);
  });
});
