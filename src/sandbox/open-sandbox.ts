/**
 * A place where Python programs of unknown intent are run: what they may read, write, take and reach is listed in
 * `docs/scoring-code.md`, and so is what is not contained.
 */

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { promisify } from 'node:util';
import { byteLines } from '../basics/byte-lines.ts';
import { defined } from '../basics/defined.ts';
import { bareEnvironment, findPython } from '../basics/environment.ts';
import { shipped } from '../basics/package-folder.ts';
import { AisBenchError, messageOf } from '../contract/errors.ts';

/**
 * How a program is contained. `namespaces`: own user, mount, process, network and IPC namespaces, and a root folder with
 * nothing but Python in it. `user`: an unprivileged user that owns nothing, sockets refused; it may read what everyone may
 * read. `none`: limits alone, for who insists.
 */
export type Containment = 'namespaces' | 'user' | 'none';

/** How to open a sandbox. */
interface SandboxOptions {
  /** Interpreter: a path, or a name on the search path; that of the active virtual environment, else `python3`. */
  readonly python?: string | undefined;
  /** Kinds of containment to accept, the best first; default `['namespaces', 'user']`. */
  readonly accept?: readonly Containment[] | undefined;
}

/** A program to run once. */
export interface Program {
  /** Python source. */
  readonly program: string;
  /**
   * Python source that is run after the program, with its names. Without tests the program runs as a script, with tests as
   * a module that is not the main one.
   */
  readonly tests?: string;
  /** Wall-clock limit from where the program's own code begins; with it everything that the program started ends. */
  readonly timeoutMs: number;
  /** Address space of each process, and half of what all of them may hold, MiB; default 1024. */
  readonly memoryMb?: number;
}

/** How a program ended. */
export interface Ran {
  /** `killed`: by a signal, or because its processes held too much memory. */
  readonly outcome: 'exited' | 'timeout' | 'killed';
  /** Undefined unless it exited. */
  readonly exitCode: number | undefined;
  /** The first 64 KiB; what comes after is dropped. */
  readonly stdout: string;
  readonly stderr: string;
  /** Every test returned: the program sent the nonce that it gets after the last one. False without tests. */
  readonly passed: boolean;
  /** What was raised first, as the program's process says it; `type` is Python's class. Not to be relied on. */
  readonly failure?: { readonly type: string; readonly message: string };
  /** Why it was killed. */
  readonly why?: string;
}

/** A program that runs once for each input, each time in its own process. It does not get the expected output. */
export interface CaseProgram {
  readonly program: string;
  /** Python source that is run before the program, with the same names. */
  readonly prelude: string;
  /**
   * A function of the program, or a method of its class `Solution`: called with the lines of an input, each a JSON value. Absent:
   * the program is a script that reads the input from its standard input.
   */
  readonly call?: string;
  /** `most`: bytes that it may print, or return as JSON. */
  readonly cases: readonly { readonly input: string; readonly most: number }[];
  /** Wall-clock limit of each case. */
  readonly caseMs: number;
  /** As of `Program`. */
  readonly memoryMb?: number;
}

/** How a case ended. */
export interface CaseRan {
  /** `failed`: an exception ended it; `flood`: it said more than it may; `killed`: by a signal, or for its memory. */
  readonly outcome: 'exited' | 'failed' | 'timeout' | 'flood' | 'killed';
  /** What it printed. */
  readonly output: string;
  /** What the function returned, as JSON that distinguishes Python's types: `plain` of `cases.py`. */
  readonly value?: string;
  readonly failure?: { readonly type: string; readonly message: string };
  /** Why it was killed. */
  readonly why?: string;
}

/** Runs programs of unknown intent. */
export interface Sandbox {
  readonly containment: Containment;
  /** Runs a program in an empty folder. Throws EVAL-SANDBOX-001 when it cannot be contained any more. */
  run(program: Program): Promise<Ran>;
  /**
   * Runs a program for its cases, in order, until one does not exit by itself or `see`, called with each, returns false. Throws
   * EVAL-SANDBOX-001.
   */
  runCases(program: CaseProgram, see: (ran: CaseRan, n: number) => boolean): Promise<void>;
}

