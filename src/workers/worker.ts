/** One process that sends as its pool sees it, and the task whose samples such processes take from a queue. */
import { plural } from '../basics/plural.ts';
import { AisBenchError } from '../contract/errors.ts';
import type { LiveChanges } from '../metrics/live.ts';
import type { QueuedOrder } from '../sending/pool.ts';
import { awaitEnd, type Channel } from './channel.ts';
import {
  type Assignment,
  type Counters,
  type ErrorFields,
  NOTHING_DONE,
  type Order,
  type Report,
  type ReportOf,
} from './protocol.ts';

/** The remote worker that a process belongs to. */
export interface WorkerHost {
  /** For people: `worker a1 (host)`. */
  readonly name: string;
  /** As reports name it. */
  readonly workerName: string;
  /** Why it was lost; undefined while it lives. */
  readonly lostTo: string | undefined;
  /** Measures its clock, so that instants are translated by a recent reading. */
  measureClock(): Promise<unknown>;
}

/** One process that sends, as the coordinator sees it. */
export class Worker {
  /** Counted from 0 over the pool. */
  readonly number: number;
  /** Absent: a child process of the coordinator. */
  readonly host: WorkerHost | undefined;
  /** Resolves when it has read its assignment: true, or false where it is lost. */
  readonly ready: Promise<boolean>;
  counters: Counters = NOTHING_DONE;
  /** When it could start the load that is running or ran last, ms on the run's clock. */
  begunAt: number | undefined;
  /** Receives what changed in its figures. */
  onLive: ((changes: LiveChanges) => void) | undefined;
  /** Why it is lost; undefined while it lives. */
  lostTo: string | undefined;
  /** It reported that it cannot go on. */
  isBroken = false;
  /** The same as an error, where it was one that is meant to be shown. */
  error: AisBenchError | undefined;
  readonly #channel: Channel;
  readonly #closed: Promise<void>;
  /** Reports that wait for `next`. */
  readonly #reports: Report[] = [];
  #receive: ((report: Report | undefined) => void) | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(channel: Channel, number: number, assignment: Assignment, host?: WorkerHost) {
    this.number = number;
    this.host = host;
    this.#channel = channel;
    this.#closed = new Promise((closed) => {
      channel.listen({
        report: (report) => this.#take(report),
        gone: (why) => {
          this.lostTo ??= why;
          this.#pass(undefined);
          closed();
        },
      });
    });
    this.send({ type: 'assign', number, ...assignment });
    this.ready = this.next('ready').then((report) => report !== undefined);
  }

  get name(): string {
    return this.#channel.name;
  }

  get leadMs(): number {
    return this.#channel.leadMs;
  }

  /** Sends an order; to a lost worker it does nothing. */
  send(order: Order): void {
    if (this.lostTo === undefined) this.#channel.send(order);
  }

  /** Waits for the next report that is not about progress; undefined: it is of another type, or the worker is lost. */
  async next<T extends Report['type']>(type: T): Promise<ReportOf<T> | undefined> {
    const report = await this.#next();
    return report?.type === type ? (report as ReportOf<T>) : undefined;
  }

  /** Runs `work` when earlier work of this worker has ended: a worker sends one task at a time. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const own = this.#turn.then(work);
    this.#turn = own.catch(() => {});
    return own;
  }

  /** Ends the process; one that does not end in time is killed. Resolves within 5 s, whatever the process does. */
  async stop(): Promise<void> {
    this.send({ type: 'stop' });
    await awaitEnd(this.#channel, this.#closed);
  }

  #next(): Promise<Report | undefined> {
    const report = this.#reports.shift();
    if (report !== undefined) return Promise.resolve(report);
    if (this.lostTo !== undefined) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#receive = resolve;
    });
  }

  #take(report: Report): void {
    if ('counters' in report) {
      this.counters = report.counters;
      this.onLive?.(report.live);
    }
    if (report.type === 'progress') return;
    if (report.type === 'sent') this.begunAt = report.begunAt;
    if (report.type === 'broken') {
      this.lostTo = report.why;
      this.isBroken = true;
      this.error = report.error && this.#errorFrom(report.error);
    }
    if (this.#receive === undefined) this.#reports.push(report);
    else this.#pass(report);
  }

  #pass(report: Report | undefined): void {
    const receive = this.#receive;
    this.#receive = undefined;
    receive?.(report);
  }

  #errorFrom({ code, message, where, cure }: ErrorFields): AisBenchError {
    return new AisBenchError(code, `${this.name}: ${message}`, {
      ...(where === undefined ? {} : { where }),
      cure,
    });
  }
}

