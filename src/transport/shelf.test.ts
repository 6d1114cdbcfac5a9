import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Shelf } from './late-work.ts';

it('keeps what was placed, at its place, until it is dropped, however it has to move and grow', () => {
  const step = fc.oneof(
    fc.nat(9).map((place) => ({ place })),
    fc.nat(9).map((drop) => ({ drop })),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const shelf = new Shelf((length) => new Float64Array(length), 4);
      let placed = 0;
      for (const one of steps) {
        if ('place' in one) {
          expect(shelf.place(one.place)).toBe(placed);
          for (let n = 0; n < one.place; n++, placed++) shelf.items[shelf.index(placed)] = placed;
        } else {
          shelf.drop(Math.min(one.drop, shelf.end - shelf.start));
          shelf.shrink();
          expect(shelf.items.length).toBeLessThanOrEqual(Math.max(8, 16 * (shelf.end - shelf.start)));
        }
        expect(shelf.end).toBe(placed);
        for (let place = shelf.start; place < placed; place++) {
          expect(shelf.items[shelf.index(place)]).toBe(place);
        }
      }
    }),
  );
});
