/**
 * A place where Python programs of unknown intent are run: what they may read, write, take and reach is listed in
 * `docs/scoring-code.md`, and so is what is not contained.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { findPython } from '../basics/environment.ts';
import { AisBenchError, messageOf } from '../contract/errors.ts';
import { type Answer, type Launched, launch, reportText } from './launch.ts';
import { caseTaker, jobOf } from './run-cases.ts';
import type { CaseProgram, CaseRan, Containment, Program, Ran, Sandbox, SandboxOptions } from './types.ts';

const MEMORY_MB = 1024;
const CONTAINED: readonly Containment[] = ['namespaces', 'user'];

/**
 * Tries the kinds of containment in their order, and keeps to the first that can be had. Throws EVAL-SANDBOX-001 where there
 * is none, and UTILS-DEPENDENCY-001 without Python.
 */
export async function openSandbox({ python, accept = CONTAINED }: SandboxOptions = {}): Promise<Sandbox> {
  const interpreter = await interpreterOf(findPython(python));
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
  const reason = why ?? signal;
  const passed = tests !== undefined && outcome === 'exited' && texts.report === nonce;
  return {
    outcome,
    exitCode,
    ...{ stdout: texts.stdout, stderr: texts.stderr, passed },
    ...(passed ? {} : failureIn(texts.report)),
    ...(reason === undefined ? {} : { why: reason }),
  };
}

async function runCases(
  { python, level }: { readonly python: string; readonly level: Containment },
  program: CaseProgram,
  see: (ran: CaseRan, n: number) => boolean,
): Promise<void> {
  const job = { memoryMb: MEMORY_MB, ...jobOf(program), levels: [level] };
  const launched = await launch(python, job, caseTaker(program.cases.length, see));
  const { count, isAll } = launched.report;
  if (isAll) return;
  const { outcome, why, signal } = contained(launched);
  if (outcome === 'timeout') see({ outcome, output: '' }, count);
  else see({ outcome: 'killed', output: '', why: why ?? signal ?? 'it ended what runs its cases' }, count);
}

type Contained<T> = Omit<Answer, 'outcome' | 'refused'> &
  Required<Pick<Answer, 'outcome'>> &
  Omit<Launched<T>, 'answer'>;

/** Throws EVAL-SANDBOX-001 where the launcher has no answer. */
function contained<T>({ answer, ...texts }: Launched<T>): Contained<T> {
  const { outcome, refused, ...rest } = answer;
  if (outcome === undefined) throw refusal(refused ?? [lastLine(texts.stderr) || 'it gave no answer']);
  return { ...rest, ...texts, outcome };
}

/** What the program's process says of the exception that ended it. */
function failureIn(report: string): Pick<Ran, 'failure'> {
  try {
    const { type, message } = JSON.parse(report);
    if (typeof type !== 'string' || typeof message !== 'string') return {};
    return { failure: { type, message } };
  } catch {
    return {};
  }
}

/** The interpreter itself: what the search path finds may be a script that looks for it, at every start. */
async function interpreterOf(python: string): Promise<string> {
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
