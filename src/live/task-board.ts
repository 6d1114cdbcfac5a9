import { performance } from 'node:perf_hooks';
import { defined } from '../basics/defined.ts';
import { isLoadTest } from '../config/modes.ts';
import type { LoadConfig, ModelPlan, Plan } from '../config/plan.ts';
import { rampRate } from '../load/arrival.ts';
import { LiveFigures } from '../metrics/live.ts';
import { memoryLimit } from '../sending/health.ts';
import { askedRateOf, plannedSamples } from '../sending/load-plan.ts';
import type { Task } from '../sending/prepare.ts';
import type { TaskProgress } from '../sending/run-task.ts';
import { requestCount, sampleCount } from '../sending/shape.ts';
import { type Lines, progressTable, type TaskLine } from './progress-table.ts';
import { LoadWatch, readSpread, type TaskState, timeLeft, validitySoFar } from './task-state.ts';
import { progressLine, taskPanel } from './task-text.ts';

/** The load of a task, or of the tasks that share a model's slots. */
interface BoardEntry {
  status: TaskLine['status'];
  progress?: TaskProgress;
  /** ms on this process's clock. */
  startedAt: number;
  endedAt?: number;
  readonly watch: LoadWatch;
  rateUnit?: TaskState['rateUnit'];
  /** Computed now and then: it reads every second of every process. */
  validity?: { readonly at: number; readonly value: TaskState['validity'] };
}

/** ms between two computations of the validity. */
const VALIDITY_EVERY_MS = 5000;

/** Smaller screens get a line for one task, and the table alone for several. */
const SMALLEST_PANEL = { width: 44, height: 9 };

/** The tasks of a run and how far they are, as states and as lines for a terminal. */
export class TaskBoard {
  readonly #entries: Map<Task, BoardEntry>;
  /** Models whose tasks run at once. */
  readonly #together = new Map<ModelPlan, BoardEntry>();
  readonly #load: LoadConfig;
  readonly #hasValidity: boolean;
  readonly #memoryLimit = memoryLimit();

  constructor(tasks: readonly Task[], { load, mode }: Pick<Plan, 'load' | 'mode'>) {
    this.#load = load;
    this.#hasValidity = isLoadTest(mode);
    this.#entries = new Map(tasks.map((task) => [task, newEntry('waiting')]));
  }

  /** Marks a task as running, and tasks before it that did not begin as not run; the unplanned task of a judge comes last. */
  begin(task: Task, progress: TaskProgress): void {
    for (const [other, entry] of this.#entries) {
      if (other === task) break;
      if (entry.status === 'waiting') entry.status = 'not run';
    }
    const startedAt = performance.now();
    const { source } = task;
    const isSingle = requestCount(source) === sampleCount(source) && !source.shape.isOpenEnded;
    const rateUnit = isSingle ? 'req/s' : 'cases/s';
    this.#entries.set(task, { ...newEntry('running'), progress, startedAt, rateUnit });
  }

  /** Marks a task as done. */
  end(task: Task): void {
    const entry = this.#entries.get(task);
    if (entry === undefined) return;
    entry.status = 'done';
    entry.endedAt = performance.now();
    // The last value is computed from the whole load.
    delete entry.validity;
  }

  /** Returns how long a task has run, ms. */
  elapsed(task: Task): number {
    const entry = this.#entries.get(task);
    return entry === undefined ? 0 : elapsedMs(entry);
  }

