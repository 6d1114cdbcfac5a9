import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { closedLoop, constantRate } from './pacer.ts';
import { type LoadPlan, runLoad, StopSwitch } from './scheduler.ts';

beforeEach(() => {
  vi.useFakeTimers();
  // A turn of the loop takes a moment on the fake clock too, or the end of a wait would never come.
  vi.stubGlobal('setImmediate', (wake: () => void) => setTimeout(wake, 1));
  vi.stubGlobal('clearImmediate', clearTimeout);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

interface Sent {
  readonly n: number;
  readonly scheduled: number;
  readonly sent: number;
}

/** A load whose requests take `durationOf(n)` milliseconds on a fake clock. */
function load(plan: Partial<LoadPlan> & Pick<LoadPlan, 'pacer'>, durationOf: (n: number) => number) {
  const start = performance.now();
  const clock = () => performance.now() - start;
  const sent: Sent[] = [];
  const state = { inFlight: 0, peak: 0 };
  const stop = plan.stop ?? new StopSwitch();
  const send = async (n: number, scheduled: number) => {
    sent.push({ n, scheduled, sent: clock() });
    state.inFlight += 1;
    state.peak = Math.max(state.peak, state.inFlight);
    await new Promise((resolve) => setTimeout(resolve, durationOf(n)));
    state.inFlight -= 1;
  };
  const run = runLoad({ paced: false, concurrency: 10, clock, ...plan, stop }, send);
  return { run, sent, state, stop, clock };
}

describe('a closed loop', () => {
  it('holds as many in flight as it may, and refills a slot when it becomes free', async () => {
    const durations = [30, 10, 20, 10, 10, 10];
    const { run, sent, state } = load(
      { pacer: closedLoop(6), concurrency: 2 },
      (n) => durations[n] as number,
    );
    await vi.advanceTimersByTimeAsync(15);
    expect(state.inFlight).toBe(2);
    await vi.runAllTimersAsync();
    expect(await run).toBe(6);
    expect(state.peak).toBe(2);
    expect(sent).toEqual([
      { n: 0, scheduled: 0, sent: 0 },
      { n: 1, scheduled: 0, sent: 0 },
      { n: 2, scheduled: 10, sent: 10 },
      { n: 3, scheduled: 30, sent: 30 },
      { n: 4, scheduled: 30, sent: 30 },
      { n: 5, scheduled: 40, sent: 40 },
    ]);
  });

  it('sends fewer than it may when there are fewer', async () => {
    const { run, state } = load({ pacer: closedLoop(3), concurrency: 100 }, () => 5);
    await vi.runAllTimersAsync();
    expect(await run).toBe(3);
    expect(state.peak).toBe(3);
  });

  it('schedules a request when its slot became free, though we came to send it later', async () => {
    let now = 0;
    const sent: [number, number][] = [];
    const plan = {
      pacer: closedLoop(4),
      paced: false,
      concurrency: 2,
      clock: () => now,
      stop: new StopSwitch(),
    };
    const finish: (() => void)[] = [];
    const run = runLoad(plan, (n, scheduled) => {
      now += 7; // Making a request takes us 7 ms.
      sent.push([n, scheduled]);
      return new Promise((resolve) => finish.push(resolve));
    });
    expect(sent).toEqual([
      [0, 0],
      [1, 0],
    ]);
    now = 100;
    finish[0]?.();
    finish[1]?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(sent.slice(2)).toEqual([
      [2, 100],
      [3, 100],
    ]);
    for (const end of finish) end();
    expect(await run).toBe(4);
  });

  it('is over at once when there is nothing to send', async () => {
    expect(await load({ pacer: closedLoop(0) }, () => 1).run).toBe(0);
  });
});

describe('a paced load', () => {
  it('sends on the schedule, whether replies come or not', async () => {
    const { run, sent } = load({ pacer: constantRate(4, 100), paced: true }, () => 1000);
    await vi.runAllTimersAsync();
    expect(await run).toBe(4);
    expect(sent.map(({ scheduled }) => scheduled)).toEqual([0, 10, 20, 30]);
    expect(sent.map(({ sent }) => sent)).toEqual([0, 10, 20, 30]);
  });

  it('with a cap sends late, skips nothing and leaves the schedule where it was', async () => {
    const durations = [35, 1, 1, 1, 1, 1];
    const { run, sent, state } = load(
      { pacer: constantRate(6, 100), paced: true, concurrency: 1 },
      (n) => durations[n] as number,
    );
    await vi.runAllTimersAsync();
    expect(await run).toBe(6);
    expect(state.peak).toBe(1);
    expect(sent.map(({ scheduled }) => scheduled)).toEqual([0, 10, 20, 30, 40, 50]);
    expect(sent.map(({ sent }) => sent)).toEqual([0, 35, 36, 37, 40, 50]);
  });
});

describe('the stop switch', () => {
  it('ends the wait for the next due time; what is in flight finishes', async () => {
    const { run, sent, state, stop } = load({ pacer: constantRate(100, 10), paced: true }, () => 500);
    await vi.advanceTimersByTimeAsync(150);
    stop.stop();
    stop.stop();
    let over = false;
    void run.then(() => (over = true));
    await vi.advanceTimersByTimeAsync(200);
    expect([sent.length, state.inFlight, over]).toEqual([2, 2, false]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await run).toBe(2);
  });

  it('ends the wait for a slot', async () => {
    const { run, sent, stop } = load({ pacer: closedLoop(100), concurrency: 1 }, () => 50);
    await vi.advanceTimersByTimeAsync(10);
    stop.stop();
    await vi.runAllTimersAsync();
    expect(await run).toBe(1);
    expect(sent).toHaveLength(1);
  });

  it('thrown before the start sends nothing', async () => {
    const stop = new StopSwitch();
    stop.stop();
    expect(await load({ pacer: closedLoop(5), stop }, () => 1).run).toBe(0);
  });
});

describe('an error of the sender', () => {
  const plan = (stop = new StopSwitch()): LoadPlan => ({
    pacer: closedLoop(100),
    paced: false,
    concurrency: 3,
    clock: () => performance.now(),
    stop,
  });

  it.each([
    [
      'rejected',
      async () => {
        throw new Error('disk full');
      },
    ],
    [
      'thrown',
      () => {
        throw new Error('disk full');
      },
    ],
  ] as [string, () => Promise<void>][])(
    '%s, ends the load after what is in flight, and surfaces',
    async (_name, fail) => {
      let finished = 0;
      let started = 0;
      const run = runLoad(plan(), (n) => {
        started += 1;
        if (n === 1) return fail();
        return new Promise((resolve) => setTimeout(resolve, 10)).then(() => {
          finished += 1;
        });
      });
      const outcome = expect(run).rejects.toThrow('disk full');
      await vi.runAllTimersAsync();
      await outcome;
      expect(started).toBeLessThanOrEqual(3);
      expect(finished).toBe(started - 1);
    },
  );
});
