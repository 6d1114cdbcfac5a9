import { defined } from '../basics/defined.ts';
import { isLoadTest } from '../config/modes.ts';
import type { ModelPlan, Plan } from '../config/plan.ts';
import type { PeakMemory } from '../contract/base-model.ts';
import { SharedSlots, type SlotTurn } from '../load/shared-slots.ts';
import { LiveFigures } from '../metrics/live.ts';
import { keepClock } from '../store/history.ts';
import type { RunFolder } from '../store/run-folder.ts';
import { readJsonIfThere, type ServedModels } from '../store/served.ts';
import type { Clock } from '../transport/types.ts';
import type { StopReason } from './control.ts';
import { plannedSamples } from './load-plan.ts';
import type { LoadedModel } from './local-model.ts';
import { type OpenModel, openElsewhere, openModel } from './open-model.ts';
import { type Task, type TaskFiles, taskFiles } from './prepare.ts';
import { clockSince, presentInstant } from './run-clock.ts';
import { type LoadOutcome, plannedRequests, type TaskProgress } from './run-task.ts';
import { type RequestListener, type SendSetting, type SentRun, sendTask, workersOf } from './send-task.ts';
import type { ServerWatch, WatchOutcome } from './server-watch.ts';
import { sampleCount } from './shape.ts';
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
  /** Other tasks of its model had a part of the slots while it ran. */
  readonly sharedSlots?: boolean;
}

/** Events of a run while it goes; the listener must be quick. */
export interface RunListener extends RequestListener {
  taskStarted(task: Task, progress: TaskProgress): void;
  warmedUp(task: Task, warmup: TaskResult['warmup']): void;
  taskEnded(result: TaskResult): void;
  /** Something worth telling that takes nothing from the results. */
  warned(text: string): void;
}

export interface ExecuteOptions extends SendSetting {
  readonly listener: RunListener;
  readonly served: Pick<ServedModels, 'keep' | 'isSimulated'>;
  /** Begins to watch the service of a task, after its warm-up. Must not throw. */
  readonly watch?: ((task: Task, clock: Clock) => Promise<ServerWatch | undefined>) | undefined;
  /** Holds a local model beyond this run of tasks. */
  readonly loaded?: LoadedModel;
}

export interface RunOutcome {
  readonly results: readonly TaskResult[];
  /** Models that could not be opened, or whose run broke; the others' results are kept. */
  readonly broken: readonly { readonly model: string; readonly error: unknown }[];
}

interface ActiveTasks extends SentRun {
  readonly setting: ExecuteOptions;
  readonly clock: Clock;
  readonly results: TaskResult[];
}

