import type { ModelPlan, Plan } from '../config/plan.ts';
import { mergeLines } from '../store/merge.ts';
import type { Redactor } from '../store/redact.ts';
import type { RunFolder } from '../store/run-folder.ts';
import type { Clock } from '../transport/types.ts';
import type { RunControl } from './control.ts';
import { type Crew, type CrewOrder, workersFor } from './crew.ts';
import { casesOf } from './load-plan.ts';
import { type OpenModel, openModel, type Warmup } from './open-model.ts';
import type { Task } from './prepare.ts';
import { recordTask } from './record-task.ts';
import { clockSince, type Instant, presentInstant } from './run-clock.ts';
import { type LoadOutcome, plannedRequests, type TaskProgress } from './run-task.ts';
import type { ServerWatch, WatchOutcome } from './server-watch.ts';

/** Where the answers of one task lie. */
interface TaskFiles {
  /** One file, or one a load worker. */
  readonly records: readonly string[];
  readonly predictions: string;
}

export interface TaskResult {
  readonly task: Task;
  readonly files: TaskFiles;
  readonly outcome: LoadOutcome;
  readonly warmup: Warmup;
  /** The service says of itself that its answers and times are made up. */
  readonly simulated: boolean;
  /** What came of watching the service's own metrics, where that was wanted. */
  readonly server?: WatchOutcome;
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
  /** Begins to watch the service of a task, after its warm-up. Must not throw. */
  readonly watch?: ((task: Task, clock: Clock) => Promise<ServerWatch | undefined>) | undefined;
  /** Other processes that can send, and the machine's cores. Default: this process sends everything. */
  readonly crew?: Crew & { readonly cores: number };
}

export interface RunOutcome {
  readonly results: readonly TaskResult[];
  /** Models that could not be asked, or whose run broke; the others' results are not lost for them. */
  readonly broken: readonly { readonly model: string; readonly error: unknown }[];
}

interface Run {
  readonly plan: Plan;
  readonly tasks: readonly Task[];
  readonly setting: RunSetting;
  readonly origin: Instant;
  readonly clock: Clock;
  readonly results: TaskResult[];
}

/** Runs every task, one after the other, and leaves their records in the folder. */
export async function execute(plan: Plan, tasks: readonly Task[], setting: RunSetting): Promise<RunOutcome> {
  const origin = presentInstant();
  const run: Run = { plan, tasks, setting, origin, clock: clockSince(origin), results: [] };
  const broken: { model: string; error: unknown }[] = [];
  for (const model of plan.models) {
    try {
      await runModel(model, run);
    } catch (error) {
      broken.push({ model: model.abbr, error });
    }
  }
  return { results: run.results, broken };
}

async function runModel(plan: ModelPlan, run: Run): Promise<void> {
  const { tasks, setting, results, clock } = run;
  if (setting.control.interrupted) return;
  const model = await openModel(plan, run.plan, clock, setting);
  if (model === undefined) return;
  try {
    for (const task of tasks.filter((one) => one.model === plan)) {
      if (setting.control.interrupted) break;
      results.push(await runOne(task, model, run));
    }
  } finally {
    await model.close();
  }
}

async function runOne(task: Task, model: OpenModel, run: Run): Promise<TaskResult> {
  const { plan, setting, tasks } = run;
  const { control, listener } = setting;
  const warmup = await model.warmUp(task);
  listener.warmedUp(task, warmup);
  const total = casesOf(task.source, plan.load);
  const progress: TaskProgress = {
    ...(Number.isFinite(total) ? { total } : {}),
    done: 0,
    failed: 0,
    inFlight: 0,
    outputTokens: 0,
    startedAt: model.answerer.clock(),
  };
  const watch = await setting.watch?.(task, run.clock);
  listener.taskStarted(task, progress);
  const workers = setting.crew === undefined ? 1 : workersFor(task, plan.load, setting.crew.cores);
  const { sent, server } = await watched(watch, () =>
    workers === 1 || setting.crew === undefined
      ? sendHere(task, model, progress, run)
      : sendByCrew(task, setting.crew, setting, {
          task: tasks.indexOf(task),
          workers,
          origin: run.origin,
          modelName: model.modelName,
          control,
          progress,
          settings: plan.load,
        }),
  );
  const result = {
    task,
    ...sent,
    warmup,
    simulated: model.simulated,
    ...(server === undefined ? {} : { server }),
  };
  listener.taskEnded(result);
  return result;
}

/** The service is watched until the load ends, however it ends. */
async function watched<T>(
  watch: ServerWatch | undefined,
  send: () => Promise<T>,
): Promise<{ sent: T; server: WatchOutcome | undefined }> {
  try {
    const sent = await send();
    return { sent, server: await watch?.stop() };
  } catch (error) {
    await watch?.stop();
    throw error;
  }
}

async function sendHere(
  { model: { abbr }, dataset, source }: Task,
  { answerer }: OpenModel,
  progress: TaskProgress,
  { plan, setting }: Run,
): Promise<Pick<TaskResult, 'files' | 'outcome'>> {
  const { folder, redact, control } = setting;
  const files = {
    records: folder.records(abbr, dataset.abbr),
    predictions: folder.predictions(abbr, dataset.abbr),
  };
  const load = { settings: plan.load };
  const outcome = await recordTask(source, answerer, { files, redact, control, progress, load });
  return { files: { ...files, records: [files.records] }, outcome };
}

/** The workers' records stay in files of their own; users know one file of predictions. */
async function sendByCrew(
  { model: { abbr }, dataset, source }: Task,
  crew: Crew,
  { folder }: RunSetting,
  { settings, ...order }: CrewOrder & { readonly settings: Plan['load'] },
): Promise<Pick<TaskResult, 'files' | 'outcome'>> {
  const { workers, ...sent } = await crew.run(order);
  const numbers = workers.map((worker) => worker + 1);
  const predictions = folder.predictions(abbr, dataset.abbr);
  mergeLines(
    predictions,
    numbers.map((worker) => folder.predictions(abbr, dataset.abbr, worker)),
  );
  return {
    files: { records: numbers.map((worker) => folder.records(abbr, dataset.abbr, worker)), predictions },
    outcome: { ...sent, planned: plannedRequests(source, { settings }) },
  };
}
