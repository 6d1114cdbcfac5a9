import type { Pacer } from './pacer.ts';

/** What a load waits for before it sends the next request. */
export interface LoadLoop {
  /** When the next request is due, ms from the start. Infinity: when a slot is freed; undefined: the load is over. */
  due(): number | undefined;
  /** The request that was due is sent. */
  take(): void;
  /** A slot became free, ms from the start. */
  freed(at: number): void;
  /** The load takes no more slots. */
  left?(): void;
  /** Is called where a slot became free that another load had. */
  onFreed?: () => void;
}

/** Requests leave by a schedule, whether others have ended or not. */
export function openLoop(pacer: Pacer): LoadLoop {
  let n = 0;
  return {
    // What is never due waits for nothing that could end.
    due: () => {
      const due = pacer(n);
      return due === Number.POSITIVE_INFINITY ? undefined : due;
    },
    take: () => {
      n += 1;
    },
    freed: () => {},
  };
}

/** A request leaves when its slot is free: when the slot is opened (`opening`, by slot number), then when its request ends. */
export function closedLoop(slots: number, opening: Pacer): LoadLoop {
  let opened = 0;
  let taken = 0;
  const freedAt: number[] = [];
  const nextOpening = () =>
    opened < slots ? (opening(opened) ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
  return {
    due: () => {
      const due = Math.min(nextOpening(), freedAt[0] ?? Number.POSITIVE_INFINITY);
      return due === Number.POSITIVE_INFINITY && taken === 0 ? undefined : due;
    },
    take: () => {
      taken += 1;
      if (nextOpening() <= (freedAt[0] ?? Number.POSITIVE_INFINITY)) opened += 1;
      else freedAt.shift();
    },
    freed: (at) => {
      taken -= 1;
      freedAt.push(at);
    },
  };
}

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

/** A load: its loop, limits and clock. */
export interface LoadPlan {
  readonly loop: LoadLoop;
  /** Largest number in flight. */
  readonly concurrency: number;
  /** Requests after which the load is over; Infinity where it ends otherwise. */
  readonly count: number;
  /** Nothing that is due later, ms from the start, is sent. */
  readonly durationMs: number;
  /** Milliseconds on the run's clock. */
  readonly clock: () => number;
  /**
   * Many requests that are due at once leave in bursts of so many ms: replies are read, and stamped, between them. Default:
   * all at once.
   */
  readonly longestBurstMs?: number;
  /** Gets the time in which the event loop turned only because a due time was near, ms: it looks busy, and is free. */
  readonly onIdleTurn?: (milliseconds: number) => void;
  /** When the load starts, on that clock; several workers start at one instant. Default: at once. */
  readonly start?: number;
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
  const {
    clock,
    concurrency,
    count,
    durationMs,
    loop,
    stop,
    longestBurstMs = Number.POSITIVE_INFINITY,
  } = plan;
  const sleep = new Sleep();
  stop.onStop = sleep.wake;
  loop.onFreed = sleep.wake;
  const start = plan.start ?? clock();
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
    loop.freed(clock() - start);
    sleep.wake();
  };
  let n = 0;
  let awakeSince = clock();
  while (n < count && !stop.stopped && broken === undefined) {
    const due = loop.due();
    if (due === undefined || (due >= durationMs && due !== Number.POSITIVE_INFINITY)) break;
    const now = clock();
    const wait = start + due - now;
    if (wait > 0) await sleep.until(wait);
    else if (inFlight >= concurrency) await sleep.until();
    else if (now - awakeSince > longestBurstMs) await sleep.turn();
    else {
      loop.take();
      void launch(n++, start + due);
      continue;
    }
    awakeSince = clock();
    if (awakeSince - now < EMPTY_TURN_MS) plan.onIdleTurn?.(awakeSince - now);
  }
  loop.left?.();
  while (inFlight > 0) await sleep.until();
  if (broken !== undefined) throw (broken as { error: unknown }).error;
  return n;
}

/** A turn of the loop in which nothing is read takes some microseconds; one with a read takes longer. */
const EMPTY_TURN_MS = 0.02;

