/** The process that sends: started by a run or by a remote worker, with an IPC channel to it. */
import type { RunConfig } from '../config/flags.ts';
import { isLoadTest } from '../config/modes.ts';
import { type ModelPlan, type Plan, secretsOf } from '../config/plan.ts';
import { AisBenchError, describeError, EXIT } from '../contract/errors.ts';
import { type LiveChanges, LiveFigures } from '../metrics/live.ts';
import { RunControl } from '../sending/control.ts';
import { type OpenModel, openModel } from '../sending/open-model.ts';
import { fingerprint, sampleDigest } from '../sending/pool.ts';
import { prepareTasks, type Task } from '../sending/prepare.ts';
import { PulledTask } from '../sending/pull-task.ts';
import { clockSince } from '../sending/run-clock.ts';
import type { LoadOutcome, TaskProgress } from '../sending/run-task.ts';
import { recordTask } from '../sending/send-task.ts';
import { masked, type Redactor, redactor } from '../store/redact.ts';
import { openRunFolder } from '../store/run-folder.ts';
import type { Clock } from '../transport/types.ts';
import {
  type Assignment,
  type Counters,
  type ErrorFields,
  listCode,
  NOTHING_DONE,
  type Order,
  type OrderOf,
  type Report,
  type SampleOrder,
} from './protocol.ts';

/** A worker that has read its assignment. */
interface AssignedWorker {
  readonly plan: Plan;
  readonly tasks: readonly Task[];
  readonly redact: Redactor;
  readonly control: RunControl;
  readonly inbox: Inbox;
  readonly order: OrderOf<'assign'>;
}

const PROGRESS_EVERY_MS = 500;
const HEARTBEAT_MS = 1000;

/**
 * Sends for the run that started this process, until it says stop. Returns the exit code. `mask`: receives the secrets of the plan, for
 * what this process prints when it crashes.
 */
export async function runWorkerProcess(mask: (secrets: readonly string[]) => void): Promise<number> {
  if (process.send === undefined) {
    process.stderr.write('worker-process is started by a run: ais_bench --workers 2 …\n');
    return EXIT.badInput;
  }
  const control = new RunControl();
  const inbox = new Inbox(control);
  // The coordinator alone decides when to stop; a signal to the whole group must not end the requests in flight.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
  const order = await inbox.next();
  if (order.type !== 'assign') return EXIT.ok;
  const heartbeat = setInterval(() => report({ type: 'heartbeat' }), order.heartbeatMs ?? HEARTBEAT_MS);
  let redact: Redactor = (text) => text;
  try {
    const { source } = order;
    const plan = 'plan' in source ? source.plan : await makePlan(source.flags);
    const secrets = plan.models.flatMap(secretsOf);
    mask(secrets);
    redact = redactor(secrets);
    requireSameCode(plan, order);
    const tasks = await prepareTasks(plan);
    requireSameSamples(tasks, order);
    if (fingerprint(tasks) !== order.fingerprint)
      throw new Error('the data changed since the run has read it');
    report({ type: 'ready' });
    await sendTasks({ plan, tasks, redact, control, inbox, order });
    return EXIT.ok;
  } catch (error) {
    const shown = masked(error, redact);
    const fields = shown instanceof AisBenchError ? { error: fieldsOf(shown) } : {};
    report({ type: 'broken', why: describeError(shown), ...fields });
    return EXIT.failed;
  } finally {
    clearInterval(heartbeat);
  }
}

/** Makes the plan with this host's configs, paths and secrets. What reads configs is loaded only here. */
async function makePlan(flags: RunConfig): Promise<Plan> {
  const { resolveConfig } = await import('../resolve.ts');
  return resolveConfig(flags, { cwd: process.cwd(), env: process.env });
}

function fieldsOf({ code, message, where, cure }: AisBenchError): ErrorFields {
  return { code, message, where, cure };
}

/** The orders to this process, one after the other. Interrupts and samples are passed on at once. */
class Inbox {
  readonly #orders: Order[] = [];
  #wake: (() => void) | undefined;
  /** Receives orders about samples; where it is undefined they are late, for a task that has ended. */
  onSample: ((order: SampleOrder) => void) | undefined;

  constructor(control: RunControl) {
    process.on('message', (order: Order) => {
      if (order.type === 'drain') control.drain();
      else if (order.type === 'abort') control.abort();
      else if (order.type === 'sample' || order.type === 'slots' || order.type === 'finish')
        this.onSample?.(order);
      else this.#put(order);
    });
    // The coordinator has ended: there is no one to report to.
    process.once('disconnect', () => {
      control.abort();
      this.#put({ type: 'stop' });
    });
  }

  async next(): Promise<Order> {
    while (this.#orders.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.#orders.shift()!;
  }

  #put(order: Order): void {
    this.#orders.push(order);
    this.#wake?.();
  }
}

