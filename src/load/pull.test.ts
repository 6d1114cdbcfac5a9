import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PulledLoad, StopSwitch } from './scheduler.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface Setting {
  readonly cases: number;
  readonly slots: () => number;
  readonly durationOf: (n: number) => number;
  /** From when a case is wanted until it is handed over, ms. */
  readonly handOver?: number;
}

/** A queue of cases and a load that takes them. */
function pulled({ cases, slots, durationOf, handOver = 0 }: Setting) {
  const state = { wanted: 0, inFlight: 0, peak: 0, queued: cases, isAbove: false };
  const sent: number[] = [];
  const stop = new StopSwitch();
  const plan = {
    slots,
    stop,
    clock: () => performance.now(),
    want: (more: number) => {
      state.wanted += more;
      for (let n = 0; n < more; n++) setTimeout(give, handOver);
    },
  };
  const send = async (n: number) => {
    sent.push(n);
    state.inFlight += 1;
    state.isAbove ||= state.inFlight > slots();
    state.peak = Math.max(state.peak, state.inFlight);
    await new Promise((resolve) => setTimeout(resolve, durationOf(n)));
    state.inFlight -= 1;
  };
  const load = new PulledLoad(plan, send);
  function give(): void {
    if (state.queued > 0) load.take(cases - state.queued--);
    else load.end();
  }
  return { load, state, sent, stop };
}

describe('a load that is pulled', () => {
  it('sends every case once, and as many at once as there are slots', async () => {
    const { load, state, sent } = pulled({ cases: 20, slots: () => 4, durationOf: (n) => 10 + n });
    await vi.runAllTimersAsync();
    expect(await load.finished).toBe(20);
    expect(sent).toEqual(Array.from({ length: 20 }, (_, n) => n));
    expect(state.peak).toBe(4);
  });

  it('never has more in flight than there are slots, however their number moves', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 30 }),
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 0, max: 30 }),
        async (limits, durations, handOver) => {
          let step = 0;
          const slots = () => limits[Math.floor(step / 3) % limits.length]!;
          const durationOf = (n: number) => durations[n % durations.length]!;
          const { load, state, sent } = pulled({ cases: 40, slots, durationOf, handOver });
          const moving = setInterval(() => {
            step += 1;
            load.fill();
          }, 7);
          void load.finished.then(() => clearInterval(moving));
          await vi.runAllTimersAsync();
          expect(await load.finished).toBe(40);
          expect(sent).toHaveLength(new Set(sent).size);
          expect(state.isAbove).toBe(false);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('asks for no case beyond its slots', async () => {
    const { load, state, stop } = pulled({ cases: 0, slots: () => 3, durationOf: () => 1, handOver: 1e6 });
    expect(state.wanted).toBe(3);
    load.fill();
    expect(state.wanted).toBe(3);
    stop.stop();
    expect(await load.finished).toBe(0);
  });

  it('stopped, it sends nothing more, and what is in flight ends', async () => {
    const { load, state, sent, stop } = pulled({ cases: 50, slots: () => 5, durationOf: () => 100 });
    await vi.advanceTimersByTimeAsync(50);
    stop.stop();
    load.take(49);
    expect(state.inFlight).toBe(5);
    await vi.advanceTimersByTimeAsync(100);
    expect(await load.finished).toBe(5);
    expect(sent).toHaveLength(5);
  });

  it('what sending throws ends it', async () => {
    const load = new PulledLoad(
      { slots: () => 2, want: () => {}, clock: () => 0, stop: new StopSwitch() },
      async (n) => {
        if (n === 1) throw new Error('disk full');
      },
    );
    load.take(0);
    load.take(1);
    await expect(load.finished).rejects.toThrow('disk full');
  });
});
