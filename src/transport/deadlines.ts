import { DeadlineError } from './failure.ts';
import type { Clock } from './types.ts';

/** Limits of one request in milliseconds; 0 = none. */
export interface Timeouts {
  /** TCP and TLS connection. */
  readonly connectMs: number;
  /** From sending to the first event of a streamed body; keep-alive comments are none. */
  readonly firstTokenMs: number;
  /** Between two reads of a streamed body, from its first event on. */
  readonly idleMs: number;
  /** From sending to the end of the reply. */
  readonly totalMs: number;
}

/** The deadlines of one request in flight. */
export interface Watch {
  /** A piece of the reply came. */
  progress(at: number): void;
  stop(): void;
}

/** A class, and no closures: `progress` runs for every read. */
class Watched implements Watch {
  /** Whole milliseconds: V8 keeps a number with a fraction as an object of its own, which is memory to fetch for every read. */
  #since: number;
  #limitMs: number;
  expected: 'first token' | 'further token' = 'first token';
  readonly overallDue: number;
  readonly #idleMs: number;
  readonly expire: (error: Error) => void;
  readonly #forget: (watched: Watched) => void;

  constructor(
    sentAt: number,
    limits: Omit<Timeouts, 'connectMs'>,
    expire: (error: Error) => void,
    forget: (watched: Watched) => void,
  ) {
    this.#since = wholeMs(sentAt);
    this.#limitMs = limits.firstTokenMs;
    this.overallDue = due(sentAt, limits.totalMs);
    this.#idleMs = limits.idleMs;
    this.expire = expire;
    this.#forget = forget;
  }

  progress(at: number): void {
    this.#since = wholeMs(at);
    this.#limitMs = this.#idleMs;
    this.expected = 'further token';
  }

  get due(): number {
    return due(this.#since, this.#limitMs);
  }

  stop(): void {
    this.#forget(this);
  }
}

const SWEEP_MS = 50;

/** One timer for all requests in flight: three timers a request would cost more than the requests. */
export class Deadlines {
  readonly #clock: Clock;
  readonly #timeouts: Timeouts;
  readonly #watched = new Set<Watched>();
  #timer: NodeJS.Timeout | undefined;

  constructor(clock: Clock, timeouts: Timeouts) {
    this.#clock = clock;
    this.#timeouts = timeouts;
  }

  watch(sentAt: number, streamed: boolean, expire: (error: Error) => void): Watch {
    const { totalMs } = this.#timeouts;
    const limits = streamed ? this.#timeouts : { firstTokenMs: 0, idleMs: 0, totalMs };
    const entry = new Watched(sentAt, limits, expire, this.#forget);
    this.#watched.add(entry);
    // Timers run before sockets are read: after a stall of ours, what the server sent in time must be seen first.
    this.#timer ??= setInterval(() => setImmediate(() => this.#sweep()), SWEEP_MS);
    return entry;
  }

  readonly #forget = (entry: Watched): void => {
    this.#watched.delete(entry);
    if (this.#watched.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  };

  #sweep(): void {
    const now = this.#clock();
    for (const entry of this.#watched) {
      if (now > entry.overallDue) {
        entry.expire(new DeadlineError(`no complete reply within ${this.#timeouts.totalMs / 1000} s`));
      } else if (now > entry.due) {
        entry.expire(new DeadlineError(this.#whatIsLate(entry)));
      }
    }
  }

  #whatIsLate({ expected }: Watched): string {
    const { firstTokenMs, idleMs } = this.#timeouts;
    return expected === 'first token'
      ? `no first token within ${firstTokenMs / 1000} s`
      : `the stream fell silent: no further token within ${idleMs / 1000} s`;
  }
}

/** Rounded up; for the 24 days that a small integer of V8 has milliseconds. */
function wholeMs(at: number): number {
  return (at | 0) + 1;
}

function due(from: number, limitMs: number): number {
  return limitMs === 0 ? Number.POSITIVE_INFINITY : from + limitMs;
}
