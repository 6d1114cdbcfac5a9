import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cellsOf, openOf, perSecond, quantilesOf, rateOf } from './cells.ts';
import { lanesOf } from './lanes.ts';

const spans = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 0, max: 300 })), {
    minLength: 1,
    maxLength: 80,
  })
  .map((pairs) => pairs.sort(([a], [b]) => a - b))
  .map((pairs) => ({
    from: Float64Array.from(pairs, ([from]) => from),
    to: Float64Array.from(pairs, ([from, length]) => from + length),
  }));

it('lays no two spans of a lane over each other, in as many lanes as overlap at most', () => {
  fc.assert(
    fc.property(spans, ({ from, to }) => {
      const { lane, count } = lanesOf(from, to);
      const ends = new Map<number, number>();
      for (const [n, own] of lane.entries()) {
        expect(ends.get(own) ?? 0).toBeLessThanOrEqual(from[n]!);
        ends.set(own, to[n]!);
      }
      const open = (at: number, until: number) =>
        from.filter((begin, n) => n <= until && begin <= at && (to[n]! > at || n === until)).length;
      expect(count).toBe(Math.max(...from.map((at, n) => open(at, n))));
    }),
  );
});

it('spreads the time of spans over cells and loses none of it', () => {
  fc.assert(
    fc.property(spans, ({ from, to }) => {
      const stretch = { from: from[0]!, to: Math.max(...to) };
      const cells = cellsOf(stretch, from.length);
      const area = openOf(cells, from, to).reduce((sum, open) => sum + open * cells.width, 0);
      const whole = to.reduce((sum, end, n) => sum + end - from[n]!, 0);
      if (stretch.to > stretch.from) expect(area).toBeCloseTo(whole, 5);
      const rate = rateOf(cells, from).reduce((sum, one) => sum + (one * cells.width) / 1000, 0);
      expect(rate).toBeCloseTo(from.length, 5);
    }),
  );
});

it('sums narrow cells up and loses no count', () => {
  const perCell = Float64Array.from({ length: 60 }, (_, n) => n % 7);
  const { x, y } = perSecond({ from: 0, to: 600 }, { width: 10, perCell }, 9);
  const each = x[1]! - x[0]!;
  expect(y.reduce((sum, rate) => sum + (rate * each) / 1000, 0)).toBeCloseTo(
    perCell.reduce((a, b) => a + b, 0),
    6,
  );
});

it('has quantiles of the cells that hold something', () => {
  const cells = cellsOf({ from: 0, to: 24 }, 1);
  const at = Float64Array.of(0.5, 0.6, 0.7, 5.5, 6);
  const [p50] = quantilesOf(cells, at, Float64Array.of(3, 1, 2, 9, Number.NaN), [0.5]);
  expect([p50![0], p50![1], p50![5], p50![6]]).toEqual([2, null, 9, null]);
});