const TROUBLE = 'the service was in trouble (time-outs, 429 or 5xx)';

interface QueuedTaskOptions {
  readonly warn: (text: string) => void;
  /** A process is lost, or cannot go on; others may be added for it. */
  readonly lost: (worker: Worker) => void;
  /** How long the task waits for a worker when none is left, ms. */
  readonly waitMs: number;
}

/** How a worker ended its part of a task. */
type WorkerEnd = 'done' | 'gave-up' | 'lost';

/** One task whose samples workers take from a queue; workers may be lost, and others join. */
export class QueuedTask {
  readonly #order: QueuedOrder;
  readonly #options: QueuedTaskOptions;
  /** Of the pool; lost workers are taken out. */
  readonly #workers: Set<Worker>;
  /** Those that have the task open, with their largest number of samples in flight. */
  readonly #open = new Map<Worker, number>();
  #hasBegun = false;
  #isEnding = false;
  /** Why the first that could not start it could not. */
  #failure: AisBenchError | undefined;
  #waiting: (() => void)[] = [];

  constructor(order: QueuedOrder, workers: Set<Worker>, options: QueuedTaskOptions) {
    this.#order = order;
    this.#workers = workers;
    this.#options = options;
  }

  /** Samples. */
  get inFlight(): number {
    return [...this.#open.keys()].reduce(
      (sum, { counters, lostTo }) => sum + (lostTo === undefined ? counters.inFlight : 0),
      0,
    );
  }