const MEMORY_MB = 1024;
const CONTAINED: readonly Containment[] = ['namespaces', 'user'];

/**
 * Tries the kinds of containment in their order, and keeps to the first that can be had. Throws EVAL-SANDBOX-001 where there
 * is none, and UTILS-DEPENDENCY-001 without Python.
 */
export async function openSandbox({ python, accept = CONTAINED }: SandboxOptions = {}): Promise<Sandbox> {
  const interpreter = await resolveInterpreter(findPython(python));
  const trial = { program: '', seconds: 60, memoryMb: MEMORY_MB };
  const tried = await launch(interpreter, { ...trial, levels: accept }, reportText);
  const { level, outcome } = contained(tried);
  if (level === undefined || outcome !== 'exited') throw refusal([`a trial ended with ${outcome}`]);
  return {
    containment: level,
    run: (program) => runProgram(interpreter, level, program),
    runCases: (program, see) => runCases({ python: interpreter, level }, program, see),
  };
}

async function runProgram(
  python: string,
  level: Containment,
  { program, tests, timeoutMs, memoryMb = MEMORY_MB }: Program,
): Promise<Ran> {
  const nonce = randomBytes(32).toString('hex');
  const limits = { seconds: timeoutMs / 1000, memoryMb, levels: [level] };
  const judged = tests === undefined ? {} : { tests, nonce };
  const ended = contained(await launch(python, { ...limits, ...judged, program }, reportText));
  const { outcome, exitCode, signal, why, ...texts } = ended;
  const passed = tests !== undefined && outcome === 'exited' && texts.report === nonce;
  const { stdout, stderr, report } = texts;
  const failed = passed ? {} : parseFailure(report);
  return { outcome, exitCode, stdout, stderr, passed, ...failed, ...defined({ why: why ?? signal }) };
}

async function runCases(
  { python, level }: { readonly python: string; readonly level: Containment },
  program: CaseProgram,
  see: (ran: CaseRan, n: number) => boolean,
): Promise<void> {
  const job = { memoryMb: MEMORY_MB, ...makeJob(program), levels: [level] };
  const launched = await launch(python, job, caseTaker(program.cases.length, see));
  const { count, isAll } = launched.report;
  if (isAll) return;
  const { outcome, why, signal } = contained(launched);
  if (outcome === 'timeout') see({ outcome, output: '' }, count);
  else see({ outcome: 'killed', output: '', why: why ?? signal ?? 'it ended what runs its cases' }, count);
}

type Contained<T> = Omit<LauncherAnswer, 'outcome' | 'refused'> &
  Required<Pick<LauncherAnswer, 'outcome'>> &
  Omit<Launched<T>, 'answer'>;

/** Throws EVAL-SANDBOX-001 where the launcher has no answer. */
function contained<T>({ answer, ...texts }: Launched<T>): Contained<T> {
  const { outcome, refused, ...rest } = answer;
  if (outcome === undefined) throw refusal(refused ?? [lastLine(texts.stderr) || 'it gave no answer']);
  return { ...rest, ...texts, outcome };
}

/** What the program's process says of the exception that ended it. */
function parseFailure(report: string): Pick<Ran, 'failure'> {
  try {
    const { type, message } = JSON.parse(report);
    if (typeof type !== 'string' || typeof message !== 'string') return {};
    return { failure: { type, message } };
  } catch {
    return {};
  }
}

/** The interpreter itself: what the search path finds may be a script that looks for it, at every start. */
async function resolveInterpreter(python: string): Promise<string> {
  const ask = 'import sys; assert sys.version_info >= (3, 10), sys.version; print(sys.executable)';
  try {
    const { stdout } = await promisify(execFile)(python, ['-I', '-c', ask]);
    return stdout.trim();
  } catch (cause) {
    throw new AisBenchError('UTILS-DEPENDENCY-001', 'no Python to run answers with', {
      where: `${python}: ${messageOf(cause)}`,
      cure: 'install Python 3.10 or later as python3, or activate an environment that has it',
      cause,
    });
  }
}

