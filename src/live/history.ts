import type { LiveFigures } from '../metrics/live.ts';
import { Sketch } from '../metrics/sketch.ts';
import { type Spread, spreadOf, type TaskState } from './task-state.ts';

/** How a task went in one stretch of time: what the charts of a live page draw. */
export interface LivePoint {
  /** End of the stretch, milliseconds from the task's first request. */
  readonly at: number;
  readonly inFlight: number;
  /** Cases that began, a second, lately; as asked, where that is known. */
  readonly rate?: number;
  readonly targetRate?: number;
  readonly tokensPerSecond?: number;
  /** Cases that failed up to here. */
  readonly failed: number;
  /** Of requests that ended in the stretch alone; milliseconds. */
  readonly ttft?: Spread;
  readonly itl?: Spread;
}

/** Points above which two become one: a page draws no more, and memory stays small however long a run is. */
const MOST_POINTS = 720;

/** The course of one task. */
export class TaskHistory {
  #points: LivePoint[] = [];
  /** How many ticks a point covers. */
  #stride = 1;
  #ticks = 0;

  get points(): readonly LivePoint[] {
    return this.#points;
  }

  /** Takes a look, once a tick; returns the point that it makes, if one is due. */
  tick(state: TaskState, live: LiveFigures | undefined): LivePoint | undefined {
    this.#ticks += 1;
    if (this.#ticks % this.#stride !== 0) return undefined;
    const { inFlight, rate, targetRate, tokensPerSecond, failed, elapsed } = state;
    const ttft = live && recent(live.ttft);
    const itl = live && recent(live.itl);
    const point: LivePoint = {
      ...{ at: Math.round(elapsed), inFlight, failed },
      ...(rate === undefined ? {} : { rate }),
      ...(targetRate === undefined ? {} : { targetRate }),
      ...(tokensPerSecond === undefined ? {} : { tokensPerSecond }),
      ...(ttft === undefined ? {} : { ttft }),
      ...(itl === undefined ? {} : { itl }),
    };
    this.#points.push(point);
    if (this.#points.length >= MOST_POINTS) this.#thin();
    return point;
  }

  /** Of two stretches one is made: the mean of what goes on, the worse of the latencies. */
  #thin(): void {
    const points: LivePoint[] = [];
    for (let n = 1; n < this.#points.length; n += 2)
      points.push(merged(this.#points[n - 1]!, this.#points[n]!));
    this.#points = points;
    this.#stride *= 2;
  }
}

/** What a sketch gained since it was asked before. */
function recent(sketch: Sketch): Spread | undefined {
  const gained = new Sketch();
  gained.addChanges(sketch.takeChanges());
  return spreadOf(gained);
}

function merged(a: LivePoint, b: LivePoint): LivePoint {
  const ttft = worse(a.ttft, b.ttft);
  const itl = worse(a.itl, b.itl);
  return {
    ...b,
    inFlight: (a.inFlight + b.inFlight) / 2,
    ...(a.rate === undefined || b.rate === undefined ? {} : { rate: (a.rate + b.rate) / 2 }),
    ...(ttft === undefined ? {} : { ttft }),
    ...(itl === undefined ? {} : { itl }),
  };
}

function worse(a: Spread | undefined, b: Spread | undefined): Spread | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return { p50: Math.max(a.p50, b.p50), p99: Math.max(a.p99, b.p99) };
}
