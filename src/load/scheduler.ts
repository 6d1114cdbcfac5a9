import type { Pacer } from './pacer.ts';

/** Ends a load early: nothing more is sent, what is in flight finishes. */
export class StopSwitch {
  stopped = false;
  /** Called once, when the switch is thrown. */
  onStop: (() => void) | undefined;

  stop(): void {
    if (this.stopped) return;
    this.stopped = true;
    this.onStop?.();
  }
}

export interface LoadPlan {
  readonly pacer: Pacer;
  /** Whether the pacer sets times; else a request is scheduled at the moment its slot became free. */
  readonly paced: boolean;
  /** Largest number in flight. */
  readonly concurrency: number;
  /** Milliseconds on the run's clock. */
  readonly clock: () => number;
  readonly stop: StopSwitch;
}

/**
 * Sends requests 0, 1, 2, … when they are due and a slot is free. A late request is sent late: it is never skipped, and
 * the schedule is never moved. Resolves when everything sent has finished, with the number sent.
 */
export async function runLoad(
  plan: LoadPlan,
  send: (n: number, scheduled: number) => Promise<void>,
): Promise<number> {
  const { clock, concurrency, pacer, stop } = plan;
  const sleep = new Sleep();
  stop.onStop = sleep.wake;
  const start = clock();
  const freedAt: number[] = [];
  let inFlight = 0;
  let broken: { error: unknown } | undefined;
  const launch = async (n: number, scheduled: number): Promise<void> => {
    inFlight += 1;
    try {
      await send(n, scheduled);
    } catch (error) {
      broken ??= { error };
    }
    inFlight -= 1;
    if (!plan.paced) freedAt.push(clock());
    sleep.wake();
  };
  let n = 0;
  while (!stop.stopped && broken === undefined) {
    const offset = pacer(n);
    if (offset === undefined) break;
    const wait = start + offset - clock();
    if (wait > 0) await sleep.until(wait);
    else if (inFlight >= concurrency) await sleep.until();
    else {
      const slotFreeAt = n < concurrency ? start : (freedAt.shift() ?? start);
      void launch(n, plan.paced ? start + offset : slotFreeAt);
      n += 1;
    }
  }
  while (inFlight > 0) await sleep.until();
  if (broken !== undefined) throw (broken as { error: unknown }).error;
  return n;
}

/** Node's timers are whole milliseconds and fire up to one late: they wait until so long before, turns of the loop do the rest. */
const TIMER_SLACK_MS = 2;

/** What the sending loop waits on: a due time, a finished request, the stop switch; whichever comes first wakes it. */
class Sleep {
  #timer: NodeJS.Timeout | undefined;
  #turn: NodeJS.Immediate | undefined;
  #resolve: (() => void) | undefined;

  /** May wake before the time is over: the caller looks at the clock again. */
  until(milliseconds?: number): Promise<void> {
    return new Promise((resolve) => {
      this.#resolve = resolve;
      if (milliseconds === undefined) return;
      if (milliseconds > TIMER_SLACK_MS) this.#timer = setTimeout(this.wake, milliseconds - TIMER_SLACK_MS);
      else this.#turn = setImmediate(this.wake);
    });
  }

  readonly wake = (): void => {
    clearTimeout(this.#timer);
    clearImmediate(this.#turn);
    this.#timer = undefined;
    this.#turn = undefined;
    this.#resolve?.();
    this.#resolve = undefined;
  };
}
