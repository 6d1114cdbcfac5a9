import { performance } from 'node:perf_hooks';
import type { Plan } from '../config/plan.ts';
import { encodeRecord } from '../record-codec.ts';
import { LineAppender } from '../store/append.ts';
import type { Redactor } from '../store/redact.ts';
import type { RunFolder } from '../store/run-folder.ts';
import { encodeTranscript } from '../transcript-codec.ts';
import type { RunControl } from './control.ts';
import { type OpenModel, openModel, type Warmup } from './open-model.ts';
import type { Task } from './prepare.ts';
import { type LoadOutcome, runTask, type TaskProgress } from './run-task.ts';
import { caseCount } from './shape.ts';

/** Where the answers of one task lie. */
interface TaskFiles {
  readonly records: string;
  readonly predictions: string;
}

export interface TaskResult {
  readonly task: Task;
  readonly files: TaskFiles;
  readonly outcome: LoadOutcome;
  readonly warmup: Warmup;
  /** The service says of itself that its answers and times are made up. */
  readonly simulated: boolean;
}

/** What a run tells while it goes; the listener must be quick. */
export interface RunListener {
  taskStarted(task: Task, progress: TaskProgress): void;
  warmedUp(task: Task, warmup: TaskResult['warmup']): void;
  taskEnded(result: TaskResult): void;
  /** Something worth telling that takes nothing from the results. */
  warned(text: string): void;
}

export interface RunSetting {
  readonly folder: RunFolder;
  readonly redact: Redactor;
  readonly control: RunControl;
  readonly listener: RunListener;
}

export interface RunOutcome {
  readonly results: readonly TaskResult[];
  /** Models that could not be asked, or whose run broke; the others' results are not lost for them. */
  readonly broken: readonly { readonly model: string; readonly error: unknown }[];
}

/** Runs every task, one after the other, and leaves their records in the folder. */
export async function execute(plan: Plan, tasks: readonly Task[], setting: RunSetting): Promise<RunOutcome> {
  const origin = performance.now();
  const clock = () => performance.now() - origin;
  const results: TaskResult[] = [];
  const broken: { model: string; error: unknown }[] = [];
  for (const model of plan.models) {
    const own = tasks.filter((task) => task.model === model);
    try {
      await runModel(own, () => openModel(model, plan, clock, setting), setting, results);
    } catch (error) {
      broken.push({ model: model.abbr, error });
    }
  }
  return { results, broken };
}

async function runModel(
  tasks: readonly Task[],
  open: () => Promise<OpenModel | undefined>,
  setting: RunSetting,
  results: TaskResult[],
): Promise<void> {
  if (setting.control.interrupted) return;
  const model = await open();
  if (model === undefined) return;
  try {
    for (const task of tasks) {
      if (setting.control.interrupted) break;
      results.push(await runOne(task, model, setting));
    }
  } finally {
    await model.close();
  }
}

async function runOne(task: Task, model: OpenModel, setting: RunSetting): Promise<TaskResult> {
  const { folder, redact, control, listener } = setting;
  const { source, dataset } = task;
  const warmup = await model.warmUp(task);
  listener.warmedUp(task, warmup);
  const files = {
    records: folder.records(task.model.abbr, dataset.abbr),
    predictions: folder.predictions(task.model.abbr, dataset.abbr),
  };
  const records = new LineAppender(files.records, redact);
  const transcripts = new LineAppender(files.predictions, redact);
  const progress: TaskProgress = {
    total: caseCount(source),
    done: 0,
    failed: 0,
    inFlight: 0,
    outputTokens: 0,
    startedAt: model.answerer.clock(),
  };
  listener.taskStarted(task, progress);
  try {
    const sink = {
      record: (record: Parameters<typeof encodeRecord>[0]) => records.append(encodeRecord(record)),
      transcript: (one: Parameters<typeof encodeTranscript>[0]) => transcripts.append(encodeTranscript(one)),
    };
    const outcome = await runTask(source, model.answerer, sink, control, progress);
    const result = { task, files, outcome, warmup, simulated: model.simulated };
    listener.taskEnded(result);
    return result;
  } finally {
    records.close();
    transcripts.close();
  }
}
