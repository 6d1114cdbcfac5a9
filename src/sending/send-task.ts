/** Sends one task: from this process, or by the pool's workers, in stripes or from a queue. */
import { isLoadTest } from '../config/modes.ts';
import type { Plan } from '../config/plan.ts';
import type { FailedRecord, RunRecord, Transcript } from '../contract/record.ts';
import { decodeRecord, encodeRecord, encodeTranscript } from '../contract/record-codec.ts';
import type { SlotTurn } from '../load/shared-slots.ts';
import { LineAppender } from '../store/append.ts';
import { writeClientFile } from '../store/client-file.ts';
import { mergeLines } from '../store/merge.ts';
import type { Redactor } from '../store/redact.ts';
import type { RunFolder } from '../store/run-folder.ts';
import type { RunControl } from './control.ts';
import { HealthMonitor, processName } from './health.ts';
import type { TaskLoad } from './load-plan.ts';
import type { OpenModel } from './open-model.ts';
import type { Pool, QueuedOrder, StripedOrder } from './pool.ts';
import type { Task } from './prepare.ts';
import type { SampleResult } from './pull-task.ts';
import type { Resume } from './resume.ts';
import type { Instant } from './run-clock.ts';
import { GIVE_UP_AFTER, type LoadOutcome, type ModelClient, runTask, type TaskProgress } from './run-task.ts';
import { sampleCount, type TaskSamples } from './shape.ts';

/** Where one process writes its records and transcripts. */
interface RecordFiles {
  readonly records: string;
  readonly predictions: string;
}

export interface TaskRecords {
  readonly files: RecordFiles;
  readonly redact: Redactor;
  readonly control: RunControl;
  readonly progress: TaskProgress;
  readonly load: TaskLoad;
  /** Nothing of a sample is kept before all of it is: what is kept is never sent again. */
  readonly isWhole?: boolean;
  readonly onRecord?: (record: RunRecord) => void;
}

/** Runs a task, or this process's part of it, and leaves its records and transcripts in the files. */
export async function recordTask(
  source: TaskSamples,
  answerer: ModelClient,
  recording: TaskRecords,
): Promise<LoadOutcome> {
  const { files, redact, control, progress, load, isWhole = false, onRecord } = recording;
  const transcripts = new LineAppender(files.predictions, redact);
  const records = new LineAppender(files.records, redact, transcripts);
  const name = processName(files.records);
  const { live } = progress;
  const health = new HealthMonitor(answerer.clock, name, {
    onSample: (sample) => live?.addHealth(name, sample),
  });
  try {
    const sink = {
      record: (record: RunRecord) => {
        records.append(encodeRecord(record));
        live?.add(record);
        onRecord?.(record);
      },
      transcript: (one: Transcript) => transcripts.append(encodeTranscript(one)),
    };
    return await runTask(
      source,
      answerer,
      isWhole ? { ...sink, keepsWholeSamples: true } : sink,
      control,
      progress,
      {
        ...load,
        onIdleTurn: health.onIdleTurn,
      },
    );
  } finally {
    writeClientFile(files.records, health.stop());
    records.close();
    transcripts.close();
  }
}

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

interface KeeperOptions {
  readonly files: RecordFiles;
  readonly redact: Redactor;
  readonly onRecord: (record: RunRecord) => void;
}

type QueueTaskOptions = KeeperOptions &
  Omit<QueuedOrder, 'samples' | 'left' | 'concurrency' | 'isLocal' | 'stop' | 'keep' | 'flush'>;

/** Lets a pool answer the samples that a task has left, and keeps the first result of each. */
export async function queueTask(
  source: TaskSamples,
  pool: Pick<Pool, 'sendQueue'>,
  options: QueueTaskOptions,
): Promise<Omit<LoadOutcome, 'planned'>> {
  const { files, redact, onRecord, ...order } = options;
  const stop = options.control.newSwitch();
  const samples = source.only ?? Array.from({ length: sampleCount(source) }, (_, n) => n);
  const keeper = new ResultKeeper(samples, options, () => stop.stop());
  try {
    const { lost = [], stopped } = await pool.sendQueue({
      ...order,
      stop,
      samples,
      left: keeper.left,
      concurrency: source.model.concurrency,
      isLocal: source.model.attr === 'local',
      keep: (one) => keeper.keep(one),
      flush: () => keeper.flush(),
    });
    return {
      sent: keeper.sent,
      stopped: stopped ?? (keeper.hasGivenUp && keeper.left.size > 0 ? 'gave-up' : undefined),
      ...(lost.length === 0 ? {} : { lost }),
    };
  } finally {
    options.control.release(stop);
    keeper.close();
  }
}

/** Writes results to the files of a task: the first of each sample. */
class ResultKeeper {
  readonly left: Set<number>;
  /** Requests. */
  sent = 0;
  hasGivenUp = false;
  readonly #transcripts: LineAppender;
  readonly #records: LineAppender;
  readonly #progress: TaskProgress;
  readonly #onRecord: KeeperOptions['onRecord'];
  readonly #giveUp: () => void;
  #hasSucceeded = false;

  constructor(
    samples: readonly number[],
    { files, redact, onRecord, progress }: KeeperOptions & { readonly progress: TaskProgress },
    giveUp: () => void,
  ) {
    this.left = new Set(samples);
    this.#transcripts = new LineAppender(files.predictions, redact);
    this.#records = new LineAppender(files.records, redact, this.#transcripts);
    this.#progress = progress;
    this.#onRecord = onRecord;
    this.#giveUp = giveUp;
  }

  /** Reads all lines before it writes the first: a sample is in the files whole, or not at all. */
  keep({ n, transcripts, records }: SampleResult): void {
    if (!this.left.has(n)) return;
    const read = records.map((line) => decodeRecord(line, `the result of sample ${n}`));
    this.left.delete(n);
    for (const line of transcripts) this.#transcripts.append(line);
    for (const line of records) this.#records.append(line);
    for (const record of read) this.#count(record);
    const progress = this.#progress;
    progress.done += 1;
    if (read.some(({ outcome }) => outcome === 'failed')) progress.failed += 1;
    if (this.#hasSucceeded || progress.failed < GIVE_UP_AFTER) return;
    this.hasGivenUp = true;
    this.#giveUp();
  }

  flush(): void {
    this.#records.flush();
    this.#transcripts.flush();
  }

  close(): void {
    this.#records.close();
    this.#transcripts.close();
  }

  #count(record: RunRecord): void {
    this.sent += 1;
    this.#progress.live?.add(record);
    this.#onRecord(record);
    if (record.outcome === 'failed') return;
    this.#hasSucceeded = true;
    this.#progress.outputTokens += record.outputTokens?.value ?? 0;
  }
}
