import { isLoadTest } from '../config/modes.ts';
import type { ModelPlan, Plan } from '../config/plan.ts';
import { LiveFigures } from '../metrics/live.ts';
import type { PeakMemory } from '../models/base-model.ts';
import type { FailedRecord, RunRecord } from '../record.ts';
import { keepClock } from '../store/history.ts';
import { mergeLines } from '../store/merge.ts';
import type { Redactor } from '../store/redact.ts';
import type { RunFolder } from '../store/run-folder.ts';
import type { ServedModels } from '../store/served.ts';
import type { Clock } from '../transport/types.ts';
import type { CaseCrew } from './case-crew.ts';
import type { RunControl } from './control.ts';
import type { Crew, CrewOrder } from './crew.ts';
import { casesOf } from './load-plan.ts';
import type { LoadedModel } from './loaded-model.ts';
import { type OpenModel, openElsewhere, openModel } from './open-model.ts';
import type { Task } from './prepare.ts';
import { queueTask } from './queue-task.ts';
import { recordTask } from './record-task.ts';
import type { Resume } from './resume.ts';
import { clockSince, type Instant, presentInstant } from './run-clock.ts';
import { type LoadOutcome, plannedRequests, type TaskProgress } from './run-task.ts';
import type { ServerWatch, WatchOutcome } from './server-watch.ts';
import { caseCount } from './shape.ts';
import { endOf, keepEnd } from './task-end.ts';
import { type TaskFiles, taskFiles } from './task-files.ts';
import { NO_WARMUP, requireAnswer, type Warmup } from './warm-up.ts';

export interface TaskResult {
  readonly task: Task;
  readonly files: TaskFiles;
  readonly outcome: LoadOutcome;
  readonly warmup: Warmup;
  /** The service says of itself that its answers and times are made up. */
  readonly simulated: boolean;
  /** Largest memory that a local model held so far, where it knows. */
  readonly memory?: PeakMemory;
  /** What came of watching the service's own metrics, where that was wanted. */
  readonly server?: WatchOutcome;
}

/** What a run tells while it goes; the listener must be quick. */
export interface RunListener {
  taskStarted(task: Task, progress: TaskProgress): void;
  warmedUp(task: Task, warmup: TaskResult['warmup']): void;
  taskEnded(result: TaskResult): void;
  /** A request that this process sent has failed for good. */
  requestFailed?(record: FailedRecord): void;
  /** A request that this process sent has ended for good. */
  requestEnded?(record: RunRecord): void;
  /** Something worth telling that takes nothing from the results. */
  warned(text: string): void;
}

export interface RunSetting {
  readonly folder: RunFolder;
  readonly redact: Redactor;
  readonly control: RunControl;
  readonly listener: RunListener;
  readonly served: Pick<ServedModels, 'keep' | 'isSimulated'>;
  /** What earlier sessions of this run left to ask. */
  readonly resume?: Resume | undefined;
  /** Begins to watch the service of a task, after its warm-up. Must not throw. */
  readonly watch?: ((task: Task, clock: Clock) => Promise<ServerWatch | undefined>) | undefined;
  /** Holds a local model beyond this run of tasks. */
  readonly loaded?: LoadedModel;
  /** Other processes that can send. Default: this process sends everything. */
  readonly crew?: Crew;
  /** Others who take cases one by one; a load test has a schedule and no queue. */
  readonly queue?: CaseCrew;
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
  // A continued run goes on where the clock of the sessions before it stopped.
  const origin = presentInstant(setting.resume?.lastEnd);
  keepClock(setting.folder, setting.resume?.lastEnd ?? 0, new Date());
  const run: Run = { plan, tasks, setting, origin, clock: clockSince(origin), results: [] };
  const broken: { model: string; error: unknown }[] = [];
  for (const model of plan.models) {
    try {
      await runModel(model, run);
    } catch (error) {
      broken.push({ model: model.abbr, error });
    }
  }
  // Those that were finished before came first.
  run.results.sort((a, b) => tasks.indexOf(a.task) - tasks.indexOf(b.task));
  return { results: run.results, broken };
}

async function runModel(plan: ModelPlan, run: Run): Promise<void> {
  const { tasks, setting, results, clock } = run;
  if (setting.control.interrupted) return;
  const own = tasks.filter((one) => one.model === plan);
  const finished = own.filter((task) => isFinished(task, setting));
  results.push(...finished.map((task) => storedResult(task, run.plan, setting)));
  if (finished.length === own.length) return;
  // Whoever takes cases from the queue loads a local model for itself.
  const isElsewhere = plan.attr === 'local' && setting.queue !== undefined;
  const model = isElsewhere ? openElsewhere(clock) : await openModel(plan, run.plan, clock, setting);
  if (model === undefined) return;
  try {
    keepServed(model, plan, setting);
    for (const task of own) {
      if (setting.control.interrupted) break;
      if (!finished.includes(task)) results.push(await runOne(task, model, run));
    }
  } finally {
    await model.close();
  }
}

function keepServed({ modelName, simulated }: OpenModel, plan: ModelPlan, { served }: RunSetting): void {
  if (plan.attr !== 'service') return;
  served.keep(plan.abbr, { ...(modelName === undefined ? {} : { name: modelName }), simulated });
}

/** Earlier sessions asked everything: the model is not needed. */
function isFinished(task: Task, { resume }: RunSetting): boolean {
  const known = resume?.tasks.get(task);
  return known !== undefined && caseCount(known.left) === 0;
}

