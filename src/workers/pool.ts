import { plural } from '../basics/plural.ts';
import type { LoadConfig, Plan } from '../config/plan.ts';
import { AisBenchError } from '../contract/errors.ts';
import { countRequests } from '../load/stripe.ts';
import { plannedSamples } from '../sending/load-plan.ts';
import type { QueuedOrder, Pool as SendingPool, StripedOrder, StripedOutcome } from '../sending/pool.ts';
import type { Task } from '../sending/prepare.ts';
import { clockSince } from '../sending/run-clock.ts';
import type { LoadOutcome } from '../sending/run-task.ts';
import type { Channel } from './channel.ts';
import { type Assignment, type Counters, NOTHING_DONE, type ReportOf } from './protocol.ts';
import { QueuedTask, Worker, type WorkerHost } from './worker.ts';

const PROGRESS_EVERY_MS = 250;

/** The samples of a task that wait for the workers. */
export interface TaskQueue {
  /** Samples that were delivered too often, and never answered. */
  readonly refused: readonly number[];
  /** Resolves when every sample has its result, or was refused. */
  answered(): Promise<void>;
  /** Resolves when no wanted result is left in the queue, or it is out of reach. */
  caughtUp(): Promise<void>;
  close(): Promise<void>;
}

/** What a pool of remote workers has beyond its channels. */
export interface Remote {
  /** Measures the clocks before a load; the returned function measures them again and notes how the load went. */
  beginLoad(task: number): Promise<(outcome: StripedOutcome) => Promise<void>>;
  openQueue(order: QueuedOrder): Promise<TaskQueue>;
  /** A process of a worker was lost; another may be added in its place. */
  workerLost(worker: Worker): void;
  close(): Promise<void>;
}

/** How a pool is set up. */
export interface PoolSetup {
  readonly plan: Pick<Plan, 'load'>;
  readonly tasks: readonly Task[];
  readonly assignment: Assignment;
  readonly workersFor: (task: Task, load: LoadConfig) => number;
  /** Workers take samples from a queue. */
  readonly usesQueue?: boolean;
  readonly warn: (text: string) => void;
  /** How long a task without workers waits for one to join, ms. */
  readonly waitMs?: number;
}

/** The processes that send for a run: children of this one, or processes of remote workers. */
export class Pool implements SendingPool {
  readonly usesQueue: boolean;
  /** Set before the first task, where the workers are remote. */
  remote: Remote | undefined;
  readonly #setup: PoolSetup;
  /** All that were ever added, by their number. */
  readonly #workers: Worker[] = [];
  /** Those that take samples. */
  readonly #taking = new Set<Worker>();
  #ready: Promise<void> | undefined;
  #queuedTask: QueuedTask | undefined;
  #stopping: Promise<void> | undefined;

  constructor(setup: PoolSetup) {
    this.#setup = setup;
    this.usesQueue = setup.usesQueue === true;
  }

  /** Adds a process; `open`: makes its channel, by its number. Returns the number. */
  add(open: (number: number) => Channel, host?: WorkerHost): number {
    const number = this.#workers.length;
    const worker = new Worker(open(number), number, this.#setup.assignment, host);
    this.#workers.push(worker);
    if (this.usesQueue) this.#taking.add(worker);
    this.#queuedTask?.add(worker);
    return number;
  }

  workersFor(task: Task, load: LoadConfig): number {
    return this.usesQueue ? 0 : this.#setup.workersFor(task, load);
  }

  async sendStripes(order: StripedOrder): Promise<StripedOutcome> {
    this.#ready ??= this.#requireReady();
    await this.#ready;
    const endLoad = await this.remote?.beginLoad(order.task);
    const workers = this.#workers.filter(({ lostTo }) => lostTo === undefined).slice(0, order.workers);
    const outcome = await this.#send(workers, order);
    await endLoad?.(outcome);
    return outcome;
  }

  async sendQueue(order: QueuedOrder): Promise<Partial<Pick<LoadOutcome, 'stopped' | 'lost'>>> {
    const { remote } = this;
    if (remote === undefined) throw new Error('child processes send in stripes');
    const { warn, waitMs = 0 } = this.#setup;
    const queue = await remote.openQueue(order);
    const task = new QueuedTask(order, this.#taking, {
      warn,
      waitMs,
      lost: (worker) => remote.workerLost(worker),
    });
    const watch = setInterval(() => {
      order.progress.inFlight = task.inFlight;
    }, PROGRESS_EVERY_MS);
    this.#queuedTask = task;
    try {
      try {
        await task.run(queue.answered());
      } finally {
        await queue.caughtUp();
      }
      const { control } = order;
      return {
        stopped: control.interrupted ? control.reason : undefined,
        lost: describeRefused(queue.refused.length),
      };
    } finally {
      this.#queuedTask = undefined;
      clearInterval(watch);
      order.progress.inFlight = 0;
      await queue.close();
    }
  }

