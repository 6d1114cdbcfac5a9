import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Sketch } from './sketch.ts';
import { Series } from './stats.ts';

const duration = fc.oneof(
  fc.double({ min: 0, max: 1e9, noNaN: true }),
  fc.double({ min: 0, max: 0.01, noNaN: true }),
  fc.constantFrom(0, 1, 2, 1024, 0.5, 1 - 2 ** -53),
);
const durations = fc.array(duration, { minLength: 1, maxLength: 300 });

function sketchOf(values: readonly number[]): Sketch {
  const sketch = new Sketch();
  for (const value of values) sketch.add(value);
  return sketch;
}

it('knows every percentile to 0.8 %, or to a microsecond', () => {
  fc.assert(
    fc.property(durations, fc.double({ min: 0, max: 100, noNaN: true }), (values, p) => {
      const exact = new Series();
      for (const value of values) exact.push(value);
      const stats = exact.stats([p])!;
      const wanted = stats.others![`P${p}`]!;
      expect(Math.abs(sketchOf(values).percentile(p)! - wanted)).toBeLessThanOrEqual(
        Math.max(wanted * 0.008, 0.001),
      );
    }),
  );
});

it('adds up from changes as if one had seen everything', () => {
  fc.assert(
    fc.property(fc.array(durations, { minLength: 1, maxLength: 4 }), (parts) => {
      const [sender, receiver] = [new Sketch(), new Sketch()];
      for (const part of parts) {
        for (const value of part) sender.add(value);
        receiver.addChanges(JSON.parse(JSON.stringify(sender.takeChanges())));
      }
      expect(sender.takeChanges()).toEqual([]);
      expect(receiver.length).toBe(parts.flat().length);
      expect([0, 50, 99, 100].map((p) => receiver.percentile(p))).toEqual(
        [0, 50, 99, 100].map((p) => sketchOf(parts.flat()).percentile(p)),
      );
    }),
  );
});

it('counts what is above, and has nothing while it is empty', () => {
  const sketch = sketchOf([1, 2, 4, 8, 16, 1e12, -3]);
  expect(sketch.countAbove(5)).toBe(3);
  expect(sketch.countAbove(0)).toBe(6);
  expect(new Sketch().percentile(50)).toBeUndefined();
  expect(sketchOf([-1, Number.NaN]).percentile(100)).toBe(0);
});
