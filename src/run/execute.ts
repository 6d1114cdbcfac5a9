import { performance } from 'node:perf_hooks';
import type { Plan } from '../config/plan.ts';
import { encodeRecord } from '../record-codec.ts';
import { LineAppender } from '../store/append.ts';
import type { Redactor } from '../store/redact.ts';
import type { RunFolder } from '../store/run-folder.ts';
import { encodeTranscript } from '../transcript-codec.ts';
import { callAt, callCount } from './calls.ts';
import type { RunControl } from './control.ts';
import type { Task } from './prepare.ts';
import { type LoadOutcome, runTask, type TaskProgress, warmUp } from './run-task.ts';
import { checkFirstRequest, type OpenService, openService } from './service.ts';

/** Where the answers of one task lie. */
interface TaskFiles {
  readonly records: string;
  readonly predictions: string;
}

export interface TaskResult {
  readonly task: Task;
  readonly files: TaskFiles;
  readonly outcome: LoadOutcome;
  readonly warmup: { readonly sent: number; readonly failures: readonly string[] };
  /** The service says of itself that its answers and times are made up. */
  readonly simulated: boolean;
}

/** What a run tells while it goes; the listener must be quick. */
export interface RunListener {
  taskStarted(task: Task, progress: TaskProgress): void;
  warmedUp(task: Task, warmup: TaskResult['warmup']): void;
  taskEnded(result: TaskResult): void;
}

export interface RunSetting {
  readonly folder: RunFolder;
  readonly redact: Redactor;
  readonly control: RunControl;
  readonly listener: RunListener;
}

/** Runs every task, one after the other, and leaves their records in the folder. */
export async function execute(
  plan: Plan,
  tasks: readonly Task[],
  setting: RunSetting,
): Promise<TaskResult[]> {
  const origin = performance.now();
  const clock = () => performance.now() - origin;
  const results: TaskResult[] = [];
  for (const model of plan.models) {
    if (setting.control.interrupted) break;
    const service = await openService(model, clock, setting.control.signal);
    try {
      for (const task of tasks.filter((one) => one.model === model)) {
        if (setting.control.interrupted) break;
        results.push(await runOne(task, service, plan, setting));
      }
    } finally {
      await service.close();
    }
  }
  return results;
}

async function runOne(
  task: Task,
  service: OpenService,
  plan: Plan,
  setting: RunSetting,
): Promise<TaskResult> {
  const { folder, redact, control, listener } = setting;
  const { source, dataset } = task;
  await checkFirstRequest(service, callAt(source, 0));
  const failures = await warmUp(task.warmup, service, plan.numWarmups, control);
  const warmup = { sent: plan.numWarmups, failures };
  listener.warmedUp(task, warmup);
  const files = {
    records: folder.records(task.model.abbr, dataset.abbr),
    predictions: folder.predictions(task.model.abbr, dataset.abbr),
  };
  const records = new LineAppender(files.records, redact);
  const transcripts = new LineAppender(files.predictions, redact);
  const progress: TaskProgress = {
    total: callCount(source),
    done: 0,
    failed: 0,
    inFlight: 0,
    outputTokens: 0,
    startedAt: service.wire.clock(),
  };
  listener.taskStarted(task, progress);
  try {
    const sink = {
      record: (record: Parameters<typeof encodeRecord>[0]) => records.append(encodeRecord(record)),
      transcript: (one: Parameters<typeof encodeTranscript>[0]) => transcripts.append(encodeTranscript(one)),
    };
    const outcome = await runTask(source, service, sink, control, progress);
    const result = { task, files, outcome, warmup, simulated: service.simulated };
    listener.taskEnded(result);
    return result;
  } finally {
    records.close();
    transcripts.close();
  }
}
