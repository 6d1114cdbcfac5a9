import { AisBenchError } from '../contract/errors.ts';
import type { LiveChanges } from '../metrics/live.ts';
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
