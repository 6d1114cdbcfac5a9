import { type ChildProcess, spawn } from 'node:child_process';
import { AisBenchError } from '../contract/errors.ts';
import type { FromServer, ServerOrder, ServerReport, ToServer } from './wire.ts';

type Told<T extends FromServer['type']> = Extract<FromServer, { type: T }>;

const PATIENCE_MS = 3000;

/** The truth server in a process of its own, as its parent sees it. */
export class ServerChild {
  readonly #child: ChildProcess;
  readonly #closed: Promise<void>;
  readonly #waiting: FromServer[] = [];
  #heard: ((message: FromServer) => void) | undefined;
  #lostTo: string | undefined;

  /** `command`: arguments of Node that start the server. */
  constructor(command: readonly string[]) {
    // A group of its own: Ctrl-C reaches it through the channel, which closes with its parent.
    this.#child = spawn(process.execPath, [...command], {
      detached: true,
      windowsHide: true,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child.on('message', (message: FromServer) => this.#take(message));
    this.#closed = new Promise((resolve) => {
      this.#child.once('error', (error) => this.#lose(error.message, resolve));
      this.#child.once('exit', (code, signal) => this.#lose(signal ?? `exit code ${code}`, resolve));
    });
  }

  /** The port it listens on. Throws RUN-SELFTEST-001, as everything here does, where the process is lost. */
  async port(): Promise<number> {
    return (await this.#next('listening')).port;
  }

  /** From now on requests are answered so. */
  async obey(order: ServerOrder): Promise<void> {
    this.#tell({ type: 'order', order });
    await this.#next('ready');
  }

  async report(): Promise<ServerReport> {
    this.#tell({ type: 'report' });
    return this.#next('report');
  }

  /** Lets the process end; one that does not is killed. */
  async end(): Promise<void> {
    this.#tell({ type: 'end' });
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), PATIENCE_MS);
    await this.#closed;
    clearTimeout(timer);
  }

  #tell(message: ToServer): void {
    if (this.#lostTo === undefined && this.#child.connected) this.#child.send(message, () => {});
  }

  async #next<T extends FromServer['type']>(type: T): Promise<Told<T>> {
    const message = this.#waiting.shift() ?? (await this.#hear());
    if (message.type === type) return message as Told<T>;
    throw new AisBenchError(
      'RUN-SELFTEST-001',
      `the self-test lost its server: ${'why' in message ? message.why : `it said ${message.type}`}`,
      { where: 'ais_bench selftest', cure: 'run it again; the lines above may say why it ended' },
    );
  }

  #hear(): Promise<FromServer> {
    if (this.#lostTo !== undefined) return Promise.resolve({ type: 'broken', why: this.#lostTo });
    return new Promise((resolve) => {
      this.#heard = resolve;
    });
  }

  #take(message: FromServer): void {
    const heard = this.#heard;
    this.#heard = undefined;
    if (heard === undefined) this.#waiting.push(message);
    else heard(message);
  }

  #lose(why: string, closed: () => void): void {
    this.#lostTo ??= why;
    if (this.#heard !== undefined) this.#take({ type: 'broken', why });
    closed();
  }
}
