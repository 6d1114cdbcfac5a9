/** The course of a run as a live page shows it: a point per second and task, fewer in long runs. */
import { defined } from '../basics/defined.ts';
import type { LiveFigures } from '../metrics/live.ts';
import { Sketch } from '../metrics/sketch.ts';
import type { TaskLine } from './progress-table.ts';
import { readSpread, type Spread, type TaskState } from './task-state.ts';

/** How a task went in one interval: a point of the charts of a live page. */
export interface LivePoint {
  /** End of the interval, ms from the task's first request. */
  readonly at: number;
  readonly inFlight: number;
  /** Samples begun per second, lately. */
  readonly rate?: number;
  /** Target of `rate`; absent in a closed loop. */
  readonly targetRate?: number;
  readonly tokensPerSecond?: number;
  /** Samples that failed so far. */
  readonly failed: number;
  /** Of requests that ended in the interval; ms. */
  readonly ttft?: Spread;
  readonly itl?: Spread;
}

/** Points above which two become one: a page draws no more, and the memory of a long run stays small. */
const MOST_POINTS = 720;

/** The points of one task. */
export class TaskHistory {
  #points: LivePoint[] = [];
  /** Ticks per point. */
  #stride = 1;
  #ticks = 0;

  get points(): readonly LivePoint[] {
    return this.#points;
  }

  /** Reads the state, once a tick; returns a new point when one is due. */
  tick(state: TaskState, live: LiveFigures | undefined): LivePoint | undefined {
    this.#ticks += 1;
    if (this.#ticks % this.#stride !== 0) return undefined;
    const { inFlight, rate, targetRate, tokensPerSecond, failed, elapsed } = state;
    const ttft = live && recent(live.ttft);
    const itl = live && recent(live.itl);
    const point: LivePoint = {
      ...{ at: Math.round(elapsed), inFlight, failed },
      ...defined({ rate, targetRate, tokensPerSecond, ttft, itl }),
    };
    this.#points.push(point);
    if (this.#points.length >= MOST_POINTS) this.#thin();
    return point;
  }

  /** Merges points in pairs: the mean of the load, the worse of the latencies. */
  #thin(): void {
    const points: LivePoint[] = [];
    for (let n = 1; n < this.#points.length; n += 2)
      points.push(merge(this.#points[n - 1]!, this.#points[n]!));
    this.#points = points;
    this.#stride *= 2;
  }
}

/** Percentiles of what a sketch gained since the last call. */
function recent(sketch: Sketch): Spread | undefined {
  const gained = new Sketch();
  gained.addChanges(sketch.takeChanges());
  return readSpread(gained);
}

function merge(a: LivePoint, b: LivePoint): LivePoint {
  const rate = a.rate === undefined || b.rate === undefined ? undefined : (a.rate + b.rate) / 2;
  const latencies = defined({ ttft: worse(a.ttft, b.ttft), itl: worse(a.itl, b.itl) });
  return { ...b, inFlight: (a.inFlight + b.inFlight) / 2, ...defined({ rate }), ...latencies };
}

function worse(a: Spread | undefined, b: Spread | undefined): Spread | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return { p50: Math.max(a.p50, b.p50), p99: Math.max(a.p99, b.p99) };
}

/** A task of a run as it is now. */
interface WatchedTask {
  readonly line: TaskLine;
  readonly live: LiveFigures | undefined;
}

/** First message to a page: everything so far. */
export interface LiveStart {
  readonly tasks: readonly TaskLine[];
  /** By index of the task. */
  readonly points: readonly (readonly LivePoint[])[];
}

/** Further messages, one per second. */
export interface LiveTick {
  readonly tasks: readonly TaskLine[];
  /** New points of running tasks; `task` is their index. */
  readonly points: readonly (LivePoint & { readonly task: number })[];
}

/** Collects the points of a run for the pages that follow it. */
export class LiveFeed {
  readonly #watch: () => readonly WatchedTask[];
  readonly #histories: TaskHistory[] = [];

  constructor(watch: () => readonly WatchedTask[]) {
    this.#watch = watch;
  }

  /** Returns everything so far. */
  start(): LiveStart {
    const tasks = this.#watch().map(({ line }) => line);
    return { tasks, points: tasks.map((_, task) => this.#history(task).points) };
  }

  /** Adds points for running tasks; call it once a second. */
  tick(): LiveTick {
    const watched = this.#watch();
    const points = watched.flatMap(({ line: { status, state }, live }, task) => {
      if (status !== 'running' || state === undefined) return [];
      const point = this.#history(task).tick(state, live);
      return point === undefined ? [] : [{ ...point, task }];
    });
    return { tasks: watched.map(({ line }) => line), points };
  }

  #history(task: number): TaskHistory {
    this.#histories[task] ??= new TaskHistory();
    return this.#histories[task];
  }
}