  /** Ends every worker, within seconds whatever they do. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.stop()));
    await this.remote?.close();
  }

  /** Before anything is sent a worker that fails ends the run. */
  async #requireReady(): Promise<void> {
    const ready = await Promise.all(this.#workers.map((worker) => worker.ready));
    const failed = ready.indexOf(false);
    if (failed !== -1) throw cannotStart(this.#workers[failed]!);
  }

  async #send(workers: readonly Worker[], order: StripedOrder): Promise<StripedOutcome> {
    const { task, origin, modelName, control } = order;
    if (workers.length === 0) throw cannotStart();
    for (const [place, worker] of workers.entries()) {
      worker.counters = NOTHING_DONE;
      worker.begunAt = undefined;
      const process = `worker ${worker.number + 1}`;
      worker.onLive = (changes) => order.progress.live?.addChanges(process, changes);
      const named = modelName === undefined ? {} : { modelName };
      worker.send({ type: 'open', task, place, workers: workers.length, origin, ...named });
    }
    const opened = await Promise.all(workers.map((worker) => worker.next('opened')));
    const failed = opened.indexOf(undefined);
    if (failed !== -1) throw cannotStart(workers[failed]!);
    const release = passInterrupts(control, workers);
    const watch = setInterval(() => addUp(workers, order.progress), PROGRESS_EVERY_MS);
    try {
      const start = clockSince(origin)() + Math.max(...workers.map(({ leadMs }) => leadMs));
      for (const worker of workers) worker.send({ type: 'send', start });
      const reports = await Promise.all(workers.map((worker) => worker.next('sent')));
      return this.#outcome(workers, reports, start, order);
    } finally {
      clearInterval(watch);
      addUp(workers, order.progress);
      release();
    }
  }

  #outcome(
    workers: readonly Worker[],
    reports: readonly (ReportOf<'sent'> | undefined)[],
    start: number,
    { task, control }: StripedOrder,
  ): StripedOutcome {
    const sent = reports.filter((report) => report !== undefined);
    const lost = workers.filter((_, place) => reports[place] === undefined);
    const gaveUp = sent.some(({ outcome }) => outcome.stopped === 'gave-up');
    return {
      workers: workers.map(({ number }) => number),
      lateStarts: workers.map(({ begunAt }) =>
        begunAt === undefined ? undefined : Math.max(0, begunAt - start),
      ),
      sent: sent.reduce((sum, { outcome }) => sum + outcome.sent, 0) + sumOver(lost, 'done'),
      stopped: control.interrupted ? control.reason : gaveUp ? 'gave-up' : undefined,
      lost: this.#describeLost(workers, lost, task),
    };
  }

  /** A remote worker that is lost is one loss, however many processes it had. */
  #describeLost(workers: readonly Worker[], lost: readonly Worker[], task: number): string[] {
    const { tasks, plan } = this.#setup;
    const groups = new Map<Worker | WorkerHost, Worker[]>();
    for (const worker of lost) {
      const owner = worker.host ?? worker;
      groups.set(owner, [...(groups.get(owner) ?? []), worker]);
    }
    return [...groups].map(([owner, own]) => {
      const share = own.reduce((sum, worker) => sum + shareFor(worker), 0);
      const of = Number.isFinite(share) ? ` of ${share}` : '';
      const isWhole = owner.lostTo !== undefined;
      const who = isWhole
        ? owner.name
        : own.length === 1
          ? own[0]!.name
          : `${own.length} of the processes of ${owner.name}`;
      const kept = own[0]!.host === undefined ? 'its records' : 'the records that had arrived from it';
      return `${who} was lost (${own[0]!.lostTo ?? 'it sent nothing'}) after about ${sumOver(own, 'done')}${of} samples: ${kept} are kept, the rest of its share is missing`;
    });

    function shareFor(worker: Worker): number {
      const { source, model } = tasks[task]!;
      const stripe = { worker: workers.indexOf(worker), workers: workers.length };
      return countRequests({ ...stripe, concurrency: model.concurrency }, plannedSamples(source, plan.load));
    }
  }
}

function cannotStart(worker?: Worker): AisBenchError {
  if (worker?.error !== undefined) return worker.error;
  const { name = 'a worker', lostTo = 'all of them were lost before' } = worker ?? {};
  return new AisBenchError('RUN-WORKER-001', `${name} could not start: ${lostTo}`, {
    where: '--workers',
    cure: 'run with --workers 1 to see whether one process can send the load',
  });
}

function describeRefused(count: number): string[] {
  if (count === 0) return [];
  return [
    `${plural(count, 'sample was', 'samples were')} delivered again and again and never answered: the processes that send them die`,
  ];
}

/** Passes interrupts on to the workers; returns how to stop that. */
function passInterrupts(control: StripedOrder['control'], workers: readonly Worker[]): () => void {
  const stop = control.newSwitch();
  const drain = () => {
    for (const worker of workers) worker.send({ type: 'drain' });
  };
  const abort = () => {
    for (const worker of workers) worker.send({ type: 'abort' });
  };
  if (stop.stopped) drain();
  stop.onStop = drain;
  control.signal.addEventListener('abort', abort);
  return () => {
    control.release(stop);
    control.signal.removeEventListener('abort', abort);
  };
}

function addUp(workers: readonly Worker[], progress: StripedOrder['progress']): void {
  for (const key of Object.keys(NOTHING_DONE) as (keyof Counters)[]) progress[key] = sumOver(workers, key);
}

function sumOver(workers: readonly Worker[], key: keyof Counters): number {
  return workers.reduce((sum, { counters }) => sum + counters[key], 0);
}
