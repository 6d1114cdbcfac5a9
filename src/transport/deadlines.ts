import type { Failure } from '../contract/record.ts';
import { CancelledError, DeadlineError } from './failure.ts';
import type { Clock } from './types.ts';

/** Limits of one request in milliseconds; 0 = none. */
export interface Timeouts {
  /** TCP and TLS connection. */
  readonly connectMs: number;
  /** From sending to the first event of a streamed body; keep-alive comments do not count. */
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
class WatchedRequest implements Watch {
  /** Whole milliseconds: V8 keeps a number with a fraction as an object of its own, which is memory to fetch for every read. */
  #since: number;
  #limitMs: number;
  expected: 'first token' | 'further token' = 'first token';
  readonly overallDue: number;
  readonly #idleMs: number;
  readonly expire: (error: Error) => void;
  readonly #forget: (watched: WatchedRequest) => void;

  constructor(
    sentAt: number,
    limits: Omit<Timeouts, 'connectMs'>,
    expire: (error: Error) => void,
    forget: (watched: WatchedRequest) => void,
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
export class RequestDeadlines {
  readonly #clock: Clock;
  readonly #timeouts: Timeouts;
  readonly #watched = new Set<WatchedRequest>();
  #timer: NodeJS.Timeout | undefined;

  constructor(clock: Clock, timeouts: Timeouts) {
    this.#clock = clock;
    this.#timeouts = timeouts;
  }

  watch(sentAt: number, streamed: boolean, expire: (error: Error) => void): Watch {
    const { totalMs } = this.#timeouts;
    const limits = streamed ? this.#timeouts : { firstTokenMs: 0, idleMs: 0, totalMs };
    const entry = new WatchedRequest(sentAt, limits, expire, this.#forget);
    this.#watched.add(entry);
    // Timers run before sockets are read: after a stall of ours, what the server sent in time must be seen first.
    this.#timer ??= setInterval(() => setImmediate(() => this.#sweep()), SWEEP_MS);
    return entry;
  }

  readonly #forget = (entry: WatchedRequest): void => {
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

  #whatIsLate({ expected }: WatchedRequest): string {
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

/** Time that a model class's promise has to settle once the run is stopped, ms. */
export const GRACE_MS = 100;

/** A method of the model class did not settle in time. */
export class UnsettledError extends Error {
  readonly reason: Error;

  constructor(reason: Error) {
    super(reason.message, { cause: reason });
    this.reason = reason;
  }

  /** A method that never settles is a bug of its class; stopping the run is not. */
  failure(method: string): Failure {
    return this.reason instanceof CancelledError
      ? { kind: 'cancelled', message: this.message }
      : { kind: 'model-bug', message: `${method} has not settled: ${this.message}` };
  }
}

/**
 * Waits for a model class's promise, at most until the total limit of its request (counted from `since`) or the end of the
 * run; then rejects with an UnsettledError. A class that never settles must not hold the run.
 */
export function inTime<T>(
  work: Promise<T>,
  since: number,
  { deadlines, signal }: { readonly deadlines: RequestDeadlines; readonly signal: AbortSignal },
): Promise<T> {
  return new Promise((resolve, reject) => {
    let grace: NodeJS.Timeout | undefined;
    const giveUp = (reason: Error) => {
      stopWaiting();
      reject(new UnsettledError(reason));
    };
    const watch = deadlines.watch(since, false, giveUp);
    const onAbort = () => {
      grace = setTimeout(() => giveUp(new CancelledError('the run was stopped')), GRACE_MS);
    };
    const stopWaiting = () => {
      watch.stop();
      clearTimeout(grace);
      forget();
    };
    const forget = whenAborted(signal, onAbort);
    if (signal.aborted) onAbort();
    work.finally(stopWaiting).then(resolve, reject);
  });
}

/** What each signal's one listener calls. */
const LISTS = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls `act` when the signal is aborted, unless the returned function was called before. A signal walks through all of its listeners
 * to add one and to remove one, which with thousands of requests in flight costs more than they do: here it has one.
 */
export function whenAborted(signal: AbortSignal, act: () => void): () => void {
  const acts = LISTS.get(signal) ?? openList(signal);
  acts.add(act);
  return () => acts.delete(act);
}

function openList(signal: AbortSignal): Set<() => void> {
  const acts = new Set<() => void>();
  LISTS.set(signal, acts);
  signal.addEventListener('abort', () => {
    for (const act of acts) act();
  });
  return acts;
}
