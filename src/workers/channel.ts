import { type ChildProcess, spawn } from 'node:child_process';
import { MAIN } from '../basics/package-folder.ts';
import { SENDER_FLAGS } from '../sending/sender-flags.ts';
import type { LineHearing, WorkerLine } from './line.ts';
import type { Order, Report } from './messages.ts';

/** All workers of this machine have an order when so much has passed, ms. */
const LEAD_MS = 50;

/** A load worker that is a child of this process. */
export class ChildLine implements WorkerLine {
  readonly name: string;
  readonly leadMs = LEAD_MS;
  readonly #child: ChildProcess;

  constructor(name: string) {
    this.name = name;
    // A group of its own: Ctrl-C reaches the workers through the command, which lets them finish.
    this.#child = spawn(process.execPath, [...process.execArgv, ...SENDER_FLAGS, MAIN, 'load-worker'], {
      detached: true,
      windowsHide: true,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
  }

  listen({ report, gone }: LineHearing): void {
    let isGone = false;
    const lose = (why: string) => {
      if (!isGone) gone(why);
      isGone = true;
    };
    this.#child.on('message', (message: Report) => report(message));
    this.#child.once('error', (error) => lose(error.message));
    this.#child.once('exit', (code, signal) => lose(signal ?? `exit code ${code}`));
  }

  tell(order: Order): void {
    if (this.#child.connected) this.#child.send(order, () => {});
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}
