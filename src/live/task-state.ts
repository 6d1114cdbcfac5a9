import { defined } from '../basics/defined.ts';
import type { Finding } from '../contract/finding.ts';
import type { FailureKind } from '../contract/record.ts';
import type { LiveFigures } from '../metrics/live.ts';
import { type JudgedLoad, judge, lateAbove, type Verdict } from '../metrics/validity.ts';

/** Two percentiles so far, within 0.8 %; milliseconds. */
export interface Spread {
  readonly p50: number;
  readonly p99: number;
}

/** How far a task is, and how it goes: what every live view shows. */
export interface TaskState {
  /** Cases that ended, well or not. */
  readonly done: number;
  /** Absent where the load has no known end. */
  readonly total?: number;
  readonly inFlight: number;
  /** Most in flight that is asked: held in a closed loop, a limit in an open one. */
  readonly concurrency?: number;
  /** Cases with a failed request. */
  readonly failed: number;
  /** Failed requests by kind, most frequent first. */
  readonly failures?: readonly (readonly [FailureKind, number])[];
  /** Output tokens a second, lately; of a task that ended, on average. */
  readonly tokensPerSecond?: number;
  /** Cases that begin, a second: lately, and as asked just now. The second is absent in a closed loop. */
  readonly rate?: number;
  readonly targetRate?: number;
  /** What a rate counts: requests, or cases where those are several requests each. */
  readonly rateUnit?: 'req/s' | 'cases/s';
  readonly ttft?: Spread;
  readonly itl?: Spread;
  /** Milliseconds since the first request. */
  readonly elapsed: number;
  /** Milliseconds to the end of the load, at the pace so far; absent where nobody knows. */
  readonly left?: number;
  /** What a report of the load up to now would say of it, steadiness apart; load tests only. */
  readonly validity?: { readonly verdict: Verdict; readonly reason?: Finding };
}

/** Both percentiles of a sketch; undefined while it is empty. */
export function spreadOf(sketch: LiveFigures['ttft']): Spread | undefined {
  const [p50, p99] = [sketch.percentile(50), sketch.percentile(99)];
  return p50 === undefined || p99 === undefined ? undefined : { p50, p99 };
}

/** What is left at the pace so far, and no more than until time ends the load. */
export function timeLeft(
  { done, total, elapsed }: Pick<TaskState, 'done' | 'total' | 'elapsed'>,
  durationMs = Number.POSITIVE_INFINITY,
): number | undefined {
  const byPace =
    total === undefined || done === 0
      ? Number.POSITIVE_INFINITY
      : (elapsed / done) * Math.max(0, total - done);
  // Behind its end a load is over when all that was due has been sent, which nobody knows.
  const byTime = durationMs > elapsed ? durationMs - elapsed : Number.POSITIVE_INFINITY;
  const left = Math.min(byPace, byTime);
  return Number.isFinite(left) ? left : undefined;
}

export interface LoadSoFar {
  readonly live: LiveFigures;
  /** Requests that ended. */
  readonly sent: number;
  readonly askedRate: number | undefined;
  readonly askedConcurrency: number;
  readonly heldConcurrency: number | undefined;
  /** Most in flight that was seen. */
  readonly peak: number;
  /** Memory that the machine gives, bytes. */
  readonly memoryLimit: number;
}

/**
 * The verdict's rules on what there is. A rate is judged by its lag alone: what the schedule came to is known at the end. A load that
 * is going on is not held against its steadiness.
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
    ...(isOpen || heldConcurrency === undefined ? {} : { heldConcurrency }),
    ...(p99 === undefined ? {} : { [isOpen ? 'lag' : 'refillLag']: { p99 } }),
    ...{ lateThreshold, late },
    heldBack: isOpen && peak >= askedConcurrency ? late : 0,
  };
  const health = [...live.health].map(([process, samples]) => ({ process, memoryLimit, samples }));
  const steady = { steady: true, reasons: [], trends: [] };
  const { verdict, findings } = judge({ load: facts, timescale, sent, steady }, health);
  return defined({ verdict, reason: findings[0] });
}
