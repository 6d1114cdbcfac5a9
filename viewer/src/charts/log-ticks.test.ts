import fc from 'fast-check';
import { expect, it } from 'vitest';
import { logTicks } from './log-ticks.ts';

it.each([
  [152.6, 4870, [200, 300, 500, 700, 1000, 2000, 3000]],
  [1, 10, [1, 2, 3, 5, 7, 10]],
  [0.02, 0.9, [0.02, 0.05, 0.1, 0.2, 0.5]],
  [1, 1e6, [1, 10, 100, 1000, 10_000, 100_000, 1_000_000]],
  [152.6, 160, [152.6, 160]],
])('from %d to %d are %j', (low, high, expected) => {
  expect(logTicks(low, high)).toEqual(expected);
});

it('lie inside, in order, and are not many', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1e-3, max: 1e5, noNaN: true }),
      fc.double({ min: 1.001, max: 1e7, noNaN: true }),
      (low, factor) => {
        const ticks = logTicks(low, low * factor);
        expect(ticks.length).toBeGreaterThan(1);
        expect(ticks.length).toBeLessThanOrEqual(12);
        expect(ticks).toEqual([...ticks].sort((a, b) => a - b));
        for (const tick of ticks) expect(tick >= low && tick <= low * factor).toBe(true);
      },
    ),
  );
});
