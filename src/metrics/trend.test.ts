import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { steadyCut, trendOf } from './steady.ts';

/** Values about a level, the same each time. */
function noise(count: number, seed: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31 - 0.5;
  });
}

describe('where a ramp ends', () => {
  test('is found, to a value or two', () => {
    const ramp = Array.from({ length: 50 }, (_, i) => Math.min(10, i)).map(
      (value, i) => value + 0.1 * noise(50, 3)[i]!,
    );
    expect(steadyCut(ramp)).toBeGreaterThanOrEqual(9);
    expect(steadyCut(ramp)).toBeLessThanOrEqual(12);
  });

  test('what never changes is kept whole', () => {
    expect(steadyCut(new Array(50).fill(8.1))).toBe(0);
  });

  test('noise costs little on average', () => {
    const cuts = Array.from({ length: 100 }, (_, seed) =>
      steadyCut(noise(50, seed + 1).map((value) => 10 + value)),
    );
    expect(cuts.reduce((sum, cut) => sum + cut, 0) / cuts.length).toBeLessThan(6);
  });

  test('is in the first half, and does not depend on the unit', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { minLength: 20, maxLength: 60 }), (values) => {
        const cut = steadyCut(values);
        expect(cut).toBeGreaterThanOrEqual(0);
        expect(cut).toBeLessThanOrEqual(values.length / 2);
        expect(steadyCut(values.map((value) => 4 * value))).toBe(cut);
      }),
    );
  });
});

describe('a trend', () => {
  test('is the change over the whole stretch in means', () => {
    const rising = Array.from({ length: 100 }, (_, i) => 100 + i + 0.5);
    const { change, t } = trendOf('TTFT', rising);
    expect(change).toBeCloseTo(100 / 150, 6);
    expect(t).toBeGreaterThan(1000);
    expect(trendOf('TTFT', [...rising].reverse()).change).toBeCloseTo(-100 / 150, 6);
  });

  test('is not seen in what is level', () => {
    expect(trendOf('TTFT', new Array(40).fill(5))).toEqual({ signal: 'TTFT', change: 0, t: 0 });
    const strong = Array.from({ length: 200 }, (_, seed) => trendOf('TTFT', noise(50, seed + 1)));
    expect(strong.filter(({ t }) => Math.abs(t) > 3.355).length).toBeLessThanOrEqual(8);
  });
});
