/** One program, one process of Python's that contains it: `python/ais_bench_sandbox/launch.py` says what goes between. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { bareEnvironment } from '../basics/environment.ts';
import { shipped } from '../basics/package-folder.ts';
import type { Containment } from './types.ts';

const LAUNCHER = shipped('python/ais_bench_sandbox/launch.py');

/** Bytes kept of what a program prints, on each of its streams. */
const MOST_PRINTED = 64 * 1024;
/** Bytes kept of a launcher's status and of a program's report. */
const MOST_TOLD = 8192;

/** How much longer than its program a launcher may take, to build the box and to clear it away. */
const SPARE_MS = 150_000;

export interface SandboxJob {
  readonly program: string;
  readonly tests?: string;
  readonly nonce?: string;
  /** With these the program is run once for each: `python/ais_bench_sandbox/cases.py`. */
  readonly cases?: readonly { readonly input: string; readonly most: number }[];
  readonly prelude?: string;
  readonly call?: string;
  readonly caseSeconds?: number;
  readonly seconds: number;
  readonly memoryMb: number;
  readonly levels: readonly Containment[];
}

/** What a launcher says; empty where it could not say anything. */
export interface LauncherAnswer {
  readonly level?: Containment;
  readonly outcome?: 'exited' | 'timeout' | 'killed';
  readonly exitCode?: number;
  readonly signal?: string;
  readonly why?: string;
  /** Why each level of containment cannot be had. */
  readonly refused?: readonly string[];
}

export interface Launched<T> {
  readonly answer: LauncherAnswer;
  readonly stdout: string;
  readonly stderr: string;
  /** What came from the program's own process: not to be trusted, unless it is the nonce. */
  readonly report: T;
}

/** Reads what the program's own process says; `end` ends the program, whose answer then is empty. */
export type TakeReport<T> = (report: Readable, end: () => void) => Promise<T>;

export const reportText: TakeReport<string> = (report) => cappedText(report, MOST_TOLD);

/** Rejects with the system's error where there is no such interpreter. */
export async function launch<T>(python: string, job: SandboxJob, take: TakeReport<T>): Promise<Launched<T>> {
  const child = spawn(python, ['-I', '-B', LAUNCHER], {
    env: bareEnvironment(),
    stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
    detached: true, // a terminal's interrupt is not its business; it ends when its standard input does
  });
  const [stdin, stdout, stderr, status, report] = child.stdio as unknown as [
    Writable,
    ...[Readable, Readable, Readable, Readable],
  ];
  stdin.on('error', () => {}); // it ended before it had read its job: its answer is empty
  const failed = rejectOnError(child);
  const backstop = setTimeout(() => child.kill('SIGKILL'), job.seconds * 1000 + SPARE_MS);
  try {
    stdin.write(`${JSON.stringify(job)}\n`);
    const texts = Promise.all([
      cappedText(stdout, MOST_PRINTED),
      cappedText(stderr, MOST_PRINTED),
      cappedText(status, MOST_TOLD),
      take(report, () => stdin.destroy()),
    ]);
    const [out, err, statusText, reported] = await Promise.race([texts, failed]);
    return { answer: parseAnswer(statusText), stdout: out, stderr: err, report: reported };
  } finally {
    clearTimeout(backstop);
    stdin.destroy();
  }
}

async function rejectOnError(child: ChildProcess): Promise<never> {
  const [error] = await once(child, 'error');
  throw error;
}

function parseAnswer(statusText: string): LauncherAnswer {
  try {
    return JSON.parse(statusText) as LauncherAnswer;
  } catch {
    return {};
  }
}

/** Returns the first `most` bytes of a stream as text, once it has ended; reads and drops the rest, so that the writer never blocks. */
export async function cappedText(stream: Readable, most: number): Promise<string> {
  const kept: Buffer[] = [];
  let room = most;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (room === 0) continue;
    const part = chunk.subarray(0, room);
    kept.push(Buffer.from(part));
    room -= part.length;
  }
  return Buffer.concat(kept).toString('utf8');
}