function refusal(reasons: readonly string[]): AisBenchError {
  return new AisBenchError('EVAL-SANDBOX-001', 'code of answers cannot be contained here, so it is not run', {
    where: reasons.join('; '),
    cure:
      'allow user namespaces, or run as root with a Python that every user may read; ' +
      "evaluator key isolation: 'none' runs answers with limits alone",
  });
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

/** To start the program's processes and to clear away after them, however many cases there are. */
const SPARE_S = 5;

/**
 * Makes the launcher's job; the caller adds `levels`, and `memoryMb` where the program has none.
 * `python/ais_bench_sandbox/cases.py` describes the messages.
 */
function makeJob({
  program,
  prelude,
  call,
  cases,
  caseMs,
  memoryMb,
}: CaseProgram): Omit<SandboxJob, 'levels' | 'memoryMb'> & Partial<Pick<SandboxJob, 'memoryMb'>> {
  const caseSeconds = caseMs / 1000;
  const seconds = (caseSeconds + 1) * cases.length + SPARE_S;
  return defined({ program, prelude, cases, caseSeconds, call, memoryMb, seconds });
}

/** How far the cases got. */
interface SeenCases {
  readonly count: number;
  /** All cases ran, or `see` needs no further one. */
  readonly isAll: boolean;
}

/** Passes each case's result to `see`, until all have run, one fails, or `see` returns false. */
function caseTaker(total: number, see: (ran: CaseRan, n: number) => boolean): TakeReport<SeenCases> {
  return async (report, end) => {
    let count = 0;
    for await (const { bytes } of byteLines(report, tooLong)) {
      const ran = parseCase(bytes.toString('utf8'));
      const goesOn = see(ran, count++) && ran.outcome === 'exited';
      if (goesOn && count < total) continue;
      if (!goesOn) end();
      return { count, isAll: true };
    }
    return { count, isAll: false };
  };
}

function parseCase(line: string): CaseRan {
  const { outcome, output = '', value, failure, signal } = JSON.parse(line);
  return { outcome, output, ...defined({ value, failure, why: signal }) };
}

function tooLong(n: number): Error {
  return new Error(`case ${n} of a program has a report of more bytes than a text can hold`);
}

const LAUNCHER = shipped('python/ais_bench_sandbox/launch.py');

/** Bytes kept of what a program prints, on each of its streams. */
const MOST_PRINTED = 64 * 1024;
/** Bytes kept of a launcher's status and of a program's report. */
const MOST_TOLD = 8192;

/** How much longer than its program a launcher may take, to build the box and to clear it away. */
const SPARE_MS = 150_000;

interface SandboxJob {
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
interface LauncherAnswer {
  readonly level?: Containment;
  readonly outcome?: 'exited' | 'timeout' | 'killed';
  readonly exitCode?: number;
  readonly signal?: string;
  readonly why?: string;
  /** Why each level of containment cannot be had. */
  readonly refused?: readonly string[];
}

interface Launched<T> {
  readonly answer: LauncherAnswer;
  readonly stdout: string;
  readonly stderr: string;
  /** What came from the program's own process: not to be trusted, unless it is the nonce. */
  readonly report: T;
}

/** Reads what the program's own process says; `end` ends the program, whose answer then is empty. */
type TakeReport<T> = (report: Readable, end: () => void) => Promise<T>;

const reportText: TakeReport<string> = (report) => cappedText(report, MOST_TOLD);

/**
 * Runs one program in one process. Rejects with the system's error where there is no such interpreter.
 * `python/ais_bench_sandbox/launch.py` contains it and describes the messages.
 */
async function launch<T>(python: string, job: SandboxJob, take: TakeReport<T>): Promise<Launched<T>> {
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