/** What `setTimeout` can wait at most. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Node's timers are whole milliseconds and fire up to one late: they wait until this long before, and turns of the loop do the rest. */
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
      if (milliseconds === undefined || milliseconds === Number.POSITIVE_INFINITY) return;
      if (milliseconds <= TIMER_SLACK_MS) this.#turn = setImmediate(this.wake);
      else this.#timer = setTimeout(this.wake, Math.min(milliseconds - TIMER_SLACK_MS, LONGEST_TIMER_MS));
    });
  }

  /** A turn of the event loop, whatever else happens in it. */
  turn(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
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

/** A load whose requests the caller numbers, and delivers one by one on demand. */
interface PullPlan {
  /** How many may be in flight now. */
  readonly slots: () => number;
  /** Requests so many more numbers, beyond those requested before. */
  readonly want: (requests: number) => void;
  /** Milliseconds on the run's clock. */
  readonly clock: () => number;
  readonly stop: StopSwitch;
}

/** Keeps as many requests in flight as there are slots, as long as numbers are delivered. */
export class PulledLoad {
  /** When it is over, or was stopped, and everything sent has finished: the number sent. Rejects with what `send` threw first. */
  readonly finished: Promise<number>;
  readonly #plan: PullPlan;
  readonly #send: (n: number, scheduled: number) => Promise<void>;
  /** Delivered while no slot was free: the number of slots may have shrunk since the demand. */
  readonly #held: number[] = [];
  #wanted = 0;
  #inFlight = 0;
  #sent = 0;
  #isOver = false;
  #broken: { readonly error: unknown } | undefined;
  #resolve!: (sent: number) => void;
  #reject!: (error: unknown) => void;

  /** Requests the first numbers at once. */
  constructor(plan: PullPlan, send: (n: number, scheduled: number) => Promise<void>) {
    this.#plan = plan;
    this.#send = send;
    this.finished = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    plan.stop.onStop = () => this.fill();
    this.fill();
  }

  /** Takes a number that was requested. */
  take(n: number): void {
    this.#wanted -= 1;
    this.#held.push(n);
    this.fill();
  }

  /** No more requests will come. */
  end(): void {
    this.#isOver = true;
    this.fill();
  }

  /** Sends what was delivered and requests more, as far as there are slots. Call it also when their number has changed. */
  fill(): void {
    const { slots, want } = this.#plan;
    while (!this.#isStopped() && this.#held.length > 0 && this.#inFlight < slots())
      void this.#launch(this.#held.shift()!);
    if (this.#isStopped() || this.#isOver) {
      if (this.#inFlight === 0 && (this.#isStopped() || this.#held.length === 0)) this.#finish();
      return;
    }
    const more = slots() - this.#inFlight - this.#held.length - this.#wanted;
    if (more <= 0) return;
    this.#wanted += more;
    want(more);
  }

  #isStopped(): boolean {
    return this.#plan.stop.stopped || this.#broken !== undefined;
  }

  async #launch(n: number): Promise<void> {
    this.#inFlight += 1;
    this.#sent += 1;
    try {
      await this.#send(n, this.#plan.clock());
    } catch (error) {
      this.#broken ??= { error };
    }
    this.#inFlight -= 1;
    this.fill();
  }

  #finish(): void {
    if (this.#broken === undefined) this.#resolve(this.#sent);
    else this.#reject(this.#broken.error);
  }
}

/** Times and outcome of a request, for the limit; ms on the run's clock. */
interface RequestExperience {
  readonly sent: number;
  readonly done: number;
  /** Whether the service was overloaded. */
  readonly isTrouble: boolean;
}

/**
 * Finds how many requests may be in flight while they run (additive increase, multiplicative decrease): half as many once the
 * service is in trouble, one more after each round of good answers, never above the ceiling. Begins at the ceiling. Pure: times
 * are arguments.
 */
export class AdaptiveLimit {
  #limit: number;
  #ceiling: number;
  #halvedAt = Number.NEGATIVE_INFINITY;

  /** Ceilings are at least 1. */
  constructor(ceiling: number) {
    this.#ceiling = ceiling;
    this.#limit = ceiling;
  }

  /** Whole, from 1 to the ceiling. */
  get slots(): number {
    return Math.max(1, Math.floor(this.#limit + ROUNDING));
  }

  get ceiling(): number {
    return this.#ceiling;
  }

  /** A limit that was never in trouble, or has recovered, goes with its ceiling. */
  set ceiling(ceiling: number) {
    const isFull = this.#limit === this.#ceiling;
    this.#ceiling = ceiling;
    this.#limit = isFull ? ceiling : Math.min(this.#limit, ceiling);
  }

  learn({ sent, done, isTrouble }: RequestExperience): void {
    if (!isTrouble) {
      this.#limit = Math.min(this.#ceiling, this.#limit + 1 / this.slots);
      return;
    }
    // Requests sent before the last halving belong to the load that was halved.
    if (sent < this.#halvedAt) return;
    this.#limit = Math.max(1, Math.floor(this.slots / 2));
    this.#halvedAt = done;
  }
}

/** n times 1/n is not quite 1. */
const ROUNDING = 1e-9;
