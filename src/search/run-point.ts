import { performance } from 'node:perf_hooks';
import type { RunFlags } from '../config/flags.ts';
import type { Plan } from '../config/plan.ts';
import type { RunRecord } from '../contract/record.ts';
import type { TaskProgress } from '../sending/run-task.ts';
import type { RunEvent, RunOptions } from '../session/options.ts';
import type { RunResult } from '../session/result.ts';
import { run } from '../session/run.ts';
import type { LoadKind } from './load-points.ts';

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

const EVERY_MS = 250;

/** Watches a load and calls `onGrowth` once its backlog grows without bound. Returns how to stop watching. */
function watchBacklog(progress: TaskProgress, ratePerSecond: number, onGrowth: () => void): () => void {
  const samples: BacklogSample[] = [];
  const begun = performance.now();
  const timer = setInterval(() => {
    const scheduled = ((performance.now() - begun) * ratePerSecond) / 1000;
    const due = Math.min(scheduled, progress.total ?? Number.POSITIVE_INFINITY);
    // Once everything was due the rest only drains.
    if (due < scheduled) return;
    samples.push({ due, done: progress.done });
    if (growsWithoutBound(samples)) onGrowth();
  }, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** When the requests that wait show that a service cannot keep up: their number is a random walk, and it has a drift. */

/** Requests that were due and that were done, since the load began. */
export interface BacklogSample {
  readonly due: number;
  readonly done: number;
}

/** Standard deviations of a walk without drift: a load that is kept is stopped by mistake once in thousands of looks. */
const SIGNIFICANT = 5;
/** Arrivals of a Poisson process and ends of requests vary by one request each. */
const VARIANCE_OF_A_STEP = 2;
/** Of what was due in the window so many are left over. */
const LEAST_GROWTH = 0.1;
const FEWEST_DUE = 100;

/**
 * Whether the backlog grew without bound over the later half of what was due. The first half is left out: there the service fills
 * up, which is growth too.
 */
export function growsWithoutBound(samples: readonly BacklogSample[]): boolean {
  const last = samples.at(-1);
  if (last === undefined || last.due < FEWEST_DUE || last.done === 0) return false;
  const first = samples.find(({ due }) => due >= last.due / 2)!;
  // Until the requests that fill the service up at first have ended, nothing can be said.
  if (first.done === 0) return false;
  const due = last.due - first.due;
  const growth = due - (last.done - first.done);
  return growth > LEAST_GROWTH * due && growth > SIGNIFICANT * Math.sqrt(VARIANCE_OF_A_STEP * due);
}