/** Runs every task, model after model, and leaves their records in the folder. */
export async function execute(
  plan: Plan,
  tasks: readonly Task[],
  setting: ExecuteOptions,
): Promise<RunOutcome> {
  // A continued run goes on where the clock of the sessions before it stopped.
  const origin = presentInstant(setting.resume?.lastEnd);
  keepClock(setting.folder, setting.resume?.lastEnd ?? 0, new Date());
  const run: ActiveTasks = { plan, tasks, setting, origin, clock: clockSince(origin), results: [] };
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

async function runModel(plan: ModelPlan, run: ActiveTasks): Promise<void> {
  const { tasks, setting, results, clock } = run;
  if (setting.control.interrupted) return;
  const own = tasks.filter((one) => one.model === plan);
  const finished = own.filter((task) => isFinished(task, setting));
  results.push(...finished.map((task) => storedResult(task, run.plan, setting)));
  if (finished.length === own.length) return;
  // Queue workers load local models themselves.
  const isElsewhere = plan.attr === 'local' && setting.pool?.usesQueue === true;
  const model = isElsewhere ? openElsewhere(clock) : await openModel(plan, run.plan, clock, setting);
  if (model === undefined) return;
  try {
    keepServed(model, plan, setting);
    const left = own.filter((task) => !finished.includes(task));
    await runTasks(left, model, run);
  } finally {
    await model.close();
  }
}

/**
 * One after the other; of tasks that share slots the next begins as soon as those before it have no case left to begin. Throws
 * what the first task that broke threw, when those beside it have ended what they had begun.
 */
async function runTasks(tasks: readonly Task[], model: OpenModel, run: ActiveTasks): Promise<void> {
  const { setting, clock, results } = run;
  const slots = sharesSlots(tasks, run) ? new SharedSlots(tasks[0]!.model.concurrency, clock) : undefined;
  const running: Promise<void>[] = [];
  let broken: { readonly error: unknown } | undefined;
  const breakOff = (error: unknown): void => {
    broken ??= { error };
    slots?.close();
  };
  for (const task of tasks) {
    if (slots === undefined) await running.at(-1);
    const turn = await slots?.turn();
    if (setting.control.interrupted || broken !== undefined) break;
    const isFirst = running.length === 0;
    const ending = runOne(task, model, run, { turn, warmsUp: isFirst || slots === undefined });
    running.push(ending.then((result) => void results.push(result), breakOff).finally(turn?.loop.left));
  }
  await Promise.all(running);
  if (broken !== undefined) throw broken.error;
}

/**
 * Where answers are wanted and no load is measured, this process sends several tasks to a service at once. What a schedule or a
 * time limit paces, what other processes send, a local model's batches, and a service whose own metrics are watched belong to one
 * task at a time.
 */
function sharesSlots(tasks: readonly Task[], run: ActiveTasks): boolean {
  const { plan, setting } = run;
  const { model } = tasks[0]!;
  return (
    tasks.length > 1 &&
    model.attr === 'service' &&
    model.arrival.kind === 'closed' &&
    plan.load.durationMs === undefined &&
    !isLoadTest(plan.mode) &&
    setting.pool?.usesQueue !== true &&
    setting.watch === undefined &&
    tasks.every((task) => workersOf(task, run) === 0)
  );
}

function keepServed({ modelName, simulated }: OpenModel, plan: ModelPlan, { served }: ExecuteOptions): void {
  if (plan.attr !== 'service') return;
  served.keep(plan.abbr, { ...defined({ name: modelName }), simulated });
}

/** Earlier sessions sent everything: the model is not needed. */
function isFinished(task: Task, { resume }: ExecuteOptions): boolean {
  const known = resume?.tasks.get(task);
  return known !== undefined && sampleCount(known.left) === 0;
}

function filesOf(task: Task, { folder, resume }: Pick<ExecuteOptions, 'folder' | 'resume'>): TaskFiles {
  const known = resume?.tasks.get(task);
  const files = taskFiles(folder, task);
  if (known === undefined) return files;
  const { ids, continued } = known;
  const { sessions = [] } = resume!;
  return { ...files, ...defined({ ids }), continued, sessions };
}

/** Returns what earlier sessions left of a task, without sending anything. */
export function storedResult(
  task: Task,
  { load }: Plan,
  setting: Pick<ExecuteOptions, 'folder' | 'resume' | 'served'>,
): TaskResult {
  const { folder, resume, served } = setting;
  const planned = plannedRequests(task.source, { settings: load });
  const end = endOf(folder, task);
  const { stopped, lost, memory, server, sharedSlots } = end ?? {};
  // A killed load leaves no end file; where cases end it and all of them are there, it had ended.
  const isWhole = planned !== undefined && sampleCount(resume?.tasks.get(task)?.left ?? task.source) === 0;
  return {
    task,
    files: filesOf(task, setting),
    outcome: {
      planned,
      sent: 0,
      stopped: isWhole || end !== undefined ? stopped : 'interrupted',
      ...defined({ lost }),
    },
    warmup: NO_WARMUP,
    simulated: served.isSimulated(task.model.abbr),
    ...defined({ memory, server, sharedSlots }),
  };
}

/** Returns the task without what earlier sessions answered; its warm-up sends none of that either. */
function leftOf(task: Task, { resume }: ExecuteOptions): Task {
  const left = resume?.tasks.get(task)?.left;
  if (left === undefined) return task;
  return { ...task, source: left, ...(task.warmupIsMeasured ? { warmup: left } : {}) };
}

interface TaskTurn {
  readonly turn: SlotTurn | undefined;
  readonly warmsUp: boolean;
}

async function runOne(
  task: Task,
  model: OpenModel,
  run: ActiveTasks,
  { turn, warmsUp }: TaskTurn,
): Promise<TaskResult> {
  const { plan, setting } = run;
  const { listener } = setting;
  const left = leftOf(task, setting);
  await model.check(left);
  const warmup = warmsUp ? await model.warmUp(left) : NO_WARMUP;
  // What is left of a continued run may be just those questions that the service refuses.
  const isSure = !setting.control.interrupted && setting.resume === undefined;
  if (isSure && task.model.attr === 'service') requireAnswer(warmup, task.model);
  listener.warmedUp(task, warmup);
  const total = plannedSamples(left.source, plan.load);
  const progress: TaskProgress = {
    ...(Number.isFinite(total) ? { total } : {}),
    done: 0,
    failed: 0,
    inFlight: 0,
    outputTokens: 0,
    startedAt: model.client.clock(),
    live: new LiveFigures(),
  };
  if (!setting.control.interrupted) setting.folder.becomeLatest();
  const watch = await setting.watch?.(task, run.clock);
  listener.taskStarted(task, progress);
  const { sent, server } = await watched(watch, () => sendTask(left, model, progress, run, turn));
  const memory = await model.peakMemory?.();
  const result = {
    task,
    files: filesOf(task, setting),
    outcome: { ...sent, planned: plannedRequests(task.source, { settings: plan.load }) },
    warmup,
    simulated: model.simulated || setting.served.isSimulated(task.model.abbr),
    ...defined({ server, memory, sharedSlots: turn === undefined ? undefined : true }),
  };
  const { stopped, lost } = result.outcome;
  const { sharedSlots } = result;
  keepEnd(setting.folder, task, {
    ...(stopped && { stopped }),
    ...(lost && { lost }),
    ...(memory && { memory }),
    ...(server && { server }),
    ...(sharedSlots && { sharedSlots }),
  });
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

/** How the load of a task ended, as far as its records do not tell; kept beside them for later reports. */
export interface TaskEnd {
  readonly stopped?: StopReason;
  /** Load workers that died, in words. */
  readonly lost?: readonly string[];
  readonly memory?: PeakMemory;
  readonly server?: WatchOutcome;
  /** Other tasks of its model had a part of the slots while it ran. */
  readonly sharedSlots?: boolean;
}

type Ended = Pick<Task, 'model' | 'dataset'>;

function fileOf(folder: RunFolder, { model, dataset }: Ended): string {
  return folder.file('performances', model.abbr, `${dataset.abbr}_end.json`);
}

function keepEnd(folder: RunFolder, task: Ended, end: TaskEnd): void {
  folder.write(fileOf(folder, task), `${JSON.stringify(end)}\n`);
}

/** Undefined where the load was killed, or has not ended. Throws RUN-DATA-001 where the file is broken. */
export function endOf(folder: RunFolder, task: Ended): TaskEnd | undefined {
  return readJsonIfThere(fileOf(folder, task)) as TaskEnd | undefined;
}
