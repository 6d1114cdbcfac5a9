/** A real `nats-server` with JetStream on disk, for tests: started, killed, started again on the same store. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Namespace } from './network-namespaces.ts';

/** Why tests with a NATS server cannot run here; undefined where they can. For `describe.skipIf`. */
export const noNats: string | undefined =
  spawnSync('nats-server', ['--version']).status === 0
    ? undefined
    : 'there is no nats-server: bash test/real/install.sh nats';

export interface NatsServer {
  /** `nats://HOST:PORT`; the same after a restart. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** Where JetStream keeps its files. */
  readonly store: string;
  /** Ends it as a power cut of the process would: SIGKILL. Resolves when it is gone. */
  kill(): Promise<void>;
  /** Ends it in order. */
  stop(): Promise<void>;
  /** Starts it again, on the same port and store. */
  start(): Promise<void>;
}

export interface NatsServerOptions {
  /** Address it listens on (default: 127.0.0.1). */
  readonly host?: string;
  /** More lines of its configuration: `tls { … }`, `authorization { … }`. */
  readonly config?: string;
  /** The network namespace that it runs in (default: this process's). */
  readonly within?: Namespace;
}

/** A server on a free port and an empty store, ready for connections; gone after the test, with its store. */
export async function startNats(options: NatsServerOptions = {}): Promise<NatsServer> {
  const { host = '127.0.0.1', config = '', within } = options;
  const folder = mkdtempSync(join(tmpdir(), 'ais-bench-nats-'));
  const store = join(folder, 'store');
  const file = join(folder, 'nats.conf');
  writeFileSync(file, `jetstream { store_dir: ${JSON.stringify(store)} }\n${config}\n`);

  let running: ChildProcess | undefined;
  let port = -1;
  const start = async (): Promise<void> => {
    const command = [...(within?.prefix ?? []), 'nats-server', '-c', file, '-a', host, '-p', String(port)];
    running = spawn(command[0]!, command.slice(1), { stdio: ['ignore', 'ignore', 'pipe'] });
    port = await listeningPort(running);
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const child = running;
    running = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(signal);
    await gone;
  };
  const killOnExit = (): void => void running?.kill('SIGKILL');
  process.once('exit', killOnExit);
  onTestFinished(async () => {
    await end('SIGKILL');
    process.off('exit', killOnExit);
    rmSync(folder, { recursive: true, force: true });
  });
  await start();
  return {
    url: `nats://${host}:${port}`,
    host,
    port,
    store,
    start,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}

/** Resolves with the port when the server says that it is ready; rejects with its log when it ends before. */
function listeningPort(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let log = '';
    child.stderr!.on('data', (bytes: Buffer) => {
      // The log goes on for as long as the server runs, and must be read for it not to stand still.
      if (log.includes('Server is ready')) return;
      log += bytes.toString('utf8');
      const port = /Listening for client connections on \S+:(\d+)/.exec(log)?.[1];
      if (log.includes('Server is ready') && port !== undefined) resolve(Number(port));
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`nats-server ended with ${code}\n${log}`)));
  });
}
