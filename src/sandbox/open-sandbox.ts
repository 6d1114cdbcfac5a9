/**
 * A place where Python programs of unknown intent are run: what they may read, write, take and reach is listed in
 * `docs/scoring-code.md`, and so is what is not contained.
 */

import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { byteLines } from '../basics/byte-lines.ts';
import { defined } from '../basics/defined.ts';
import { findPython } from '../basics/environment.ts';
import { AisBenchError, messageOf } from '../contract/errors.ts';
import {
  type Launched,
  type LauncherAnswer,
  launch,
  reportText,
  type SandboxJob,
  type TakeReport,
} from './launch.ts';
import type { CaseProgram, CaseRan, Containment, Program, Ran, Sandbox, SandboxOptions } from './types.ts';

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
    run: (program) => run(interpreter, level, program),
    runCases: (program, see) => runCases({ python: interpreter, level }, program, see),
  };
}

async function run(
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

/** A program that is run once for each of its inputs: `python/ais_bench_sandbox/cases.py` says what goes between. */

/** To start the program's processes and to clear away after them, however many cases there are. */
const SPARE_S = 5;

/** Makes the launcher's job; the caller adds `levels`, and `memoryMb` where the program has none. */
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