  /** Lets a worker that joined take part. */
  add(worker: Worker): void {
    if (this.#isEnding) return;
    void this.#serve(worker);
    this.#wake();
  }

  /**
   * Lets all workers take samples until `answered` resolves, or the run is stopped; then until each has ended what it had started.
   * Throws what `answered` throws, why no worker could start, and WORKER-GROUP-002 where no worker is left and none joins in time.
   */
  async run(answered: Promise<void>): Promise<void> {
    const { stop, control } = this.#order;
    const stopped = new Promise<void>((resolve) => {
      stop.onStop = resolve;
      if (stop.stopped) resolve();
    });
    const deserted = this.#noWorkerLeft();
    for (const worker of this.#workers) void this.#serve(worker);
    const abort = () => this.#sendAll('abort');
    control.signal.addEventListener('abort', abort);
    try {
      await Promise.race([answered, stopped, deserted]);
    } finally {
      this.#isEnding = true;
      this.#wake();
      this.#sendAll(stop.stopped ? 'drain' : 'finish');
      await this.#until(() => this.#open.size === 0);
      control.signal.removeEventListener('abort', abort);
    }
  }

  async #serve(worker: Worker): Promise<void> {
    const { warn, lost } = this.#options;
    const [end, leastSlots] = await worker.inTurn(() => this.#sendTo(worker));
    this.#open.delete(worker);
    if (leastSlots !== undefined)
      warn(`${worker.name} sent at most ${leastSlots} at once for a while: ${TROUBLE}`);
    if (end === 'lost') {
      this.#workers.delete(worker);
      this.#failure ??= worker.error ?? cannotStart(worker);
      const { name, lostTo, isBroken } = worker;
      const isLost = `was lost (${lostTo}): the samples that it held go to others`;
      warn(`${name} ${isBroken ? `takes no samples: ${lostTo}` : isLost}`);
      lost(worker);
    } else if (end === 'gave-up') {
      this.#workers.delete(worker);
      if (!this.#isEnding) warn(`${worker.name} has no answer from the service, and takes no more samples`);
    }
    this.#share();
    this.#wake();
  }

  /** Opens the task and lets the worker take samples, until the queue ends or the worker ends by itself. */
  async #sendTo(worker: Worker): Promise<readonly [end: WorkerEnd, leastSlots?: number | undefined]> {
    const { task, origin, modelName } = this.#order;
    if (!(await worker.ready)) return ['lost'];
    await worker.host?.measureClock();
    if (this.#isEnding) return ['done'];
    const slots = this.#slots();
    worker.counters = NOTHING_DONE;
    const named = modelName === undefined ? {} : { modelName };
    const queue = { slots, worker: worker.host?.workerName ?? worker.name };
    worker.send({ type: 'open', task, place: 0, workers: 1, origin, queue, ...named });
    if ((await worker.next('opened')) === undefined) return ['lost'];
    this.#open.set(worker, slots);
    this.#hasBegun = true;
    if (this.#isEnding) worker.send({ type: 'finish' });
    this.#share();
    const report = await worker.next('sent');
    if (report === undefined) return ['lost'];
    const { stopped, leastSlots } = report.outcome;
    return [stopped === 'gave-up' ? 'gave-up' : 'done', leastSlots];
  }

  /** Rejects when no worker is left: at once where none of them could start, else when none joined in time. */
  async #noWorkerLeft(): Promise<void> {
    const { warn, waitMs } = this.#options;
    const isDeserted = () => this.#workers.size === 0;
    while (!this.#isEnding) {
      await this.#until(() => isDeserted() || this.#isEnding);
      if (this.#isEnding) return;
      if (!this.#hasBegun && this.#failure !== undefined) throw this.#failure;
      const seconds = waitMs / 1000;
      warn(`no worker is left: the run waits ${seconds} s for one to join (--worker-wait; Ctrl-C ends it)`);
      const isOver = () => !isDeserted() || this.#isEnding;
      await this.#until(isOver, waitMs);
      if (!isOver()) throw noWorkerJoined(this.#order, seconds);
    }
  }

  /** Resolves when the condition holds; with `waitMs` also when it did not for so long. */
  async #until(condition: () => boolean, waitMs?: number): Promise<void> {
    let isOver = false;
    const end = () => {
      isOver = true;
      this.#wake();
    };
    const timer = waitMs === undefined ? undefined : setTimeout(end, waitMs);
    while (!condition() && !isOver) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    clearTimeout(timer);
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  #share(): void {
    const slots = this.#slots();
    if (this.#isEnding) return;
    for (const [worker, before] of this.#open) {
      if (before === slots) continue;
      this.#open.set(worker, slots);
      worker.send({ type: 'slots', slots });
    }
  }

  /** All have the same share; the queue bounds what is in flight over all of them. */
  #slots(): number {
    const { isLocal, concurrency } = this.#order;
    return isLocal ? concurrency : Math.ceil(concurrency / Math.max(1, this.#workers.size));
  }

  #sendAll(type: 'finish' | 'drain' | 'abort'): void {
    for (const worker of this.#open.keys()) worker.send({ type });
  }
}

function noWorkerJoined({ samples, left }: QueuedOrder, seconds: number): AisBenchError {
  const rest = `${left.size} of ${plural(samples.length, 'sample')} ${left.size === 1 ? 'has' : 'have'} no answer`;
  return new AisBenchError('WORKER-GROUP-002', `no worker has taken samples for ${seconds} s: ${rest}`, {
    where: '--worker-wait',
    cure: 'start workers and continue with --reuse, which keeps every answer; a larger --worker-wait waits longer for one',
  });
}

function cannotStart({ name, lostTo = 'it did not say why' }: Worker): AisBenchError {
  return new AisBenchError('RUN-WORKER-001', `${name} could not start: ${lostTo}`, {
    where: '--workers',
    cure: 'look at what the worker prints, and run without --workers to see whether this machine can do it',
  });
}
