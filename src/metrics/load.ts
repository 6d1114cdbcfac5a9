import type { RequestTable } from './request-table.ts';
import { Series } from './stats.ts';
import { countAbove, type Lag, lagOf, type Timeline } from './timeline.ts';

/**
 * How the load that was sent compares with the load that was asked for. Rates are cases a second: a dialogue counts once, by
 * its first turn.
 */
export interface Load {
  /** Open: requests leave by a schedule. Closed: a request leaves when another ends. */
  readonly loop: 'open' | 'closed';
  /** What the user asked for; open loop only. */
  readonly askedRate?: number;
  /** What the schedule came to: random draws seldom give exactly the asked rate. Open loop only. */
  readonly scheduledRate?: number;
  /** What left: (n − 1) / (last sent − first sent). */
  readonly achievedRate?: number;
  /** Of all requests: sent − scheduled. */
  readonly lag?: Lag;
  /** Closed loop only: of the requests that took over a slot, so without the burst that fills all slots at first. */
  readonly refillLag?: Lag;
  /** Most requests in flight that the plan allows, and no more than it has cases. */
  readonly askedConcurrency: number;
  /** Closed loop only: time-weighted number in flight between filling the slots and draining them. */
  readonly heldConcurrency?: number;
  /** A request counts as late above this many milliseconds: max(1, 1 % of the median TTFT). */
  readonly lateThreshold: number;
  /** Requests later than that; in a closed loop, of those that took over a slot. */
  readonly late: number;
  /** Late requests while `concurrency` was fully used: our own cap held them back. */
  readonly heldBack: number;
  /** Share (0..1) of payload events after the first that came in the same socket read as the event before. */
  readonly sharedReadShare?: number;
}

export interface LoadInput {
  readonly timeline: Timeline;
  readonly table: RequestTable;
  readonly concurrency: number;
  readonly ratePerSecond: number | undefined;
  /** Milliseconds. */
  readonly lateThreshold: number;
  readonly gaps: { readonly all: number; readonly shared: number };
}

/** Describes the load of a run. */
export function describeLoad(input: LoadInput): Load {
  const { timeline, concurrency, ratePerSecond, lateThreshold, gaps } = input;
  const open = ratePerSecond !== undefined;
  const lag = timeline.lag();
  const refills = open || lag === undefined ? undefined : refillLags(input.table);
  const late = refills === undefined ? timeline.lateBy(lateThreshold) : countAbove(refills, lateThreshold);
  const capReached = timeline.peakConcurrency() >= concurrency;
  const refilled = !open && timeline.begun > concurrency;
  const askedConcurrency = Math.min(concurrency, Math.max(1, timeline.begun));
  return {
    loop: open ? 'open' : 'closed',
    askedRate: ratePerSecond,
    scheduledRate: open ? timeline.scheduledRate() : undefined,
    achievedRate: timeline.achievedRate(),
    lag,
    refillLag: refills === undefined ? undefined : lagOf(refills),
    askedConcurrency,
    heldConcurrency: refilled ? timeline.heldConcurrency(askedConcurrency) : undefined,
    lateThreshold,
    late,
    heldBack: open && capReached ? late : 0,
    sharedReadShare: gaps.all === 0 ? undefined : gaps.shared / gaps.all,
  };
}

/** The slots of a closed loop are all free at its start; who is scheduled later took over one that another left. */
function refillLags(table: RequestTable): Series {
  let start = Number.POSITIVE_INFINITY;
  for (let row = 0; row < table.length; row++) start = Math.min(start, table.get(row, 'scheduled'));
  const lags = new Series();
  for (let row = 0; row < table.length; row++) {
    const scheduled = table.get(row, 'scheduled');
    if (scheduled > start) lags.push(table.get(row, 'sent') - scheduled);
  }
  return lags;
}