/** Sends its part of one task after the other; a model stays open as long as its tasks last. */
async function sendTasks(worker: AssignedWorker): Promise<void> {
  let open: { readonly plan: ModelPlan; readonly model: OpenModel } | undefined;
  // What a remote worker knows of the coordinator's clock is measured again for every task.
  let clock: Clock = () => 0;
  try {
    for (let order = await worker.inbox.next(); order.type === 'open'; order = await worker.inbox.next()) {
      const task = worker.tasks[order.task]!;
      clock = clockSince(order.origin);
      if (open?.plan !== task.model) {
        await open?.model.close();
        open = { plan: task.model, model: await openAs(order, task, () => clock(), worker) };
      }
      if (order.queue === undefined) await sendStripe(task, open.model, order, worker);
      else await sendSamples(task, open.model, order.queue, worker);
    }
  } finally {
    await open?.model.close();
  }
}

/** Opens the model of a task; it requests the model's name only where the coordinator does not know it. */
async function openAs(
  { modelName }: OrderOf<'open'>,
  task: Task,
  clock: Clock,
  { plan, control }: AssignedWorker,
): Promise<OpenModel> {
  const { model } = task;
  const named =
    model.attr === 'local' || modelName === undefined
      ? model
      : { ...model, options: { ...model.options, model: modelName } };
  // The coordinator has warmed the service up; here only the code that makes a request runs once, so that it does not delay the first.
  const opened = await openModel(named, { ...plan, numWarmups: 0 }, clock, {
    control,
    listener: { warned: () => {} },
  });
  if (opened === undefined) throw new Error('stopped before it began');
  await opened.warmUp(task);
  return opened;
}

async function sendStripe(
  { source, model, dataset }: Task,
  { client: answerer }: OpenModel,
  { place, workers }: OrderOf<'open'>,
  { plan, redact, control, inbox, order }: AssignedWorker,
): Promise<void> {
  report({ type: 'opened' });
  const go = await inbox.next();
  if (go.type !== 'send') return;
  const begunAt = answerer.clock();
  const folder = openRunFolder(order.folder, redact);
  const number = order.number + 1;
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

/** Sends samples as they arrive; their results are reported, and kept by the coordinator. */
async function sendSamples(
  { source }: Task,
  { client: answerer }: OpenModel,
  queue: Required<OrderOf<'open'>>['queue'],
  { redact, control, inbox, order }: AssignedWorker,
): Promise<void> {
  report({ type: 'opened' });
  const startedAt = answerer.clock();
  await reporting({ startedAt, begunAt: startedAt, number: order.number + 1 }, (progress) => {
    const task = new PulledTask(source, answerer, {
      ...{ ...queue, control, progress, redact },
      want: (samples) => report({ type: 'want', samples }),
      answered: (result) => report({ type: 'answered', result }),
    });
    inbox.onSample = (about) => {
      if (about.type === 'sample') task.take(about.n);
      else if (about.type === 'slots') task.share(about.slots);
      else task.end();
    };
    return task.finished.then((outcome) => ({ ...outcome, leastSlots: task.leastSlots }));
  }).finally(() => {
    inbox.onSample = undefined;
  });
}

/** Reports the progress of a load while it runs, and its outcome. */
async function reporting(
  { startedAt, begunAt, number }: Readonly<Record<'startedAt' | 'begunAt' | 'number', number>>,
  run: (progress: TaskProgress) => Promise<LoadOutcome & { readonly leastSlots?: number | undefined }>,
): Promise<void> {
  const live = new LiveFigures();
  const progress: TaskProgress = { ...NOTHING_DONE, startedAt, live };
  const figures = (): { counters: Counters; live: LiveChanges } => {
    const { done, failed, inFlight, outputTokens } = progress;
    return { counters: { done, failed, inFlight, outputTokens }, live: live.takeChanges(`worker ${number}`) };
  };
  const timer = setInterval(() => report({ type: 'progress', ...figures() }), PROGRESS_EVERY_MS);
  try {
    const { sent, stopped, leastSlots } = await run(progress);
    const outcome = { sent, stopped, ...(leastSlots === undefined ? {} : { leastSlots }) };
    report({ type: 'sent', ...figures(), outcome, begunAt });
  } finally {
    clearInterval(timer);
  }
}

function report(message: Report): void {
  if (process.connected) process.send?.(message, () => {});
}

/** Throws WORKER-CODE-001 where a model has another class here, or a class of that name with other code. */
function requireSameCode(plan: Plan, { same }: Pick<Assignment, 'same'>): void {
  if (same === undefined) return;
  const own = listCode(plan);
  for (const { abbr, className, hash } of same.code) {
    const found = own.find((one) => one.abbr === abbr);
    if (found?.hash === hash && found.className === className) continue;
    const what =
      found === undefined || found.className !== className
        ? `${abbr} is of the class ${className}, here it is ${found?.className ?? 'not there'}`
        : `its class ${className} of ${abbr} is not the one that the run was planned with`;
    throw new AisBenchError('WORKER-CODE-001', what, {
      where: process.cwd(),
      cure: 'copy the class and its config to the folder that the worker runs in; it runs no code that is sent to it',
    });
  }
}

/** Throws WORKER-CODE-001 where configs or data give other samples. */
function requireSameSamples(tasks: readonly Task[], { same }: Pick<Assignment, 'same'>): void {
  if (same === undefined || sampleDigest(tasks) === same.samples) return;
  throw new AisBenchError('WORKER-CODE-001', 'its configs or data give other samples than those of the run', {
    where: process.cwd(),
    cure: 'copy configs and data to the folder that the worker runs in',
  });
}
