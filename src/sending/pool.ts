/** The processes that send a run's load, as the run sees them; `workers/` implements them. */
import { createHash } from 'node:crypto';
import type { LoadConfig, ServiceModelPlan } from '../config/plan.ts';
import type { StopSwitch } from '../load/scheduler.ts';
import type { RunControl } from './control.ts';
import { askedRateOf, plannedSamples } from './load-plan.ts';
import type { Task } from './prepare.ts';
import type { SampleResult } from './pull-task.ts';
import type { Instant } from './run-clock.ts';
import type { LoadOutcome, TaskProgress } from './run-task.ts';

/** One task of the run, for the workers. */
interface TaskOrder {
  /** Place of the task in the run's list. */
  readonly task: number;
  /** Zero of the run's clock. */
  readonly origin: Instant;
  /** The name that the service gave, so that not every worker has to request it. */
  readonly modelName: string | undefined;
  readonly control: RunControl;
  /** Updated while the task is sent. */
  readonly progress: TaskProgress;
}

/** A task that is sent by its schedule, each worker sending its stripe. */
export interface StripedOrder extends TaskOrder {
  readonly workers: number;
}

/** How a striped task ended. */
export interface StripedOutcome extends Omit<LoadOutcome, 'planned'> {
  /** The workers that took part, counted from 0. */
  readonly workers: readonly number[];
  /** How late each of them was ready, ms; undefined for one that was lost. */
  readonly lateStarts: readonly (number | undefined)[];
}

/** A task whose samples wait in a queue; each worker takes the next one when it has a free slot. */
export interface QueuedOrder extends TaskOrder {
  /** Numbers of the samples to be answered. */
  readonly samples: readonly number[];
  /** Those without an answer yet. */
  readonly left: ReadonlySet<number>;
  /** Largest number in flight over all workers; of a local model, for each worker. */
  readonly concurrency: number;
  readonly isLocal: boolean;
  /** Thrown when no more samples should be started. */
  readonly stop: StopSwitch;
  /** Stores the result of a sample; the first one of each sample counts. Throws RUN-FILE-001, and RUN-DATA-001 for what is no result. */
  keep(result: SampleResult): void;
  /** Writes what was kept to the files. Throws RUN-FILE-001. */
  flush(): void;
}

/** Processes that send instead of this one. */
export interface Pool {
  /** Workers take samples from a queue; false: they send by the schedule, in stripes. */
  readonly usesQueue: boolean;
  /** Returns how many workers send a task in stripes; 0: this process sends it. */
  workersFor(task: Task, load: LoadConfig): number;
  /** Lets each worker send its stripe of a task. Throws RUN-WORKER-001 where one cannot start. */
  sendStripes(order: StripedOrder): Promise<StripedOutcome>;
  /** Lets the workers answer the samples of a task, until all have answers or the run is stopped. Throws where no worker can start. */
  sendQueue(order: QueuedOrder): Promise<Partial<Pick<LoadOutcome, 'stopped' | 'lost'>>>;
}

/** Above these `auto` takes one more process, as far as there are cores: one keeps up with them and has room to spare. */
const CONCURRENCY_OF_ONE = 4000;
const RATE_OF_ONE = 2000;

/** From so many requests in flight `auto` sends from a process that does nothing else and is started for it (`SENDER_FLAGS`). */
const APART_FROM = 64;

/** Returns how many processes send a task. */
export function workersFor({ model, source }: Task, load: LoadConfig, cores: number): number {
  if (model.attr === 'local') return 1;
  const atOnce = mostInFlight(model, source, load);
  if (load.workers !== 'auto') return Math.max(1, Math.min(load.workers, atOnce));
  const rate = askedRateOf(source, load) ?? 0;
  const wanted = Math.ceil(Math.max(atOnce / CONCURRENCY_OF_ONE, rate / RATE_OF_ONE));
  return Math.max(1, Math.min(wanted, cores - 1, atOnce));
}

/** Returns how many child processes send a task; 0: this process sends. */
export function childWorkersFor(task: Task, load: LoadConfig, cores: number): number {
  const workers = workersFor(task, load, cores);
  if (workers > 1) return workers;
  const { model, source } = task;
  const isApart =
    model.attr === 'service' && load.workers === 'auto' && mostInFlight(model, source, load) >= APART_FROM;
  return isApart ? 1 : 0;
}

/** Returns how many processes of remote workers send a task: where there is enough to send, at least one of each. */
export function remoteWorkersFor(
  task: Task,
  load: LoadConfig,
  remote: { readonly count: number; readonly capacity: number },
): number {
  const wanted = workersFor(task, load, remote.capacity + 1);
  if (task.model.attr === 'local' || load.workers !== 'auto') return Math.min(wanted, remote.capacity);
  return Math.max(wanted, Math.min(remote.count, mostInFlight(task.model, task.source, load)));
}

function mostInFlight(model: ServiceModelPlan, source: Task['source'], load: LoadConfig): number {
  return Math.min(model.concurrency, plannedSamples(source, load));
}

/** Returns what coordinator and worker must agree on before a request is sent: configs are data and read alike in every process. */
export function fingerprint(tasks: readonly Task[]): string {
  const parts = tasks.map(({ model, dataset, source }) => [
    model.abbr,
    dataset.abbr,
    model.concurrency,
    model.arrival,
    source.rows.length,
    source.rows.length > 0 ? source.shape.makeRun(source.rows.at(-1)!, 0).ref.id : '',
  ]);
  return JSON.stringify(parts);
}

/** Hashes every sample of every task: two hosts with the same hash have the same rows and make the same prompts of them. */
export function sampleDigest(tasks: readonly Task[]): string {
  const hash = createHash('sha256').update(fingerprint(tasks));
  for (const { source } of tasks)
    for (const row of source.rows) hash.update(source.shape.makeRun(row, 0).ref.id);
  return hash.digest('hex');
}
