import { performance } from 'node:perf_hooks';
import { type ProgressState, progressLine } from '../report/progress.ts';
import { progressTable, type TaskLine } from '../report/progress-table.ts';
import type { Task } from '../run/prepare.ts';
import type { TaskProgress } from '../run/run-task.ts';
import type { Lines } from './progress.ts';

interface Entry {
  status: TaskLine['status'];
  progress?: TaskProgress;
  /** On this process's clock, ms. */
  startedAt: number;
  endedAt?: number;
}

/** Every task of a run and how far it is, as lines for a terminal: a table, or one line where there is one task. */
export class TaskBoard {
  readonly #entries: Map<Task, Entry>;

  constructor(tasks: readonly Task[]) {
    this.#entries = new Map<Task, Entry>(tasks.map((task) => [task, { status: 'waiting', startedAt: 0 }]));
  }

  /** Tasks before it that did not begin will not; one that the run did not know of yet, a judge's, comes last. */
  begin(task: Task, progress: TaskProgress): void {
    for (const [other, entry] of this.#entries) {
      if (other === task) break;
      if (entry.status === 'waiting') entry.status = 'not run';
    }
    this.#entries.set(task, { status: 'running', progress, startedAt: performance.now() });
  }

  end(task: Task): void {
    const entry = this.#entries.get(task);
    if (entry === undefined) return;
    entry.status = 'done';
    entry.endedAt = performance.now();
  }

  /** Ms that the task took so far. */
  elapsed(task: Task): number {
    const entry = this.#entries.get(task);
    return entry === undefined ? 0 : elapsedOf(entry);
  }

  /** `2 of 6`; empty where there is one task only. */
  placeOf(task: Task): string {
    const all = [...this.#entries.keys()];
    return all.length > 1 ? `${all.indexOf(task) + 1} of ${all.length}` : '';
  }

  readonly lines: Lines = (size) => {
    const tasks = [...this.#entries].map(([task, entry]) => lineOf(task, entry));
    const [first] = tasks;
    if (tasks.length === 1 && first?.state !== undefined) return [progressLine(first.state, size.width)];
    return progressTable(tasks, size);
  };
}

function lineOf({ model, dataset }: Task, entry: Entry): TaskLine {
  const state = stateOf(entry);
  const name = `${model.abbr} × ${dataset.abbr}`;
  return { name, status: entry.status, ...(state === undefined ? {} : { state }) };
}

function stateOf(entry: Entry): ProgressState | undefined {
  const { progress } = entry;
  if (progress === undefined) return undefined;
  const elapsed = elapsedOf(entry);
  return {
    ...progress,
    elapsed,
    tokensPerSecond: elapsed === 0 ? 0 : (progress.outputTokens * 1000) / elapsed,
  };
}

function elapsedOf({ startedAt, endedAt = performance.now() }: Entry): number {
  return endedAt - startedAt;
}
