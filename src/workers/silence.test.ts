import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SilenceWatch } from './channel.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A watch with a limit of 1000 ms that looks every 200 ms, on a clock of its own. */
function watch(limit: () => { ms: number; since?: number } = () => ({ ms: 1000 })) {
  const clock = { now: 0 };
  const silences: number[] = [];
  const one = new SilenceWatch({
    limit,
    everyMs: 200,
    onSilence: (ms) => silences.push(ms),
    now: () => clock.now,
  });
  const pass = (ms: number) => {
    for (let passed = 0; passed < ms; passed += 200) {
      clock.now += 200;
      vi.advanceTimersByTime(200);
    }
  };
  return { one, clock, silences, pass };
}

it('reports a silence once, with its length', () => {
  const { one, silences, pass } = watch();
  pass(600);
  one.heard();
  pass(1000);
  expect(silences).toEqual([]);
  pass(200);
  pass(5000);
  expect(silences).toEqual([1200]);
});

it('does not count time in which this process itself did not run', () => {
  const { one, clock, silences, pass } = watch();
  pass(400);
  // The process was stopped: the clock went on, and no timer fired.
  clock.now += 60_000;
  pass(200);
  one.heard();
  pass(1000);
  expect(silences).toEqual([]);
});

it('counts from when its limit says, where that is later than the last sign of life', () => {
  let since = 0;
  const { silences, pass } = watch(() => ({ ms: 1000, since }));
  since = 800;
  pass(1800);
  expect(silences).toEqual([]);
  pass(200);
  expect(silences).toEqual([1200]);
});

it('ends when it is stopped', () => {
  const { one, silences, pass } = watch();
  one.stop();
  pass(10_000);
  expect(silences).toEqual([]);
});
