/** The truth server in a process of its own: both ends of its channel. */
import { type ChildProcess, spawn } from 'node:child_process';
import { AisBenchError, messageOf } from '../contract/errors.ts';
import { type ServerOrder, type ServerReport, TruthServer } from './truth-server.ts';

type ToServer = { type: 'order'; order: ServerOrder } | { type: 'report' } | { type: 'end' };

type FromServer =
  | { type: 'listening'; port: number }
  | { type: 'ready' }
  | ({ type: 'report' } & ServerReport)
  | { type: 'broken'; why: string };

/** Runs the truth server on the orders of its parent, until the channel closes. Throws TMAN-CMD-001 without a parent. */
export async function serveOrders(): Promise<void> {
  if (process.send === undefined) {
    throw new AisBenchError('TMAN-CMD-001', 'the truth server is started by a self-test', {
      cure: 'run ais_bench selftest',
    });
  }
  const send = (message: FromServer) => process.send?.(message, () => {});
  const server = new TruthServer();
  try {
    const ended = new Promise<void>((resolve) => {
      process.on('message', (message: ToServer) => {
        if (message.type === 'end') resolve();
        else if (message.type === 'report') send({ type: 'report', ...server.report() });
        else {
          server.obey(message.order);
          send({ type: 'ready' });
        }
      });
      process.once('disconnect', resolve);
    });
    send({ type: 'listening', port: await server.listen() });
    await ended;
  } catch (error) {
    send({ type: 'broken', why: messageOf(error) });
  } finally {
    server.close();
  }
}

type MessageOf<T extends FromServer['type']> = Extract<FromServer, { type: T }>;

const PATIENCE_MS = 3000;

/** The parent's end. Its methods throw RUN-SELFTEST-001 when the process is lost. */
export class ServerChild {
  readonly #child: ChildProcess;
  readonly #closed: Promise<void>;
  readonly #waiting: FromServer[] = [];
  #onMessage: ((message: FromServer) => void) | undefined;
  #lostTo: string | undefined;

  /** `command`: arguments of Node that start the server. */
  constructor(command: readonly string[]) {
    // A process group of its own: Ctrl-C reaches it through the channel, which closes with its parent.
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

  /** Returns the port that the server listens on. */
  async port(): Promise<number> {
    return (await this.#next('listening')).port;
  }

  /** Lets the server answer requests so from now on. */
  async obey(order: ServerOrder): Promise<void> {
    this.#send({ type: 'order', order });
    await this.#next('ready');
  }

  /** Returns what the server counted since the last order. */
  async report(): Promise<ServerReport> {
    this.#send({ type: 'report' });
    return this.#next('report');
  }

  /** Ends the process; kills it when it does not end by itself. */
  async end(): Promise<void> {
    this.#send({ type: 'end' });
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), PATIENCE_MS);
    await this.#closed;
    clearTimeout(timer);
  }

  #send(message: ToServer): void {
    if (this.#lostTo === undefined && this.#child.connected) this.#child.send(message, () => {});
  }

  async #next<T extends FromServer['type']>(type: T): Promise<MessageOf<T>> {
    const message = this.#waiting.shift() ?? (await this.#received());
    if (message.type === type) return message as MessageOf<T>;
    throw new AisBenchError(
      'RUN-SELFTEST-001',
      `the self-test lost its server: ${'why' in message ? message.why : `it sent ${message.type}`}`,
      { where: 'ais_bench selftest', cure: 'run it again; the lines above may say why it ended' },
    );
  }

  #received(): Promise<FromServer> {
    if (this.#lostTo !== undefined) return Promise.resolve({ type: 'broken', why: this.#lostTo });
    return new Promise((resolve) => {
      this.#onMessage = resolve;
    });
  }

  #take(message: FromServer): void {
    const receive = this.#onMessage;
    this.#onMessage = undefined;
    if (receive === undefined) this.#waiting.push(message);
    else receive(message);
  }

  #lose(why: string, closed: () => void): void {
    this.#lostTo ??= why;
    if (this.#onMessage !== undefined) this.#take({ type: 'broken', why });
    closed();
  }
}
