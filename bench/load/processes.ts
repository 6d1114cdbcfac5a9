/** Starts the bench's processes on a core of their own and talks to them. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ClientOrder, ClientReport, ServerOrder, ServerReport } from './wire.ts';

const PINS = spawnSync('taskset', ['-c', '0', 'true']).status === 0;

/** A process of this folder, pinned to a core where the machine can do that, and its answers in order. */
class Peer {
  readonly child: ChildProcess;
  readonly #answers: unknown[] = [];
  readonly #waiting: ((answer: any) => void)[] = [];
  #gone: Error | undefined;

  constructor(file: string, core: number, nodeFlags: readonly string[] = []) {
    const node = [process.execPath, ...nodeFlags, fileURLToPath(new URL(file, import.meta.url))];
    const [command, ...args] = PINS ? ['taskset', '-c', String(core), ...node] : node;
    this.child = spawn(command!, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.child.on('message', (message) => {
      const next = this.#waiting.shift();
      if (next === undefined) this.#answers.push(message);
      else next(message);
    });
    this.child.once('exit', (code) => {
      this.#gone = new Error(`${file} ended with ${code}`);
      if (this.#waiting.length > 0) throw this.#gone;
    });
  }

  answer<T>(): Promise<T> {
    if (this.#answers.length > 0) return Promise.resolve(this.#answers.shift() as T);
    if (this.#gone !== undefined) return Promise.reject(this.#gone);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  ask<T>(message: object | string): Promise<T> {
    this.child.send(message);
    return this.answer<T>();
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.send('stop');
    await gone;
  }
}

export interface Server {
  readonly port: number;
  order(order: ServerOrder): Promise<void>;
  report(): Promise<ServerReport>;
  stop(): Promise<void>;
}

export async function startServer(core = 1): Promise<Server> {
  const peer = new Peer('./server.js', core);
  const { port } = await peer.answer<{ port: number }>();
  return {
    port,
    order: async (order) => {
      await peer.ask(order);
    },
    report: () => peer.ask('report'),
    stop: () => peer.stop(),
  };
}

/** One client process for one order: what a run before it left in the heap must not be measured. */
export async function runClient(order: ClientOrder, core = 0): Promise<ClientReport> {
  const flags = process.env['BENCH_NODE_FLAGS']?.split(' ').filter(Boolean) ?? [];
  const peer = new Peer('./client.js', core, flags);
  await peer.answer();
  const report = await peer.ask<ClientReport>(order);
  await peer.stop();
  return report;
}
