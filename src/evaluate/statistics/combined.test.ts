import fc from 'fast-check';
import { expect, it } from 'vitest';
import { combinedInterval } from './interval.ts';

const part = (value: number, low: number, high: number, slope: number) => ({
  ...{ value, slope },
  interval: { low, high },
});

it('of one part is that of the part', () => {
  expect(combinedInterval(40, [part(40, 31, 52, 1)])).toEqual({
    ...{ low: 31, high: 52, level: 0.95, method: 'from the parts' },
  });
});

it('of a mean of two is narrower than each, and of a difference takes the far ends', () => {
  const mean = combinedInterval(50, [part(40, 30, 50, 0.5), part(60, 50, 70, 0.5)]);
  expect(mean.low).toBeCloseTo(50 - Math.sqrt(50), 10);
  const difference = combinedInterval(20, [part(40, 30, 44, -1), part(60, 57, 70, 1)]);
  expect(difference.low).toBeCloseTo(20 - Math.hypot(4, 3), 10);
  expect(difference.high).toBeCloseTo(20 + Math.hypot(10, 10), 10);
});

it('of a mean lies between the lowest and the highest end', () => {
  const one = fc.tuple(fc.nat(100), fc.nat(100), fc.nat(100)).map((ends) => ends.sort((a, b) => a - b));
  fc.assert(
    fc.property(fc.array(one, { minLength: 1, maxLength: 20 }), (parts) => {
      const mean = parts.reduce((sum, [, value]) => sum + value!, 0) / parts.length;
      const slope = 1 / parts.length;
      const list = parts.map(([low, value, high]) => part(value!, low!, high!, slope));
      const { low, high } = combinedInterval(mean, list);
      expect(low).toBeGreaterThanOrEqual(Math.min(...parts.map(([own]) => own!)) - 1e-9);
      expect(high).toBeLessThanOrEqual(Math.max(...parts.map(([, , own]) => own!)) + 1e-9);
      expect(low).toBeLessThanOrEqual(mean);
      expect(high).toBeGreaterThanOrEqual(mean);
    }),
    { numRuns: 100 },
  );
});
