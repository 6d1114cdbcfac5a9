import { expect, it } from 'vitest';
import { LoadWatch } from './task-state.ts';

it('has rates of the last seconds, not of the whole run', () => {
  const watch = new LoadWatch();
  expect(watch.rate()).toBeUndefined();
  for (let second = 0; second <= 100; second++) {
    const begun = second <= 60 ? second * 2 : 120 + (second - 60) * 8;
    watch.read(second * 1000, { done: begun - 1, inFlight: 1, outputTokens: begun * 10 }, 1);
  }
  expect(watch.rate()).toBeCloseTo(8);
  expect(watch.tokensPerSecond()).toBeCloseTo(80);
});

it('takes looks that are too close for one', () => {
  const watch = new LoadWatch();
  watch.read(0, { done: 0, inFlight: 0, outputTokens: 0 }, 1);
  watch.read(100, { done: 50, inFlight: 0, outputTokens: 0 }, 1);
  expect(watch.rate()).toBeUndefined();
  watch.read(1000, { done: 5, inFlight: 0, outputTokens: 0 }, 1);
  expect(watch.rate()).toBe(5);
});

it('holds what was in flight between filling and draining against what was asked', () => {
  const watch = new LoadWatch();
  const inFlight = [0, 1, 4, 4, 2, 4, 3, 1];
  let done = 0;
  for (const [second, own] of inFlight.entries()) {
    watch.read(second * 1000, { done, inFlight: own, outputTokens: 0 }, 4, 10);
    done += 1;
  }
  // Full from second 2 on; at second 6 all 9 + … begun cases reach the total and the load drains.
  expect(watch.heldConcurrency()).toBeCloseTo((4 + 2 + 4 + 3) / 4, 0);
  expect(watch.peak).toBe(4);
});

it('begins to count when the load does', () => {
  const watch = new LoadWatch();
  for (const [second, begun] of [0, 0, 0, 4, 8].entries())
    watch.read(second * 1000, { done: begun, inFlight: 0, outputTokens: 0 }, 1);
  expect(watch.rate()).toBe(4);
});
