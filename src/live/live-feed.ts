import type { LiveFigures } from '../metrics/live.ts';
import { type LivePoint, TaskHistory } from './history.ts';
import type { TaskLine } from './progress-table.ts';

/** Every task of a run as it is now. */
interface Watched {
  readonly line: TaskLine;
  readonly live: LiveFigures | undefined;
}

/** What a page is told when it opens: everything up to now. */
export interface LiveStart {
  readonly tasks: readonly TaskLine[];
  /** By place of the task. */
  readonly points: readonly (readonly LivePoint[])[];
}

/** What it is told from then on. */
export interface LiveTick {
  readonly tasks: readonly TaskLine[];
  /** What each task that runs added; `task` is its place. */
  readonly points: readonly (LivePoint & { readonly task: number })[];
}

/** The course of a run for those who watch it from elsewhere. */
export class LiveFeed {
  readonly #watch: () => readonly Watched[];
  readonly #histories: TaskHistory[] = [];

  constructor(watch: () => readonly Watched[]) {
    this.#watch = watch;
  }

  start(): LiveStart {
    const tasks = this.#watch().map(({ line }) => line);
    return { tasks, points: tasks.map((_, task) => this.#historyOf(task).points) };
  }

  /** Takes a look at what runs; to be called once a second. */
  tick(): LiveTick {
    const watched = this.#watch();
    const points = watched.flatMap(({ line: { status, state }, live }, task) => {
      if (status !== 'running' || state === undefined) return [];
      const point = this.#historyOf(task).tick(state, live);
      return point === undefined ? [] : [{ ...point, task }];
    });
    return { tasks: watched.map(({ line }) => line), points };
  }

  #historyOf(task: number): TaskHistory {
    this.#histories[task] ??= new TaskHistory();
    return this.#histories[task];
  }
}
