import type { Lag, Timeline } from './timeline.ts';

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
  readonly lag?: Lag;
  /** A request counts as late above this many milliseconds: max(1, 1 % of the median TTFT). */
  readonly lateThreshold: number;
  readonly late: number;
  /** Late requests while `concurrency` was fully used: our own cap held them back. */
  readonly heldBack: number;
  /** Share (0..1) of payload events after the first that came in the same socket read as the event before. */
  readonly sharedReadShare?: number;
}

export interface LoadInput {
  readonly timeline: Timeline;
  readonly concurrency: number;
  readonly ratePerSecond: number | undefined;
  /** Milliseconds. */
  readonly medianTtft: number | undefined;
  readonly gaps: { readonly all: number; readonly shared: number };
}

/** Describes the load of a run. */
export function describeLoad({ timeline, concurrency, ratePerSecond, medianTtft, gaps }: LoadInput): Load {
  const open = ratePerSecond !== undefined;
  const lateThreshold = Math.max(1, 0.01 * (medianTtft ?? 0));
  const late = timeline.lateBy(lateThreshold);
  const capReached = timeline.peakConcurrency() >= concurrency;
  return {
    loop: open ? 'open' : 'closed',
    askedRate: ratePerSecond,
    scheduledRate: open ? timeline.scheduledRate() : undefined,
    achievedRate: timeline.achievedRate(),
    lag: timeline.lag(),
    lateThreshold,
    late,
    heldBack: open && capReached ? late : 0,
    sharedReadShare: gaps.all === 0 ? undefined : gaps.shared / gaps.all,
  };
}
