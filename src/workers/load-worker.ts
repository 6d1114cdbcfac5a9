import { STOP_SIGNALS } from '../cli/print/run-view.ts';
import { readPlan } from '../cli/read-plan.ts';
import { isLoadTest } from '../config/modes.ts';
import type { ModelPlan, Plan } from '../config/plan.ts';
import { secretsOf } from '../config/plan-secrets.ts';
import { AisBenchError, describeError, EXIT } from '../contract/errors.ts';
import { type LiveChanges, LiveFigures } from '../metrics/live.ts';
import { RunControl } from '../sending/control.ts';
import { fingerprint } from '../sending/crew.ts';
import { type OpenModel, openModel } from '../sending/open-model.ts';
import { prepareTasks, type Task } from '../sending/prepare.ts';
import { PulledTask } from '../sending/pull-task.ts';
import { recordTask } from '../sending/record-task.ts';
import { clockSince } from '../sending/run-clock.ts';
import type { LoadOutcome, TaskProgress } from '../sending/run-task.ts';
import { masked, type Redactor, redactor } from '../store/redact.ts';
import { openRunFolder } from '../store/run-folder.ts';
import type { Clock } from '../transport/types.ts';
import { Inbox } from './inbox.ts';
import { type Counters, type ForeseenError, NOTHING_DONE, type Order, type Report } from './messages.ts';
import { requireSameCases, requireSameCode } from './same.ts';

type OrderOf<T extends Order['type']> = Extract<Order, { type: T }>;

/** What a worker knows once it has read the configs. */
interface Briefed {
  readonly plan: Plan;
  readonly tasks: readonly Task[];
  readonly redact: Redactor;
  readonly control: RunControl;
  readonly inbox: Inbox;
  readonly order: OrderOf<'plan'>;
}

const PROGRESS_EVERY_MS = 500;

/** `ais_bench load-worker`: one of the processes that send a load; started by a run, with a channel to it. */
export async function loadWorker(): Promise<number> {
  if (process.send === undefined) {
    process.stderr.write('load-worker is started by a run: ais_bench --load-workers 2 …\n');
    return EXIT.badInput;
  }
  const control = new RunControl();
  const inbox = new Inbox(control);
  // The command alone decides when to stop; a signal to everyone must not end the requests in flight.
  for (const signal of STOP_SIGNALS) process.on(signal, () => {});
  const order = await inbox.next();
  if (order.type !== 'plan') return EXIT.ok;
  let redact: Redactor = (text) => text;
  try {
    const plan = await readPlan(order.flags);
    redact = redactor(plan.models.flatMap(secretsOf));
    await requireSameCode(plan, order);
    const tasks = await prepareTasks(plan);
    requireSameCases(tasks, order);
    if (fingerprint(tasks) !== order.fingerprint)
      throw new Error('the configs or the data are not read alike twice');
    report({ type: 'ready' });
    await workOff({ plan, tasks, redact, control, inbox, order });
    return EXIT.ok;
  } catch (error) {
    const shown = masked(error, redact);
    const foreseen = shown instanceof AisBenchError ? { error: asMessage(shown) } : {};
    report({ type: 'broken', why: describeError(shown), ...foreseen });
    return EXIT.failed;
  }
}

function asMessage({ code, message, where, cure }: AisBenchError): ForeseenError {
  return { code, message, where, cure };
}

/** Does its part of one task after the other; a model stays open as long as its tasks last. */
async function workOff(briefed: Briefed): Promise<void> {
  let open: { readonly plan: ModelPlan; readonly model: OpenModel } | undefined;
  // What an agent knows of the coordinator's clock is measured anew for every task.
  let clock: Clock = () => 0;
  try {
    for (let order = await briefed.inbox.next(); order.type === 'open'; order = await briefed.inbox.next()) {
      const task = briefed.tasks[order.task]!;
      clock = clockSince(order.origin);
      if (open?.plan !== task.model) {
        await open?.model.close();
        open = { plan: task.model, model: await openAs(order, task, () => clock(), briefed) };
      }
      if (order.pull === undefined) await sendPart(task, open.model, order, briefed);
      else await pullCases(task, open.model, order.pull, briefed);
    }
  } finally {
    await open?.model.close();
  }
}

