/** How far a task is and how it goes: what every live view shows, and how it is computed. */
import { defined } from '../basics/defined.ts';
import type { Finding } from '../contract/finding.ts';
import type { FailureKind } from '../contract/record.ts';
import type { LiveFigures } from '../metrics/live.ts';
import { type JudgedLoad, judge, lateAbove, type Verdict } from '../metrics/validity.ts';

/** Two percentiles so far, within 0.8 %; ms. */
export interface Spread {
  readonly p50: number;
  readonly p99: number;
}

/** How far a task is and how it goes. */
export interface TaskState {
  /** Samples that ended, failed ones included. */
  readonly done: number;
  /** Absent when the load has no known end. */
  readonly total?: number;
  readonly inFlight: number;
  /** Target in flight: held in a closed loop, a limit in an open one. */
  readonly concurrency?: number;
  /** Samples with a failed request. */
  readonly failed: number;
  /** Failed requests by kind, most frequent first. */
  readonly failures?: readonly (readonly [FailureKind, number])[];
  /** Output tokens per second: lately, or the mean of a task that ended. */
  readonly tokensPerSecond?: number;
  /** Samples begun per second: lately, or the mean of a task that ended. */
  readonly rate?: number;
  /** Present target of `rate`; absent in a closed loop. */
  readonly targetRate?: number;
  /** Unit of the rates: requests, or samples of several requests each. */
  readonly rateUnit?: 'req/s' | 'cases/s';
  readonly ttft?: Spread;
  readonly itl?: Spread;
  /** ms since the first request. */
  readonly elapsed: number;
  /** ms to the end of the load at the pace so far; absent when unknown. */
  readonly left?: number;
  /** Validity of the load so far, steadiness apart; load tests only. */
  readonly validity?: { readonly verdict: Verdict; readonly reason?: Finding };
}

/** Returns both percentiles of a sketch; undefined while it is empty. */
export function readSpread(sketch: LiveFigures['ttft']): Spread | undefined {
  const [p50, p99] = [sketch.percentile(50), sketch.percentile(99)];
  return p50 === undefined || p99 === undefined ? undefined : { p50, p99 };
}

/** Returns the time left at the pace so far, or until the duration ends the load. */
export function timeLeft(
  { done, total, elapsed }: Pick<TaskState, 'done' | 'total' | 'elapsed'>,
  durationMs = Number.POSITIVE_INFINITY,
): number | undefined {
  const byPace =
    total === undefined || done === 0
      ? Number.POSITIVE_INFINITY
      : (elapsed / done) * Math.max(0, total - done);
  // After its duration a load is over when all that was due has been sent, at an unknown time.
  const byTime = durationMs > elapsed ? durationMs - elapsed : Number.POSITIVE_INFINITY;
  const left = Math.min(byPace, byTime);
  return Number.isFinite(left) ? left : undefined;
}

/** A load that goes on. */
export interface LoadSoFar {
  readonly live: LiveFigures;
  /** Requests that ended. */
  readonly sent: number;
  readonly askedRate: number | undefined;
  readonly askedConcurrency: number;
  readonly heldConcurrency: number | undefined;
  /** Largest number in flight seen. */
  readonly peak: number;
  /** Memory limit of the machine, bytes. */
  readonly memoryLimit: number;
}

/**
 * Applies the rules of validity to a load that goes on. A rate is judged by its lag: whether the schedule was kept is known at the end,
 * and so is steadiness.
 */
export function validitySoFar(load: LoadSoFar): TaskState['validity'] {
  if (load.sent === 0) return undefined;
  const { live, sent, askedRate, askedConcurrency, heldConcurrency, peak, memoryLimit } = load;
  const timescale = live.ttft.percentile(50);
  const lateThreshold = lateAbove(timescale);
  const isOpen = askedRate !== undefined;
  const p99 = live.lag.percentile(99);
  const late = live.lag.countAbove(lateThreshold);
  const facts: JudgedLoad = {
    loop: isOpen ? 'open' : 'closed',
    askedConcurrency,
    ...defined({ heldConcurrency: isOpen ? undefined : heldConcurrency }),
    ...(p99 !== undefined && { [isOpen ? 'lag' : 'refillLag']: { p99 } }),
    ...{ lateThreshold, late },
    heldBack: isOpen && peak >= askedConcurrency ? late : 0,
  };
  const health = [...live.health].map(([process, samples]) => ({ process, memoryLimit, samples }));
  const steady = { steady: true, reasons: [], trends: [] };
  const { verdict, findings } = judge({ load: facts, timescale, sent, steady }, health);
  return defined({ verdict, reason: findings[0] });
}

/** Counters of a load. */
interface LoadCounters {
  readonly done: number;
  readonly inFlight: number;
  readonly outputTokens: number;
}

/** The counters at one moment. */
interface LoadReading {
  /** ms on this process's clock. */
  readonly at: number;
  readonly begun: number;
  readonly tokens: number;
}

/** Readings closer than this to the last one are dropped: several views may read the same load. */
const CLOSEST_MS = 200;
/** Windows of the rates; tokens are counted when requests end, in lumps. */
const RATE_WINDOW_MS = 10_000;
const TOKEN_WINDOW_MS = 30_000;

/** Reads a load from time to time, and computes its rates and means. */
export class LoadWatch {
  readonly #readings: LoadReading[] = [];
  #held = { sum: 0, time: 0, full: false };
  /** Largest number in flight seen. */
  peak = 0;

  /** `most`: target in flight, at most the number of samples. `total`: samples, if their number ends the load. */
  read(at: number, { done, inFlight, outputTokens }: LoadCounters, most: number, total = Infinity): void {
    const before = this.#readings.at(-1);
    if (before !== undefined && at - before.at < CLOSEST_MS) return;
    const begun = done + inFlight;
    this.peak = Math.max(this.peak, inFlight);
    if (before !== undefined && this.#held.full && begun < total) {
      this.#held.sum += inFlight * (at - before.at);
      this.#held.time += at - before.at;
    }
    this.#held.full ||= inFlight >= most;
    // Before the first sample begins there is no rate.
    if (begun === 0) this.#readings.length = 0;
    this.#readings.push({ at, begun, tokens: outputTokens });
    while (this.#readings.length > 2 && at - this.#readings[1]!.at >= TOKEN_WINDOW_MS) this.#readings.shift();
  }

  /** Samples begun per second. */
  rate(): number | undefined {
    return this.#perSecond(RATE_WINDOW_MS, ({ begun }) => begun);
  }

  /** Output tokens per second, of requests that ended. */
  tokensPerSecond(): number | undefined {
    return this.#perSecond(TOKEN_WINDOW_MS, ({ tokens }) => tokens);
  }

  /** Time-weighted mean in flight from the first filling of the slots until they drain; undefined before. */
  heldConcurrency(): number | undefined {
    const { sum, time } = this.#held;
    return time > 0 ? sum / time : undefined;
  }

  #perSecond(window: number, count: (reading: LoadReading) => number): number | undefined {
    const last = this.#readings.at(-1);
    if (last === undefined) return undefined;
    const from = this.#readings.findLast(({ at }) => last.at - at >= window) ?? this.#readings[0]!;
    return last.at > from.at ? ((count(last) - count(from)) * 1000) / (last.at - from.at) : undefined;
  }
}
