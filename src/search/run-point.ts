import type { RunFlags } from '../config/flags.ts';
import type { Plan } from '../config/plan.ts';
import type { RunRecord } from '../contract/record.ts';
import type { RunEvent, RunOptions } from '../session/options.ts';
import type { RunResult } from '../session/result.ts';
import { run } from '../session/run.ts';
import type { LoadKind } from './load-points.ts';
import { watchBacklog } from './watch-backlog.ts';

/** What a point changes of a run's load. */
export type PointLoad = Partial<
  Pick<RunFlags, 'batchSize' | 'requestRate' | 'arrival' | 'cycle' | 'maxCases' | 'seed'>
>;

/** A point that is ready to be sent. */
export interface PlannedPoint extends Pick<RunOptions, 'workers'> {
  readonly plan: Plan;
}

/** Plans a point; everything but its load is the same for all points. */
export type PlanPoint = (load: PointLoad) => Promise<PlannedPoint>;

/** A load test that is about to begin, or one that an earlier session measured. */
export interface PointEvent {
  readonly type: 'point';
  readonly kind: LoadKind;
  /** Requests a second or in flight; Infinity: all requests of the point at once. */
  readonly load: number;
  /** Requests of the point, where it has a number of its own. */
  readonly requests?: number;
  /** Its place, counted from 1, and of how many where that is known. */
  readonly n: number;
  readonly of?: number;
  readonly isMeasured: boolean;
}

/** Options of commands that make several runs: those of each run, and a listener that hears of the next one too. */
export interface SeriesOptions extends Omit<RunOptions, 'on' | 'name' | 'folder' | 'reuse'> {
  readonly on?: (event: RunEvent | PointEvent) => void | Promise<void>;
}

/** When a point ends before its last request. */
interface PointLimits {
  /** Requests a second that are due; absent in a closed loop, which has no backlog. */
  readonly ratePerSecond?: number | undefined;
  /** Takes every request of this process that has ended; true: the point has shown enough. */
  readonly isEnough?: (record: RunRecord) => boolean;
}

/** Runs one load test of a series. It is stopped when its backlog grows without bound, or when it has shown enough. */
export async function runPoint(
  { plan, workers }: PlannedPoint,
  options: RunOptions,
  { ratePerSecond, isEnough }: PointLimits,
): Promise<RunResult> {
  const own = new AbortController();
  const signals = [own.signal, ...(options.signal === undefined ? [] : [options.signal])];
  let stopWatching = (): void => {};
  const on = (event: RunEvent): void | Promise<void> => {
    if (event.type === 'task-started' && ratePerSecond !== undefined) {
      stopWatching();
      stopWatching = watchBacklog(event.progress, ratePerSecond, () => own.abort('over-saturated'));
    }
    if (event.type === 'request-ended' && isEnough?.(event.record)) own.abort('enough-seen');
    return options.on?.(event);
  };
  try {
    return await run(plan, { ...options, workers, signal: AbortSignal.any(signals), on });
  } finally {
    stopWatching();
  }
}

/** Whether the user stopped the run; a point that stopped itself is a result. */
export function isInterrupted({ stopped }: Pick<RunResult, 'stopped'>): boolean {
  return stopped === 'interrupted';
}
