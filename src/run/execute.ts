import { performance } from 'node:perf_hooks';
import type { Plan } from '../config/plan.ts';
import type { PeakMemory } from '../models/base-model.ts';
import { encodeRecord } from '../record-codec.ts';
import { LineAppender } from '../store/append.ts';
import type { Redactor } from '../store/redact.ts';
import type { RunFolder } from '../store/run-folder.ts';
import type { ServedModels } from '../store/served.ts';
import { encodeTranscript } from '../transcript-codec.ts';
import type { RunControl } from './control.ts';
import { type OpenModel, openModel, type Warmup } from './open-model.ts';
import type { Task } from './prepare.ts';
import type { Resume } from './resume.ts';
import { type LoadOutcome, runTask, type TaskProgress } from './run-task.ts';
import { caseCount, requestCount } from './shape.ts';
import { type TaskFiles, taskFiles } from './task-files.ts';

export interface TaskResult {
  readonly task: Task;
  readonly files: TaskFiles;
  readonly outcome: LoadOutcome;
  readonly warmup: Warmup;
  /** The service says of itself that its answers and times are made up. */
  readonly simulated: boolean;
  /** Largest memory that a local model held so far, where it knows. */
  readonly memory?: PeakMemory;
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
  readonly served: ServedModels;
  /** What earlier sessions of this run left to ask. */
  readonly resume?: Resume | undefined;
}

export interface RunOutcome {
  readonly results: readonly TaskResult[];
  /** Models that could not be asked, or whose run broke; the others' results are not lost for them. */
  readonly broken: readonly { readonly model: string; readonly error: unknown }[];
}

/** Runs every task, one after the other, and leaves their records in the folder. */
export async function execute(plan: Plan, tasks: readonly Task[], setting: RunSetting): Promise<RunOutcome> {
  // A continued run goes on where the clock of the sessions before it stopped.
  const origin = performance.now() - (setting.resume?.lastEnd ?? 0);
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
  // Those that were finished before came first.
  results.sort((a, b) => tasks.indexOf(a.task) - tasks.indexOf(b.task));
  return { results, broken };
}

async function runModel(
  tasks: readonly Task[],
  open: () => Promise<OpenModel | undefined>,
  setting: RunSetting,
  results: TaskResult[],
): Promise<void> {
  if (setting.control.interrupted) return;
  const finished = tasks.filter((task) => isFinished(task, setting));
  results.push(...finished.map((task) => finishedResult(task, setting)));
  if (finished.length === tasks.length) return;
  const model = await open();
  if (model === undefined) return;
  try {
    keepServed(model, tasks[0]!, setting);
    for (const task of tasks) {
      if (setting.control.interrupted) break;
      if (!finished.includes(task)) results.push(await runOne(task, model, setting));
    }
  } finally {
    await model.close();
  }
}

function keepServed({ served, simulated }: OpenModel, { model }: Task, setting: RunSetting): void {
  if (model.attr !== 'service') return;
  setting.served.keep(model.abbr, { ...(served === undefined ? {} : { name: served }), simulated });
}

/** Earlier sessions asked everything: the model is not needed. */
function isFinished(task: Task, { resume }: RunSetting): boolean {
  const known = resume?.tasks.get(task);
  return known !== undefined && caseCount(known.left) === 0;
}

function finishedResult(task: Task, setting: RunSetting): TaskResult {
  return {
    task,
    files: filesOf(task, setting),
    outcome: { planned: requestCount(task.source), sent: 0, stopped: undefined },
    warmup: { sent: 0, failures: [] },
    simulated: setting.served.isSimulated(task.model.abbr),
  };
}

function filesOf(task: Task, { folder, resume }: RunSetting): TaskFiles {
  const known = resume?.tasks.get(task);
  const files = taskFiles(folder, task);
  return known === undefined ? files : { ...files, ids: known.ids, continued: known.continued };
}

/** The task without what is answered; a warm-up asks nothing that is answered either. */
function leftOf(task: Task, { resume }: RunSetting): Task {
  const left = resume?.tasks.get(task)?.left;
  if (left === undefined) return task;
  return { ...task, source: left, ...(task.warmupIsMeasured ? { warmup: left } : {}) };
}

async function runOne(task: Task, model: OpenModel, setting: RunSetting): Promise<TaskResult> {
  const { redact, control, listener } = setting;
  const left = leftOf(task, setting);
  const { source } = left;
  const warmup = await model.warmUp(left);
  listener.warmedUp(task, warmup);
  const files = filesOf(task, setting);
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
    const run = await runTask(source, model.answerer, sink, control, progress);
    const outcome = { ...run, planned: requestCount(task.source) };
    const memory = await model.peakMemory?.();
    const result = {
      task,
      files,
      outcome,
      warmup,
      simulated: model.simulated || setting.served.isSimulated(task.model.abbr),
      ...(memory === undefined ? {} : { memory }),
    };
    listener.taskEnded(result);
    return result;
  } finally {
    records.close();
    transcripts.close();
  }
}
