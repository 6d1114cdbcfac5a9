/** Starts a real server, installed where it is missing, and stops it with everything that it started. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the servers and the model lie. */
export const REAL_HOME = process.env['AIS_BENCH_REAL'] ?? join(homedir(), '.cache', 'ais-bench-real');

/** Longest start that was seen on two busy cores: three minutes. */
const START_MS = 15 * 60_000;
const STOP_MS = 30_000;

export interface Startup {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Answers with 200 when the model takes requests. */
  readonly readyPath: string;
}

export interface RealServer {
  /** `http://127.0.0.1:PORT/` */
  readonly url: string;
  stop(): Promise<void>;
}

/** Installs what is missing; throws with the installer's words when that does not succeed. */
export function install(name: 'triton' | 'vllm' | 'llama' | 'kubernetes'): void {
  const script = fileURLToPath(new URL('install.sh', import.meta.url));
  const { status } = spawnSync('bash', [script, name], { stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new Error(`test/real/install.sh ${name} ended with ${status}`);
}

/** Resolves when the server takes requests. Throws with the end of its log when it does not get there. */
export async function startServer(
  name: 'triton' | 'vllm',
  startup: (port: number) => Startup,
): Promise<RealServer> {
  install(name);
  const port = await freePort();
  const { args, env, readyPath } = startup(port);
  const folder = mkdtempSync(join(tmpdir(), `ais-bench-${name}-`));
  const log = join(folder, 'log');
  const output = openSync(log, 'w');
  const child = spawn(join(REAL_HOME, name, 'bin', 'python'), args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', output, output],
    // A group of its own, so that whatever the server starts can be stopped with it.
    detached: true,
  });
  const killGroup = (): void => signalGroup(child, 'SIGKILL');
  process.once('exit', killGroup);
  const stop = async (): Promise<void> => {
    await stopGroup(child);
    process.off('exit', killGroup);
    rmSync(folder, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}/`;
  try {
    await untilReady(url + readyPath, child);
  } catch (error) {
    const words = readFileSync(log, 'utf8').slice(-4000);
    await stop();
    throw new Error(`${name} did not start: ${(error as Error).message}\n${words}`, { cause: error });
  }
  return { url, stop };
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error('it ended');
    const ok = await fetch(url, { signal: AbortSignal.timeout(5000) }).then(
      (response) => response.ok,
      () => false,
    );
    if (ok) return;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  throw new Error(`it was not ready after ${START_MS / 1000} s`);
}

/** A port that is free now, as are the two behind it: Triton takes three. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = await listenOnce(0);
    const behind = await Promise.all([listenOnce(port + 1), listenOnce(port + 2)]);
    if (port > 0 && !behind.includes(0)) return port;
  }
}

/** The port that was listened on for a moment; 0 when it is not to be had. */
function listenOnce(port: number): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(0));
    server.listen(port, '127.0.0.1', () => {
      const { port: taken } = server.address() as AddressInfo;
      server.close(() => resolve(taken));
    });
  });
}

async function stopGroup(child: ChildProcess): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', () => resolve());
  });
  signalGroup(child, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), STOP_MS);
  await ended;
  clearTimeout(timer);
  // Workers that outlived the server that started them.
  signalGroup(child, 'SIGKILL');
}

function signalGroup({ pid }: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // The group is gone.
  }
}