/** The model asks for its name only where the command could not tell it. */
async function openAs(
  { modelName }: OrderOf<'open'>,
  task: Task,
  clock: Clock,
  { plan, control }: Briefed,
): Promise<OpenModel> {
  const { model } = task;
  const named =
    model.attr === 'local' || modelName === undefined
      ? model
      : { ...model, options: { ...model.options, model: modelName } };
  // The command has warmed the service up; here only what makes a request is gone through once, so that the first is not late by that.
  const opened = await openModel(named, { ...plan, numWarmups: 0 }, clock, {
    control,
    listener: { warned: () => {} },
  });
  if (opened === undefined) throw new Error('stopped before it began');
  await opened.warmUp(task);
  return opened;
}

async function sendPart(
  { source, model, dataset }: Task,
  { answerer }: OpenModel,
  { place, workers }: OrderOf<'open'>,
  { plan, redact, control, inbox, order }: Briefed,
): Promise<void> {
  report({ type: 'opened' });
  const go = await inbox.next();
  if (go.type !== 'send') return;
  const begunAt = answerer.clock();
  const folder = openRunFolder(order.folder, redact);
  const number = order.worker + 1;
  await reporting({ startedAt: go.start, begunAt, number }, (progress) =>
    recordTask(source, answerer, {
      files: {
        records: folder.records(model.abbr, dataset.abbr, number),
        predictions: folder.predictions(model.abbr, dataset.abbr, number),
      },
      redact,
      control,
      progress,
      isWhole: !isLoadTest(plan.mode),
      load: {
        settings: plan.load,
        stripe: { worker: place, workers, concurrency: model.concurrency },
        start: go.start,
      },
    }),
  );
}

/** Answers cases as they come; what they come to is reported, and kept by whoever is told. */
async function pullCases(
  { source }: Task,
  { answerer }: OpenModel,
  pull: Required<OrderOf<'open'>>['pull'],
  { redact, control, inbox, order }: Briefed,
): Promise<void> {
  report({ type: 'opened' });
  const startedAt = answerer.clock();
  await reporting({ startedAt, begunAt: startedAt, number: order.worker + 1 }, (progress) => {
    const task = new PulledTask(source, answerer, {
      ...{ ...pull, control, progress, redact },
      want: (cases) => report({ type: 'want', cases }),
      answered: (answer) => report({ type: 'answered', answer }),
    });
    inbox.onCase = (about) => {
      if (about.type === 'case') task.take(about.n);
      else if (about.type === 'slots') task.share(about.slots);
      else task.end();
    };
    return task.finished.then((outcome) => ({ ...outcome, leastSlots: task.leastSlots }));
  }).finally(() => {
    inbox.onCase = undefined;
  });
}

/** Tells how a load goes while it goes, and what it came to. */
async function reporting(
  { startedAt, begunAt, number }: Readonly<Record<'startedAt' | 'begunAt' | 'number', number>>,
  run: (progress: TaskProgress) => Promise<LoadOutcome & { readonly leastSlots?: number | undefined }>,
): Promise<void> {
  const live = new LiveFigures();
  const progress: TaskProgress = { ...NOTHING_DONE, startedAt, live };
  const told = (): { counters: Counters; live: LiveChanges } => {
    const { done, failed, inFlight, outputTokens } = progress;
    return { counters: { done, failed, inFlight, outputTokens }, live: live.takeChanges(`worker ${number}`) };
  };
  const timer = setInterval(() => report({ type: 'progress', ...told() }), PROGRESS_EVERY_MS);
  try {
    const { sent, stopped, leastSlots } = await run(progress);
    const outcome = { sent, stopped, ...(leastSlots === undefined ? {} : { leastSlots }) };
    report({ type: 'sent', ...told(), outcome, begunAt });
  } finally {
    clearInterval(timer);
  }
}

function report(message: Report): void {
  if (process.connected) process.send?.(message, () => {});
}
