import { performance } from 'node:perf_hooks';
import type { TaskProgress } from '../sending/run-task.ts';

const EVERY_MS = 250;

/** Watches a load and calls `onGrowth` once its backlog grows without bound. Returns how to stop watching. */
export function watchBacklog(
  progress: TaskProgress,
  ratePerSecond: number,
  onGrowth: () => void,
): () => void {
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
