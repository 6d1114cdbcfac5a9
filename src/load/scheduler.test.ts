import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { atOnce, constantRate } from './pacer.ts';
import { closedLoop, type LoadPlan, openLoop, runLoad, StopSwitch } from './scheduler.ts';

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

const closed = (count: number, concurrency = 10, opening = atOnce()) => ({
  loop: closedLoop(concurrency, opening),
  count,
  concurrency,
});
const open = (count: number, rate: number) => ({ loop: openLoop(constantRate(rate)), count });

/** A load whose requests take `durationOf(n)` milliseconds on a fake clock. */
function load(plan: Partial<LoadPlan> & Pick<LoadPlan, 'loop' | 'count'>, durationOf: (n: number) => number) {
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
  const run = runLoad({ concurrency: 10, durationMs: Number.POSITIVE_INFINITY, clock, ...plan, stop }, send);
  return { run, sent, state, stop, clock };
}

describe('a closed loop', () => {
  it('holds as many in flight as it may, and refills a slot when it becomes free', async () => {
    const durations = [30, 10, 20, 10, 10, 10];
    const { run, sent, state } = load(closed(6, 2), (n) => durations[n] as number);
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

  it('refills a slot in the turn in which its request ended: no timer stands between', async () => {
    const finish: (() => void)[] = [];
    const plan = { ...closed(3, 1), durationMs: 1e9, clock: () => 0, stop: new StopSwitch() };
    const run = runLoad(plan, () => new Promise((resolve) => finish.push(resolve)));
    for (const n of [0, 1, 2]) {
      expect(finish).toHaveLength(n + 1);
      finish[n]!();
      for (let step = 0; step < 20; step++) await Promise.resolve();
      expect(vi.getTimerCount()).toBe(0);
    }
    expect(await run).toBe(3);
  });

  it('sends fewer than it may when there are fewer', async () => {
    const { run, state } = load(closed(3, 100), () => 5);
    await vi.runAllTimersAsync();
    expect(await run).toBe(3);
    expect(state.peak).toBe(3);
  });

  it('schedules a request when its slot became free, though we came to send it later', async () => {
    let now = 0;
    const sent: [number, number][] = [];
    const plan = {
      ...closed(4, 2),
      durationMs: Number.POSITIVE_INFINITY,
      clock: () => now,
      stop: new StopSwitch(),
    };
    const finish: (() => void)[] = [];
    const run = runLoad(plan, (n, scheduled) => {
      now += 1.5; // Making a request takes us 1.5 ms.
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
    expect(await load(closed(0), () => 1).run).toBe(0);
  });
});

describe('a paced load', () => {
  it('sends on the schedule, whether replies come or not', async () => {
    const { run, sent } = load(open(4, 100), () => 1000);
    await vi.runAllTimersAsync();
    expect(await run).toBe(4);
    expect(sent.map(({ scheduled }) => scheduled)).toEqual([0, 10, 20, 30]);
    expect(sent.map(({ sent }) => sent)).toEqual([0, 10, 20, 30]);
  });

  it('with a cap sends late, skips nothing and leaves the schedule where it was', async () => {
    const durations = [35, 1, 1, 1, 1, 1];
    const { run, sent, state } = load({ ...open(6, 100), concurrency: 1 }, (n) => durations[n] as number);
    await vi.runAllTimersAsync();
    expect(await run).toBe(6);
    expect(state.peak).toBe(1);
    expect(sent.map(({ scheduled }) => scheduled)).toEqual([0, 10, 20, 30, 40, 50]);
    expect(sent.map(({ sent }) => sent)).toEqual([0, 35, 36, 37, 40, 50]);
  });
});

describe('a load of clients that are opened one after the other', () => {
  it('counts a client’s first request from its opening, the others from the end of the one before', async () => {
    const { run, sent } = load({ ...closed(7, 3, constantRate(50)), durationMs: 100 }, () => 25);
    await vi.runAllTimersAsync();
    expect(await run).toBe(7);
    expect(sent.map(({ scheduled }) => scheduled)).toEqual([0, 20, 25, 40, 45, 50, 65]);
    expect(sent.map((one) => one.sent)).toEqual(sent.map(({ scheduled }) => scheduled));
  });

  it('sends nothing once its time is over, and what is in flight finishes', async () => {
    const { run, sent, clock } = load({ ...closed(1000, 2), durationMs: 100 }, () => 30);
    await vi.runAllTimersAsync();
    expect(await run).toBe(8);
    expect(sent.at(-1)).toMatchObject({ sent: 90 });
    expect(clock()).toBe(120);
  });

  it('ends where no client is opened in time, or at all', async () => {
    const late = load({ ...closed(10, 2, () => 500), durationMs: 100 }, () => 1);
    const never = load({ ...closed(10, 2, () => undefined), durationMs: 100 }, () => 1);
    await vi.runAllTimersAsync();
    expect([await late.run, await never.run]).toEqual([0, 0]);
  });
});

describe('a paced load with an end', () => {
  it('sends late what was due before the end', async () => {
    const { run, sent } = load({ ...open(1000, 100), durationMs: 50, concurrency: 1 }, () => 40);
    await vi.runAllTimersAsync();
    expect(await run).toBe(5);
    expect(sent.map((one) => one.sent)).toEqual([0, 40, 80, 120, 160]);
  });

  it('starts when it is told to', async () => {
    const { run, sent } = load({ ...open(3, 100), start: 200 }, () => 1);
    await vi.runAllTimersAsync();
    expect(await run).toBe(3);
    expect(sent.map((one) => one.sent)).toEqual([200, 210, 220]);
  });

  it('lets replies be read between many that are due at once', async () => {
    let now = 0;
    let turns = 0;
    const clock = () => now;
    const plan = {
      ...open(100, 1e9),
      longestBurstMs: 2,
      concurrency: 100,
      durationMs: 1e9,
      clock,
      stop: new StopSwitch(),
    };
    const run = runLoad(plan, async () => {
      if (now === 0) setTimeout(() => (turns += 1), 1);
      now += 1;
    });
    expect(now).toBeLessThan(10);
    await vi.runAllTimersAsync();
    expect([await run, turns]).toEqual([100, 1]);
  });
});

describe('turns of the loop shortly before a due time', () => {
  it.each([
    ['are told where nothing is done in them', 0.005, true],
    ['are not told where they take time', 0.1, false],
  ])('%s', async (_, step, told) => {
    let now = 0;
    const idle: number[] = [];
    const clock = () => {
      now += step;
      return now;
    };
    const plan = { ...open(3, 5000), concurrency: 9, durationMs: 1e9, clock, stop: new StopSwitch() };
    const run = runLoad({ ...plan, onIdleTurn: (ms) => idle.push(ms) }, async () => {});
    await vi.runAllTimersAsync();
    expect(await run).toBe(3);
    expect(idle.length > 0).toBe(told);
    expect(idle.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(0.4);
  });
});

describe('a server that freezes for 2 s at 100 requests a second', () => {
  it.each([10_000, 16])('has the response latency of the closed form, %i in flight', async (concurrency) => {
    const [rate, seconds, freezeAt, freezeMs, serviceMs] = [100, 30, 10_000, 2000, 5];
    const latencies: number[] = [];
    const serve = (at: number) => (at >= freezeAt && at < freezeAt + freezeMs ? freezeAt + freezeMs - at : 0);
    const start = performance.now();
    const clock = () => performance.now() - start;
    const plan = {
      ...open(rate * seconds, rate),
      concurrency,
      durationMs: 1e9,
      clock,
      stop: new StopSwitch(),
    };
    const run = runLoad(plan, async (_n, scheduled) => {
      await new Promise((resolve) => setTimeout(resolve, serve(clock()) + serviceMs));
      latencies.push(clock() - scheduled);
    });
    await vi.advanceTimersByTimeAsync(40_000);
    expect(await run).toBe(rate * seconds);
    latencies.sort((a, b) => a - b);
    const p99 = latencies[Math.ceil(0.99 * latencies.length) - 1]!;
    // Of the run's requests 1 % waited longer than those that were due this long before the thaw.
    const closedForm = freezeMs - (0.01 * rate * seconds * 1000) / rate + serviceMs;
    expect(p99).toBeGreaterThan(closedForm * 0.98);
    expect(p99).toBeLessThan(closedForm * 1.02);
  });
});

describe('the stop switch', () => {
  it('ends the wait for the next due time; what is in flight finishes', async () => {
    const { run, sent, state, stop } = load(open(100, 10), () => 500);
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
    const { run, sent, stop } = load(closed(100, 1), () => 50);
    await vi.advanceTimersByTimeAsync(10);
    stop.stop();
    await vi.runAllTimersAsync();
    expect(await run).toBe(1);
    expect(sent).toHaveLength(1);
  });

  it('thrown before the start sends nothing', async () => {
    const stop = new StopSwitch();
    stop.stop();
    expect(await load({ ...closed(5), stop }, () => 1).run).toBe(0);
  });
});

describe('an error of the sender', () => {
  const plan = (stop = new StopSwitch()): LoadPlan => ({
    ...closed(100, 3),
    durationMs: Number.POSITIVE_INFINITY,
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
