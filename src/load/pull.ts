import type { StopSwitch } from './scheduler.ts';

/** A load whose requests the caller numbers, and delivers one by one on demand. */
export interface PullPlan {
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
export interface RequestExperience {
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
