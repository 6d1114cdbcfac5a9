/** Starts the bench's processes, each on a core, and talks to them. */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ServerChild } from '../../src/selftest/server-process.ts';
import type { ServerOrder } from '../../src/selftest/truth-server.ts';
import { presentInstant } from '../../src/sending/run-clock.ts';
import { SENDER_FLAGS } from '../../src/workers/channel.ts';
import type { ClientOrder, ClientReport, FromClient } from './wire.ts';

const CLIENT_CORE = '0';
const SERVER_CORE = '1';

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** A truth server in a process of its own. */
export class BenchServer {
  readonly #child = new ServerChild([file('./truth.js'), SERVER_CORE]);
  #port = 0;

  static async start(): Promise<BenchServer> {
    const server = new BenchServer();
    server.#port = await server.#child.port();
    return server;
  }

  /** Lets `client` send a load and the server answer it by `answer`; zero of the clock is now. */
  async measure(
    client: BenchClient,
    answer: ServerOrder & { readonly logged?: true },
    load: Pick<ClientOrder, 'kind' | 'streams' | 'wants'> & { readonly requests?: number },
  ): Promise<ClientReport> {
    const since = presentInstant();
    const { logged, ...order } = answer;
    await this.#child.obey(logged === true ? { ...order, logSince: since } : order);
    return client.run({ requests: load.streams, ...load, since, port: this.#port });
  }

  report = () => this.#child.report();

  end(): Promise<void> {
    return this.#child.end();
  }
}

/** A process that sends loads, one after the other: V8 has compiled its code after the first of them. */
export class BenchClient {
  readonly #child: ChildProcess;
  readonly folder = mkdtempSync(join(tmpdir(), 'ais-bench-load-'));

  constructor() {
    // As a worker is started.
    const execArgv = [
      '--expose-gc',
      ...SENDER_FLAGS,
      ...(process.env['BENCH_NODE_FLAGS']?.split(' ').filter(Boolean) ?? []),
    ];
    this.#child = fork(file('./client.js'), [CLIENT_CORE], { execArgv });
  }

  run(order: Omit<ClientOrder, 'folder'>): Promise<ClientReport> {
    return new Promise((resolve, reject) => {
      const gone = () => reject(new Error('the client process ended'));
      this.#child.once('exit', gone);
      this.#child.once('message', (message: FromClient) => {
        this.#child.off('exit', gone);
        if ('report' in message) resolve(message.report);
        else reject(new Error(message.broken));
      });
      this.#child.send({ ...order, folder: this.folder });
    });
  }

  /** Ends the process and takes its files away. */
  async end(): Promise<void> {
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    if (this.#child.exitCode === null) {
      this.#child.disconnect();
      await gone;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Starts a server and so many clients, and ends them all. */
export async function withProcesses<T>(
  clients: number,
  work: (server: BenchServer, ...clients: BenchClient[]) => Promise<T>,
): Promise<T> {
  const server = await BenchServer.start();
  const started = Array.from({ length: clients }, () => new BenchClient());
  try {
    return await work(server, ...started);
  } finally {
    await Promise.all([server.end(), ...started.map((client) => client.end())]);
  }
}
