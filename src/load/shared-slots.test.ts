import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { runLoad, StopSwitch } from './scheduler.ts';
import { SharedSlots } from './shared-slots.ts';

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('setImmediate', (wake: () => void) => setTimeout(wake, 0));
  vi.stubGlobal('clearImmediate', clearTimeout);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

interface Sent {
  readonly load: number;
  readonly n: number;
  readonly scheduled: number;
  readonly sent: number;
  /** In flight then, over all loads. */
  readonly among: number;
}

/** Loads of so many requests, one a turn; a request takes what `durationOf` says, ms on a fake clock, or breaks. */
function share(
  slots: number,
  counts: readonly number[],
  durationOf: (load: number, n: number) => number | Error,
) {
  const clock = () => performance.now();
  const shared = new SharedSlots(slots, clock);
  const stops = counts.map(() => new StopSwitch());
  const sent: Sent[] = [];
  const begunAt: number[] = [];
  let inFlight = 0;
  const send = (load: number) => async (n: number, scheduled: number) => {
    inFlight += 1;
    sent.push({ load, n, scheduled, sent: clock(), among: inFlight });
    const duration = durationOf(load, n);
    await new Promise((resolve) => setTimeout(resolve, typeof duration === 'number' ? duration : 1));
    inFlight -= 1;
    if (duration instanceof Error) throw duration;
  };
  const run = async () => {
    const loads: Promise<number | Error>[] = [];
    for (const [load, count] of counts.entries()) {
      const turn = await shared.turn();
      begunAt.push(clock());
      const plan = { ...turn, concurrency: slots, count, durationMs: Number.POSITIVE_INFINITY, clock };
      loads.push(runLoad({ ...plan, stop: stops[load]! }, send(load)).catch((error: Error) => error));
    }
    return Promise.all(loads);
  };
  return { shared, stops, sent, begunAt, ended: run() };
}

it('holds every slot as long as any load has a request left, and never more, each load in its turn', async () => {
  const load = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 12 });
  const suite = fc.record({
    slots: fc.integer({ min: 1, max: 8 }),
    loads: fc.array(load, { minLength: 1, maxLength: 10 }),
  });
  await fc.assert(
    fc.asyncProperty(suite, async ({ slots, loads }) => {
      const counts = loads.map(({ length }) => length);
      const { sent, begunAt, ended } = share(slots, counts, (load, n) => loads[load]![n]!);
      await vi.runAllTimersAsync();
      expect(await ended).toEqual(counts);
      const total = counts.reduce((sum, count) => sum + count, 0);
      expect(sent.map(({ load, n }) => [load, n])).toEqual(
        counts.flatMap((count, load) => Array.from({ length: count }, (_, n) => [load, n])),
      );
      // Whoever begins takes the one slot that was free, once all have been filled.
      expect(sent.map(({ among }) => among)).toEqual(
        Array.from({ length: total }, (_, n) => Math.min(slots, n + 1)),
      );
      for (const { load, scheduled, sent: at } of sent) {
        expect(scheduled).toBe(at);
        expect(scheduled).toBeGreaterThanOrEqual(begunAt[load]!);
      }
    }),
    { numRuns: 50 },
  );
});

it('passes the turn on when a load is stopped, and nobody begins another request once it is closed', async () => {
  const { shared, stops, sent, ended } = share(2, [100, 3, 100], () => 10);
  await vi.advanceTimersByTimeAsync(25);
  stops[0]!.stop();
  await vi.advanceTimersByTimeAsync(20);
  expect(sent.map(({ load }) => load)).toEqual([0, 0, 0, 0, 0, 0, 1, 1, 1, 2]);
  shared.close();
  await vi.runAllTimersAsync();
  expect(await ended).toEqual([6, 3, 1]);
});

it('passes the turn on when a load breaks', async () => {
  const broken = new Error('broken');
  const { sent, ended } = share(2, [9, 2], (load, n) => (load === 0 && n === 1 ? broken : 5));
  await vi.runAllTimersAsync();
  expect(await ended).toEqual([broken, 2]);
  expect(sent.map(({ load }) => load)).toEqual([0, 0, 1, 1]);
});