  /** Returns `2 of 6`; empty for a single task. */
  placeOf(task: Task): string {
    const all = [...this.#entries.keys()];
    return all.length > 1 ? `${all.indexOf(task) + 1} of ${all.length}` : '';
  }

  /** Returns every task with its state, in the order of the run. */
  tasks(): TaskLine[] {
    return [...this.#entries].map(([task, entry]) => {
      return { name: taskName(task), status: entry.status, ...defined({ state: this.#state(task, entry) }) };
    });
  }

  /** Returns the same with the live figures of each. */
  watched(): { line: TaskLine; live: TaskProgress['live'] }[] {
    const entries = [...this.#entries.values()];
    return this.tasks().map((line, n) => ({ line, live: entries[n]!.progress?.live }));
  }

  /** Whether a task is running. */
  get isRunning(): boolean {
    return [...this.#entries.values()].some(({ status }) => status === 'running');
  }

  /** Returns one line about what is running, of any width. */
  line(): string {
    const running = this.#running();
    return running === undefined
      ? ''
      : `${running.name}: ${progressLine(running.state, Number.POSITIVE_INFINITY)}`;
  }

  /** Returns lines for a screen. */
  readonly lines: Lines = (size) => {
    const tasks = this.tasks();
    const running = this.#running();
    const fits = size.width >= SMALLEST_PANEL.width && size.height >= SMALLEST_PANEL.height;
    if (tasks.length === 1 && running !== undefined)
      return fits
        ? taskPanel(running.name, running.state, size.width)
        : [progressLine(running.state, size.width)];
    if (!fits || running === undefined) return progressTable(tasks, size);
    const below = taskPanel(running.name, running.state, size.width);
    const height = size.height - below.length - 1;
    if (height < 3) return progressTable(tasks, size);
    return [...progressTable(tasks, { ...size, height }), '', ...below];
  };

  /** The running task; or the tasks that share their model's slots, with all requests of the model, those of earlier and later tasks too. */
  #running(): { readonly name: string; readonly state: TaskState } | undefined {
    const running = [...this.#entries].filter(([, { status }]) => status === 'running');
    const [first] = running;
    if (first === undefined) return undefined;
    const [task, entry] = first;
    const { model } = task;
    if (running.length === 1 && !this.#together.has(model))
      return { name: taskName(task), state: this.#state(task, entry)! };
    const own = [...this.#entries].filter(([one, { status }]) => one.model === model && status !== 'not run');
    const together = this.#together.get(model) ?? newEntry('running');
    this.#together.set(model, together);
    together.progress = sumProgress(
      own.map(([one, { progress }]) => progress ?? emptyProgress(one, this.#load)),
    );
    together.rateUnit = own.some(([, { rateUnit }]) => rateUnit === 'cases/s') ? 'cases/s' : 'req/s';
    together.startedAt = Math.min(...own.flatMap(([, one]) => (one.progress ? [one.startedAt] : [])));
    const over = own.filter(([, { status }]) => status === 'done').length;
    return {
      name: `${model.abbr}: ${over} of ${own.length} tasks done, ${running.length} running`,
      state: this.#state(task, together, together.progress.total)!,
    };
  }

  /** `cases`: largest number that its load begins. */
  #state(
    task: Task,
    entry: BoardEntry,
    cases = plannedSamples(task.source, this.#load),
  ): TaskState | undefined {
    const { progress, watch, status, endedAt = performance.now() } = entry;
    if (progress === undefined) return undefined;
    const { done, total, inFlight, failed, outputTokens, live } = progress;
    const elapsed = elapsedMs(entry);
    const most = Math.min(task.model.concurrency, cases);
    if (status === 'running') watch.read(endedAt, progress, most, total);
    const average = (count: number) => (elapsed > 0 ? (count * 1000) / elapsed : 0);
    const lately = status === 'running' ? watch : undefined;
    const targetRate = this.#targetRate(task, elapsed, done + inFlight);
    return {
      ...{ done, inFlight, failed, elapsed, concurrency: most },
      ...defined({
        total,
        targetRate,
        rateUnit: entry.rateUnit,
        rate: lately?.rate() ?? average(done + inFlight),
        tokensPerSecond: lately?.tokensPerSecond() ?? average(outputTokens),
        left: timeLeft({ done, elapsed, ...defined({ total }) }, this.#load.durationMs),
        ttft: live && readSpread(live.ttft),
        itl: live && readSpread(live.itl),
        failures: live && [...live.failures].sort(([, a], [, b]) => b - a),
        validity: this.#hasValidity && live ? this.#validity(task, entry, most) : undefined,
      }),
    };
  }

  #validity(task: Task, entry: BoardEntry, askedConcurrency: number): TaskState['validity'] {
    const now = performance.now();
    const { progress, watch, validity, endedAt } = entry;
    const isFresh =
      validity !== undefined && (endedAt !== undefined || now - validity.at < VALIDITY_EVERY_MS);
    if (isFresh && validity.value !== undefined) return validity.value;
    const { live, done } = progress!;
    const value = validitySoFar({
      live: live!,
      sent: done,
      askedRate: askedRateOf(task.source, this.#load),
      askedConcurrency,
      heldConcurrency: done > askedConcurrency ? watch.heldConcurrency() : undefined,
      peak: watch.peak,
      memoryLimit: this.#memoryLimit,
    });
    entry.validity = { at: now, value };
    return value;
  }

  /** The present target: steps go by time, a ramp by the number of the request. */
  #targetRate(task: Task, elapsed: number, begun: number): number | undefined {
    const mean = askedRateOf(task.source, this.#load);
    const { arrival } = task.model;
    if (mean === undefined || arrival.kind !== 'paced') return mean;
    const { rates } = arrival;
    if (rates.shape === 'fixed') return rates.perSecond;
    if (rates.shape !== 'steps') return rampRate(rates, begun, sampleCount(task.source));
    let end = 0;
    for (const { perSecond, seconds } of rates.steps) {
      end += seconds * 1000;
      if (elapsed < end) return perSecond;
    }
    return undefined;
  }
}

function taskName({ model, dataset }: Task): string {
  return `${model.abbr} × ${dataset.abbr}`;
}

/** The progress of a task that has not begun. */
function emptyProgress({ source }: Task, load: LoadConfig): TaskProgress {
  const nothing = { done: 0, failed: 0, inFlight: 0, outputTokens: 0, startedAt: 0 };
  return { ...nothing, total: plannedSamples(source, load) };
}

function sumProgress(all: readonly TaskProgress[]): TaskProgress {
  const live = new LiveFigures();
  for (const one of all) if (one.live !== undefined) live.merge(one.live);
  const sum = (of: (one: TaskProgress) => number) => all.reduce((total, one) => total + of(one), 0);
  return {
    total: sum(({ total = 0 }) => total),
    done: sum(({ done }) => done),
    failed: sum(({ failed }) => failed),
    inFlight: sum(({ inFlight }) => inFlight),
    outputTokens: sum(({ outputTokens }) => outputTokens),
    startedAt: 0,
    live,
  };
}

function newEntry(status: BoardEntry['status']): BoardEntry {
  return { status, startedAt: 0, watch: new LoadWatch() };
}

function elapsedMs({ startedAt, endedAt = performance.now() }: BoardEntry): number {
  return endedAt - startedAt;
}
