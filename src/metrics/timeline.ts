import type { Times } from '../contract/record.ts';
import { percentileOf, Series } from './stats.ts';

/** How late requests left: sent − scheduled, milliseconds. */
export interface Lag {
  readonly mean: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** When requests left and ended: duration, concurrency, rates, lag. Failed requests are part of it. */
export class Timeline {
  readonly #sent = new Series();
  readonly #ended = new Series();
  readonly #lag = new Series();
  /** When cases began: the pacer sets only their first request's time. */
  readonly #begun = new Series();
  #firstScheduled = Number.POSITIVE_INFINITY;
  #lastScheduled = Number.NEGATIVE_INFINITY;
  #inFlightMs = 0;

  /**
   * `busy`: milliseconds to count as in flight; undefined: from sent to end. `isFirst`: the request begins a case, so it
   * counts in the rates. A request that was never sent is ignored.
   */
  add(times: Partial<Times>, busy?: number, isFirst = true): void {
    if (times.sent === undefined) return;
    const end = Math.max(times.sent, endOf(times));
    this.#sent.push(times.sent);
    this.#ended.push(end);
    this.#inFlightMs += busy ?? end - times.sent;
    if (isFirst) this.#begun.push(times.sent);
    if (times.scheduled === undefined) return;
    this.#lag.push(times.sent - times.scheduled);
    if (!isFirst) return;
    this.#firstScheduled = Math.min(this.#firstScheduled, times.scheduled);
    this.#lastScheduled = Math.max(this.#lastScheduled, times.scheduled);
  }

  /** Requests that left. */
  get sent(): number {
    return this.#sent.length;
  }

  /** When the last request ended, milliseconds from the start of the run; −∞ when nothing was sent. */
  get lastEnd(): number {
    return this.#ended.sorted().at(-1) ?? Number.NEGATIVE_INFINITY;
  }

  /** First request sent to last request ended, milliseconds; undefined when nothing was sent. */
  get duration(): number | undefined {
    const first = this.#sent.sorted()[0];
    return first === undefined ? undefined : this.lastEnd - first;
  }

  /** Largest number of requests in flight at one instant; one that ends as another starts is not counted beside it. */
  peakConcurrency(): number {
    return this.#overlaps().reduce((peak, inFlight) => Math.max(peak, inFlight), 0);
  }

  /** How many are in flight when each request, in the order in which they left, has left. */
  #overlaps(): Uint32Array {
    const [starts, ends] = [this.#sent.sorted(), this.#ended.sorted()];
    let ended = 0;
    return Uint32Array.from(starts, (start, started) => {
      while (ends[ended]! <= start && ended < started) ended++;
      return started + 1 - ended;
    });
  }

  /** Mean number in flight: time in flight of all requests / duration. */
  meanConcurrency(): number | undefined {
    const { duration } = this;
    if (duration === undefined || duration <= 0) return undefined;
    // Back-to-back requests can sum to a last bit more than the duration.
    return Math.min(this.peakConcurrency(), this.#inFlightMs / duration);
  }

  /** Cases a second that began: (n − 1) / (last − first sent). */
  achievedRate(): number | undefined {
    const begun = this.#begun.sorted();
    return rate(begun.length, begun.length === 0 ? 0 : begun.at(-1)! - begun[0]!);
  }

  /** The same of the schedule: what the pacer's draws came to. */
  scheduledRate(): number | undefined {
    return rate(this.#begun.length, this.#lastScheduled - this.#firstScheduled);
  }

  /** Cases that were begun. */
  get begun(): number {
    return this.#begun.length;
  }

  /**
   * Time-weighted number in flight from the instant at which `asked` of them were, or from the first request if they never
   * were, to the last case that was begun: filling the slots and draining them says nothing of how well they were refilled.
   * Undefined when that is no time.
   */
  heldConcurrency(asked: number): number | undefined {
    const [starts, ends] = [this.#sent.sorted(), this.#ended.sorted()];
    const to = this.#begun.sorted().at(-1);
    const full = this.#overlaps().findIndex((inFlight) => inFlight >= asked);
    const from = starts[Math.max(0, full)];
    if (from === undefined || to === undefined || to <= from) return undefined;
    const until = (values: Float64Array) =>
      values.reduce((sum, value) => sum + Math.min(Math.max(value, from), to), 0);
    return (until(ends) - until(starts)) / (to - from);
  }

  lag(): Lag | undefined {
    return lagOf(this.#lag);
  }

  /** Requests that left more than `threshold` milliseconds after their schedule. */
  lateBy(threshold: number): number {
    return countAbove(this.#lag, threshold);
  }
}

/** Undefined when nothing was sent. */
export function lagOf(lags: Series): Lag | undefined {
  const values = lags.sorted();
  if (values.length === 0) return undefined;
  const at = (p: number) => percentileOf(values.length, (rank) => values[rank]!, p);
  const max = values.at(-1)!;
  const mean = Math.min(max, Math.max(values[0]!, lags.sum / values.length));
  return { mean, p50: at(50), p99: at(99), max };
}

export function countAbove(lags: Series, threshold: number): number {
  const values = lags.sorted();
  let above = 0;
  while (above < values.length && values[values.length - 1 - above]! > threshold) above++;
  return above;
}

/** The end of the body; for a request that broke off, the last thing seen of it. */
function endOf(times: Partial<Times>): number {
  return times.done ?? times.events?.at.at(-1) ?? times.headers ?? times.sent!;
}

function rate(count: number, milliseconds: number): number | undefined {
  return count > 1 && milliseconds > 0 ? ((count - 1) * 1000) / milliseconds : undefined;
}
