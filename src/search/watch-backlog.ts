import { performance } from 'node:perf_hooks';
import type { TaskProgress } from '../sending/run-task.ts';
import { type BacklogSample, growsWithoutBound } from './backlog.ts';

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
