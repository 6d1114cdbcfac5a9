import type { LiveChanges } from '../metrics/live.ts';
import type { WorkerLine } from './line.ts';
import { type Counters, NOTHING_DONE, type Order, type Report } from './messages.ts';

/** One load worker as the command sees it. */
export class Member {
  readonly #line: WorkerLine;
  readonly #closed: Promise<void>;
  #heard: ((report: Report | undefined) => void) | undefined;
  /** Reports that nobody has waited for yet. */
  readonly #waiting: Report[] = [];
  counters: Counters = NOTHING_DONE;
  /** When it could begin the load that is running or ran last, ms on the run's clock. */
  begunAt: number | undefined;
  /** Hears of what changed in its figures. */
  onLive: ((changes: LiveChanges) => void) | undefined;
  /** Why it is gone; undefined while it lives. */
  lostTo: string | undefined;

  constructor(line: WorkerLine) {
    this.#line = line;
    this.#closed = new Promise((closed) => {
      line.listen({
        report: (report) => this.#take(report),
        gone: (why) => {
          this.lostTo ??= why;
          this.#hear(undefined);
          closed();
        },
      });
    });
  }

  get name(): string {
    return this.#line.name;
  }

  get leadMs(): number {
    return this.#line.leadMs;
  }

  /** To one that is gone nothing is told. */
  tell(order: Order): void {
    if (this.lostTo === undefined) this.#line.tell(order);
  }

  /** The next report that is not about progress; undefined: the worker is gone. */
  next(): Promise<Report | undefined> {
    const waiting = this.#waiting.shift();
    if (waiting !== undefined) return Promise.resolve(waiting);
    if (this.lostTo !== undefined) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#heard = resolve;
    });
  }

  /** Lets the worker end; one that does not is killed. */
  async end(): Promise<void> {
    this.tell({ type: 'end' });
    const timer = setTimeout(() => this.#line.kill(), PATIENCE_MS);
    await this.#closed;
    clearTimeout(timer);
  }

  #take(report: Report): void {
    if ('counters' in report) {
      this.counters = report.counters;
      this.onLive?.(report.live);
    }
    if (report.type === 'progress') return;
    if (report.type === 'sent') this.begunAt = report.begunAt;
    if (report.type === 'broken') this.lostTo = report.why;
    if (this.#heard === undefined) this.#waiting.push(report);
    else this.#hear(report);
  }

  #hear(report: Report | undefined): void {
    const heard = this.#heard;
    this.#heard = undefined;
    heard?.(report);
  }
}

const PATIENCE_MS = 3000;
