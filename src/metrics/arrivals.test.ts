import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Arrivals } from './arrivals.ts';

test('tokens are counted where they arrived', () => {
  const arrivals = new Arrivals(1);
  arrivals.add(0.5, 3);
  arrivals.add(10, 2);
  expect([arrivals.between(0, 10), arrivals.between(0, 11), arrivals.between(1, 11)]).toEqual([3, 5, 2]);
});

test('every window of whole bins knows its tokens, however long the run', () => {
  const arrival = fc.tuple(fc.double({ min: 0, max: 1e7, noNaN: true }), fc.integer({ min: 1, max: 9 }));
  fc.assert(
    fc.property(
      fc.array(arrival, { minLength: 1, maxLength: 100 }),
      fc.nat(100),
      fc.nat(100),
      (all, a, b) => {
        const arrivals = new Arrivals();
        for (const [at, tokens] of all) arrivals.add(at, tokens);
        const [from, to] = [Math.min(a, b), Math.max(a, b)].map((bin) => 40 * bin * arrivals.width);
        const inside = all.filter(([at]) => at >= from! && at < to!);
        expect(arrivals.between(from!, to!)).toBe(inside.reduce((sum, [, tokens]) => sum + tokens, 0));
        expect(arrivals.total).toBe(all.reduce((sum, [, tokens]) => sum + tokens, 0));
      },
    ),
  );
});
