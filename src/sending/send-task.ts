/** Sends one task: from this process, or by the pool's workers, in stripes or from a queue. */
import { isLoadTest } from '../config/modes.ts';
import type { Plan } from '../config/plan.ts';
import type { FailedRecord, RunRecord } from '../contract/record.ts';
import type { SlotTurn } from '../load/shared-slots.ts';
import { mergeLines } from '../store/merge.ts';
import type { Redactor } from '../store/redact.ts';
import type { RunFolder } from '../store/run-folder.ts';
import type { RunControl } from './control.ts';
import type { OpenModel } from './open-model.ts';
import type { Pool, StripedOrder } from './pool.ts';
import type { Task } from './prepare.ts';
import { queueTask } from './queue-task.ts';
import { recordTask } from './record-task.ts';
import type { Resume } from './resume.ts';
import type { Instant } from './run-clock.ts';
import type { LoadOutcome, TaskProgress } from './run-task.ts';

/** What is told of the requests that this process sent, when they have ended for good. */
export interface RequestListener {
  requestFailed?(record: FailedRecord): void;
  requestEnded?(record: RunRecord): void;
}

export interface SendSetting {
  readonly folder: RunFolder;
  readonly redact: Redactor;
  readonly control: RunControl;
  readonly listener: RequestListener;
  /** What earlier sessions of this run left to ask. */
  readonly resume?: Resume | undefined;
  /** Other processes that can send. Default: this process sends everything. */
  readonly pool?: Pool | undefined;
}

/** The run that a task is part of. */
export interface SentRun {
  readonly plan: Plan;
  readonly tasks: readonly Task[];
  readonly setting: SendSetting;
  readonly origin: Instant;
}

type Sent = Omit<LoadOutcome, 'planned'>;

/** Returns how many workers send a task in stripes. What is left of a continued run is sent from this process: a load test is not continued. */
export function workersOf(task: Task, { plan, setting: { pool, resume } }: SentRun): number {
  return pool === undefined || resume !== undefined ? 0 : pool.workersFor(task, plan.load);
}

/** Sends a task, or what is left of it. `turn`: where it shares its slots with other tasks. */
export function sendTask(
  task: Task,
  model: OpenModel,
  progress: TaskProgress,
  run: SentRun,
  turn?: SlotTurn,
): Promise<Sent> {
  const { plan, setting, origin } = run;
  const { pool, control } = setting;
  const place = run.tasks.findIndex((one) => one.model === task.model && one.dataset === task.dataset);
  const order = { task: place, origin, modelName: model.modelName, control, progress };
  if (pool?.usesQueue) return queueTask(task.source, pool, { ...order, ...keepingOf(task, setting) });
  const workers = workersOf(task, run);
  if (workers > 0) return sendByPool(task, pool!, setting, { ...order, workers });
  return recordTask(task.source, model.client, {
    ...keepingOf(task, setting),
    ...{ control, progress, isWhole: !isLoadTest(plan.mode) },
    load: { settings: plan.load, ...(turn && { turn }) },
  });
}

/** Where this process keeps what the requests of a task came to, and who hears of it. */
function keepingOf({ model, dataset }: Task, { folder, redact, listener }: SendSetting) {
  return {
    files: {
      records: folder.records(model.abbr, dataset.abbr),
      predictions: folder.predictions(model.abbr, dataset.abbr),
    },
    redact,
    onRecord: (record: RunRecord): void => {
      if (record.outcome === 'failed') listener.requestFailed?.(record);
      listener.requestEnded?.(record);
    },
  };
}

/** The workers' records stay in files of their own; users know one file of predictions. */
async function sendByPool(
  task: Task,
  pool: Pool,
  { folder }: SendSetting,
  order: StripedOrder,
): Promise<Sent> {
  const { workers, lateStarts: _, ...outcome } = await pool.sendStripes(order);
  const { model, dataset } = task;
  mergeLines(
    folder.predictions(model.abbr, dataset.abbr),
    workers.map((worker) => folder.predictions(model.abbr, dataset.abbr, worker + 1)),
  );
  return outcome;
}