function filesOf(task: Task, { folder, resume }: Pick<RunSetting, 'folder' | 'resume'>): TaskFiles {
  const known = resume?.tasks.get(task);
  const files = taskFiles(folder, task);
  if (known === undefined) return files;
  const { ids, continued } = known;
  const { sessions = [] } = resume!;
  return { ...files, ...(ids === undefined ? {} : { ids }), continued, sessions };
}

/** What earlier sessions left of a task: nothing is asked. */
export function storedResult(
  task: Task,
  { load }: Plan,
  setting: Pick<RunSetting, 'folder' | 'resume' | 'served'>,
): TaskResult {
  const { folder, resume, served } = setting;
  const planned = plannedRequests(task.source, { settings: load });
  const end = endOf(folder, task);
  const { stopped, lost, memory, server } = end ?? {};
  // A load that was killed told nobody; where cases end it and all of them are there, it had come to its end.
  const isWhole = planned !== undefined && caseCount(resume?.tasks.get(task)?.left ?? task.source) === 0;
  return {
    task,
    files: filesOf(task, setting),
    outcome: {
      planned,
      sent: 0,
      stopped: isWhole || end !== undefined ? stopped : 'interrupted',
      ...(lost === undefined ? {} : { lost }),
    },
    warmup: NO_WARMUP,
    simulated: served.isSimulated(task.model.abbr),
    ...(memory === undefined ? {} : { memory }),
    ...(server === undefined ? {} : { server }),
  };
}

/** The task without what is answered; a warm-up asks nothing that is answered either. */
function leftOf(task: Task, { resume }: RunSetting): Task {
  const left = resume?.tasks.get(task)?.left;
  if (left === undefined) return task;
  return { ...task, source: left, ...(task.warmupIsMeasured ? { warmup: left } : {}) };
}

async function runOne(task: Task, model: OpenModel, run: Run): Promise<TaskResult> {
  const { plan, setting } = run;
  const { listener } = setting;
  const left = leftOf(task, setting);
  const warmup = await model.warmUp(left);
  // What is left of a continued run may be just those questions that the service refuses.
  const isSure = !setting.control.interrupted && setting.resume === undefined;
  if (isSure && task.model.attr === 'service') requireAnswer(warmup, task.model);
  listener.warmedUp(task, warmup);
  const total = casesOf(left.source, plan.load);
  const progress: TaskProgress = {
    ...(Number.isFinite(total) ? { total } : {}),
    done: 0,
    failed: 0,
    inFlight: 0,
    outputTokens: 0,
    startedAt: model.answerer.clock(),
    live: new LiveFigures(),
  };
  if (!setting.control.interrupted) setting.folder.becomeLatest();
  const watch = await setting.watch?.(task, run.clock);
  listener.taskStarted(task, progress);
  const { sent, server } = await watched(watch, () => send(left, model, progress, run));
  const memory = await model.peakMemory?.();
  const result = {
    task,
    files: filesOf(task, setting),
    outcome: { ...sent, planned: plannedRequests(task.source, { settings: plan.load }) },
    warmup,
    simulated: model.simulated || setting.served.isSimulated(task.model.abbr),
    ...(server === undefined ? {} : { server }),
    ...(memory === undefined ? {} : { memory }),
  };
  const { stopped, lost } = result.outcome;
  const end = { ...(stopped && { stopped }), ...(lost && { lost }), ...(memory && { memory }) };
  keepEnd(setting.folder, task, { ...end, ...(server && { server }) });
  listener.taskEnded(result);
  return result;
}

type Sent = Omit<LoadOutcome, 'planned'>;

/** What is left of a continued run is sent from here: a load test is not continued. */
function send(task: Task, model: OpenModel, progress: TaskProgress, run: Run): Promise<Sent> {
  const { plan, setting, origin } = run;
  const { crew, control, resume } = setting;
  const { modelName } = model;
  const place = run.tasks.findIndex((one) => one.model === task.model && one.dataset === task.dataset);
  if (setting.queue !== undefined) {
    const order = { task: place, origin, modelName, control, progress };
    return queueTask(task.source, setting.queue, { ...order, ...keepingOf(task, setting) });
  }
  const workers = crew === undefined || resume !== undefined ? 0 : crew.workersFor(task, plan.load);
  if (workers === 0 || crew === undefined) return sendHere(task, model, progress, run);
  const order = { task: place, workers, origin, modelName, control, progress };
  return sendByCrew(task, crew, setting, order);
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

function sendHere(
  task: Task,
  { answerer }: OpenModel,
  progress: TaskProgress,
  { plan, setting }: Run,
): Promise<Sent> {
  const load = { settings: plan.load };
  return recordTask(task.source, answerer, {
    ...keepingOf(task, setting),
    ...{ control: setting.control, progress, load, isWhole: !isLoadTest(plan.mode) },
  });
}

/** Where this process keeps what the requests of a task came to, and who hears of it. */
function keepingOf({ model, dataset }: Task, { folder, redact, listener }: RunSetting) {
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
async function sendByCrew(task: Task, crew: Crew, { folder }: RunSetting, order: CrewOrder): Promise<Sent> {
  const { workers, lateStarts: _, ...outcome } = await crew.run(order);
  const { model, dataset } = task;
  mergeLines(
    folder.predictions(model.abbr, dataset.abbr),
    workers.map((worker) => folder.predictions(model.abbr, dataset.abbr, worker + 1)),
  );
  return outcome;
}
