/** Several processes that send one load together. How they are started and spoken to is the command's business. */
import { createHash } from 'node:crypto';
import type { LoadSettings, ServiceModelPlan } from '../config/plan.ts';
import type { RunControl } from './control.ts';
import { askedRateOf, casesOf } from './load-plan.ts';
import type { Task } from './prepare.ts';
import type { Instant } from './run-clock.ts';
import type { LoadOutcome, TaskProgress } from './run-task.ts';

export interface CrewOrder {
  /** Place of the task in the run's list. */
  readonly task: number;
  readonly workers: number;
  /** Zero of the run's clock. */
  readonly origin: Instant;
  /** The name that the service told, so that not every worker has to ask. */
  readonly modelName: string | undefined;
  readonly control: RunControl;
  /** Is kept up to date while the load goes. */
  readonly progress: TaskProgress;
}

export interface CrewOutcome extends Omit<LoadOutcome, 'planned'> {
  /** Who took part, counted from 0. */
  readonly workers: readonly number[];
  /** How late each of them was ready, ms; undefined for one that was lost. */
  readonly lateStarts: readonly (number | undefined)[];
}

export interface Crew {
  /** How many of them should send a task; 0: the command itself. */
  workersFor(task: Task, load: LoadSettings): number;
  /** Lets each worker do its part of a task. Throws RUN-WORKER-001 where one cannot begin. */
  run(order: CrewOrder): Promise<CrewOutcome>;
}

/** Above these `auto` takes one more process, as far as there are cores: one keeps up with them and has room to spare. */
const CONCURRENCY_OF_ONE = 4000;
const RATE_OF_ONE = 2000;

/** From so many requests in flight `auto` sends from a process that does nothing else and is started for it (`SENDER_FLAGS`). */
const APART_FROM = 64;

/** How many processes send a task. */
export function workersFor({ model, source }: Task, load: LoadSettings, cores: number): number {
  if (model.attr === 'local') return 1;
  const atOnce = mostInFlight(model, source, load);
  if (load.workers !== 'auto') return Math.max(1, Math.min(load.workers, atOnce));
  const rate = askedRateOf(source, load) ?? 0;
  const wanted = Math.ceil(Math.max(atOnce / CONCURRENCY_OF_ONE, rate / RATE_OF_ONE));
  return Math.max(1, Math.min(wanted, cores - 1, atOnce));
}

/** How many of them are load workers; 0: this process sends. */
export function loadWorkersFor(task: Task, load: LoadSettings, cores: number): number {
  const workers = workersFor(task, load, cores);
  if (workers > 1) return workers;
  const { model, source } = task;
  const isApart =
    model.attr === 'service' && load.workers === 'auto' && mostInFlight(model, source, load) >= APART_FROM;
  return isApart ? 1 : 0;
}

/** How many processes of agents send a task: where there is enough to send, one of each agent at least. */
export function agentWorkersFor(
  task: Task,
  load: LoadSettings,
  agents: { readonly count: number; readonly capacity: number },
): number {
  const wanted = workersFor(task, load, agents.capacity + 1);
  if (task.model.attr === 'local' || load.workers !== 'auto') return Math.min(wanted, agents.capacity);
  return Math.max(wanted, Math.min(agents.count, mostInFlight(task.model, task.source, load)));
}

function mostInFlight(model: ServiceModelPlan, source: Task['source'], load: LoadSettings): number {
  return Math.min(model.concurrency, casesOf(source, load));
}

/** What parent and worker must agree on before a request is sent: configs are data and read alike in every process. */
export function fingerprint(tasks: readonly Task[]): string {
  const parts = tasks.map(({ model, dataset, source }) => [
    model.abbr,
    dataset.abbr,
    model.concurrency,
    model.arrival,
    source.rows.length,
    source.rows.length > 0 ? source.shape.caseOf(source.rows.at(-1)!, 0).ref.id : '',
  ]);
  return JSON.stringify(parts);
}

/** A hash over every case of every task: who has the same has the same rows and makes the same prompts of them. */
export function caseDigest(tasks: readonly Task[]): string {
  const hash = createHash('sha256').update(fingerprint(tasks));
  for (const { source } of tasks)
    for (const row of source.rows) hash.update(source.shape.caseOf(row, 0).ref.id);
  return hash.digest('hex');
}
