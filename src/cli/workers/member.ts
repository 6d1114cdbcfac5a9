import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { LiveChanges } from '../../metrics/live.ts';
import { SENDER_FLAGS } from '../../run/sender-flags.ts';
import { type Counters, NOTHING_DONE, type Order, type Report } from './messages.ts';

const MAIN = fileURLToPath(new URL('../main.js', import.meta.url));

/** One load worker as the command sees it. */
export class Member {
  readonly #child: ChildProcess;
  readonly #closed: Promise<void>;
  #heard: ((report: Report | undefined) => void) | undefined;
  /** Reports that nobody has waited for yet. */
  readonly #waiting: Report[] = [];
  counters: Counters = NOTHING_DONE;
  /** Hears of what changed in its figures. */
  onLive: ((changes: LiveChanges) => void) | undefined;
  /** Why it is gone; undefined while it lives. */
  lostTo: string | undefined;

  constructor() {
    // A group of its own: Ctrl-C reaches the workers through the command, which lets them finish.
    this.#child = spawn(process.execPath, [...process.execArgv, ...SENDER_FLAGS, MAIN, 'load-worker'], {
      detached: true,
      windowsHide: true,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child.on('message', (report: Report) => this.#take(report));
    this.#closed = new Promise((resolve) => {
      this.#child.once('error', (error) => this.#lose(error.message, resolve));
      this.#child.once('exit', (code, signal) => this.#lose(signal ?? `exit code ${code}`, resolve));
    });
  }

  /** To one that is gone nothing is told. */
  tell(order: Order): void {
    if (this.lostTo === undefined && this.#child.connected) this.#child.send(order, () => {});
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
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), PATIENCE_MS);
    await this.#closed;
    clearTimeout(timer);
  }

  #take(report: Report): void {
    if ('counters' in report) {
      this.counters = report.counters;
      this.onLive?.(report.live);
    }
    if (report.type === 'progress') return;
    if (report.type === 'broken') this.lostTo = report.why;
    if (this.#heard === undefined) this.#waiting.push(report);
    else this.#hear(report);
  }

  #lose(why: string, closed: () => void): void {
    this.lostTo ??= why;
    this.#hear(undefined);
    closed();
  }

  #hear(report: Report | undefined): void {
    const heard = this.#heard;
    this.#heard = undefined;
    heard?.(report);
  }
}

const PATIENCE_MS = 3000;
