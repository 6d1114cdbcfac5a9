/**
 * LiveCodeBench's code generation: a program passes that is right for every public and private test of its problem, each run by itself
 * in the sandbox. The mean of one answer a problem is pass@1; `pass@1_easy`, `_medium` and `_hard` are that of the problems of a difficulty.
 */

import { createHash } from 'node:crypto';
import { AisBenchError } from '../../contract/errors.ts';
import { parsePyJson } from '../../python-data/json.ts';
import { isPyList, PyDict, PyTuple, type PyValue, pyEqual } from '../../python-data/value.ts';
import type { CaseProgram, CaseRan, Sandbox } from '../../sandbox/open-sandbox.ts';
import { CONCURRENCY, fencedBlocks, lastResults, readRunOptions, sandboxOf } from '../code/programs.ts';
import { badKey, isTexts } from '../inputs.ts';
import { asciiDigits, pythonFloat } from '../numbers.ts';
import { pythonSplit, pythonStrip } from '../python-text.ts';
import type { Configurable, Evaluator, Grade, RuleSet } from '../types.ts';

// The program of an answer to a problem of LiveCodeBench.

/** AISBench's two extractors: the text between the first two lines with three backticks, or between the last two. */
type ExtractorVersion = 'v1' | 'v2';

/**
 * The program; undefined where there is none. `compat` takes the text between two lines with a fence, whatever else they hold.
 * `fixed` takes the last code block, one that is called Python before any other, one that was cut too; and without a block the whole
 * text.
 */
export function lcbProgram(text: string, rules: RuleSet, version: ExtractorVersion): string | undefined {
  const program = rules === 'compat' ? betweenFences(text, version) : lastBlock(text);
  return program === undefined || program.trim() === '' ? undefined : program;
}

function betweenFences(text: string, version: ExtractorVersion): string | undefined {
  const lines = text.split('\n');
  const fences = [...lines.keys()].filter((n) => lines[n]!.includes('```'));
  const [from, to] = version === 'v1' ? fences : fences.slice(-2);
  return to === undefined ? undefined : lines.slice(from! + 1, to).join('\n');
}

function lastBlock(text: string): string {
  const blocks = fencedBlocks(text).filter(({ start, end }) => text.slice(start, end).trim() !== '');
  const isPython = ({ start }: { readonly start: number }) =>
    /[`~][ \t]*(?:python\d?|py)[ \t]*\n$/i.test(text.slice(Math.max(0, start - 40), start));
  const block = blocks.findLast(isPython) ?? blocks.at(-1);
  return block === undefined ? text : text.slice(block.start, block.end);
}

// Whether what a program of LiveCodeBench printed, or a function returned, is right.

/** What is right and what came, under a rule set. */
type Same = (printed: string, expected: string) => boolean;

/**
 * `fixed` is the benchmark's own rule of today: as many lines, each the same or the same decimal numbers, exactly. `compat` is AISBench's,
 * the authors' of before: lines that are equal but for blanks at their ends and empty lines, or one number a line, close by.
 */
export const samePrinted: Readonly<Record<RuleSet, Same>> = {
  fixed(printed, expected) {
    const [own, right] = [strippedLines(printed), strippedLines(expected)];
    return (
      own.length === right.length && own.every((line, n) => line === right[n] || sameNumbers(line, right[n]!))
    );
  },
  compat(printed, expected) {
    const lines = pythonLines(printed);
    const right = pythonStrip(expected);
    if (pythonStrip(lines.join('\n')) === right) return true;
    if (pythonStrip(lines.map(pythonStrip).join('\n')) === right) return true;
    const wanted = expected.split('\n').filter((line) => line !== '');
    const stripped = wanted.map(pythonStrip);
    const own = lines.filter((line) => line !== '');
    if (sameTexts(lines, stripped) || sameTexts(own, stripped)) return true;
    return !areWhole(own, stripped) && areClose(own, stripped);
  },
};

/**
 * Python's equality with what the test says as JSON. `compat` also takes the first element of a right list for right, and tuples in a
 * list where the right list holds one list of lists. Throws SyntaxError where `expected` is no JSON.
 */
export const sameReturned: Readonly<Record<RuleSet, Same>> = {
  fixed: (value, expected) => pyEqual(valueIn(value), parsePyJson(expected)),
  compat(value, expected) {
    const [own, right] = [valueIn(value), parsePyJson(expected)];
    if (pyEqual(own, right)) return true;
    if (!isPyList(right) || right.length === 0) return false;
    if (pyEqual(own, right[0]!)) return true;
    const areTuples = isPyList(own) && own[0] instanceof PyTuple;
    return (
      areTuples &&
      pyEqual(
        own.map((one) => (one instanceof PyTuple ? one.items : one)),
        right[0]!,
      )
    );
  },
};

/** A value as `plain` of `python/ais_bench_sandbox/cases.py` writes it. What JSON has no form for is equal to nothing. */
function valueIn(text: string): PyValue {
  return toValue(JSON.parse(text));
}

function toValue(plain: unknown): PyValue {
  if (plain === null || typeof plain === 'boolean' || typeof plain === 'string') return plain;
  if (Array.isArray(plain)) return plain.map(toValue);
  const { int, float, tuple, dict } = plain as {
    readonly int?: string;
    readonly float?: string;
    readonly tuple?: readonly unknown[];
    readonly dict?: readonly (readonly [unknown, unknown])[];
  };
  if (int !== undefined) return int.startsWith('-') ? -BigInt(int.slice(1)) : BigInt(int);
  if (float !== undefined) return pythonFloat(float) ?? Number.NaN;
  if (tuple !== undefined) return new PyTuple(tuple.map(toValue));
  if (dict !== undefined) return new PyDict(dict.map(([key, value]) => [toValue(key), toValue(value)]));
  return Number.NaN;
}

function strippedLines(text: string): string[] {
  return pythonStrip(text).split('\n').map(pythonStrip);
}

function sameNumbers(line: string, right: string): boolean {
  const [own, wanted] = [pythonSplit(line).map(decimalIn), pythonSplit(right).map(decimalIn)];
  return own.length === wanted.length && own.every((one, n) => one !== undefined && one === wanted[n]);
}

const DECIMAL = /^([-+]?)(?=\.?\d)(\d*)(?:\.(\d*))?(?:e([-+]?\d+))?$/i;

/**
 * The number that Python's `Decimal` makes of a word, in a form that equal numbers share; undefined for what is none, and for NaN, which
 * equals nothing.
 */
function decimalIn(word: string): string | undefined {
  const infinite = /^([-+]?)inf(?:inity)?$/i.exec(word);
  if (infinite !== null) return infinite[1] === '-' ? '-inf' : 'inf';
  const [, sign, whole = '', part = '', exponent = '0'] =
    DECIMAL.exec(asciiDigits(word).replaceAll('_', '')) ?? [];
  if (sign === undefined) return undefined;
  const digits = `${whole}${part}`.replace(/^0+/, '');
  // A pattern for them would try each run of zeros from each of its own.
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  const significant = digits.slice(0, end);
  if (significant === '') return '0';
  const power = BigInt(exponent) - BigInt(part.length) + BigInt(digits.length - significant.length);
  return `${sign === '-' ? '-' : ''}${significant}e${power}`;
}

/** `text.splitlines()`. */
function pythonLines(text: string): string[] {
  const lines = text.split(/\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, n) => line === b[n]);
}

/** Whether every pair of lines, as far as there are pairs, is of digits. */
function areWhole(own: readonly string[], right: readonly string[]): boolean {
  const pairs = Math.min(own.length, right.length);
  return [...own.slice(0, pairs), ...right.slice(0, pairs)].every((line) => /^[\p{Nd}\p{No}]+$/u.test(line));
}

/** numpy's `allclose` of a number a line. */
function areClose(own: readonly string[], right: readonly string[]): boolean {
  if (own.length !== right.length) return false;
  return own.every((line, n) => {
    const [a, b] = [pythonFloat(line), pythonFloat(right[n]!)];
    if (a === undefined || b === undefined) return false;
    if (!Number.isFinite(a) || !Number.isFinite(b)) return a === b;
    return Math.abs(a - b) <= 1e-8 + 1e-5 * Math.abs(b);
  });
}

// Runs a program of LiveCodeBench for the tests of its problem, and compares what comes under both rule sets.

/** The tests of a problem: `recall` of LCBCodeGenerationDataset. */
interface RecalledTests {
  readonly call?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** Its starred imports, in the order of the benchmark's own: later names hide earlier ones. */
const STARRED = [
  ...['string', 're', 'datetime', 'collections', 'heapq', 'bisect', 'copy', 'math', 'random', 'statistics'],
  ...['itertools', 'functools', 'operator', 'io', 'sys', 'json', 'builtins', 'typing'],
];

/** What answers may rely on: solutions on contest sites are written where these names are there. */
const PRELUDE: string = [
  ...STARRED.map((name) => `from ${name} import *`),
  ...STARRED.slice(0, -2).map((name) => `import ${name}`),
  'sys.setrecursionlimit(600000)',
  'getattr(sys, "set_int_max_str_digits", int)(50000)',
].join('\n');

/** Contest sites give a program 256 to 1,024 MB; this is address space, of which Python takes more than it uses. */
const MEMORY_MB = 2048;
/** Bytes that a program may print beside what it should. */
const SPARE_BYTES = 1 << 20;
/** How much longer the same value may be said. */
const SPARE_FACTOR = 16;

type Verdicts = Readonly<Record<RuleSet, Grade>>;

/** Both rule sets' verdicts; the first test that is wrong under both is the last that is run. */
async function runTests(
  sandbox: Pick<Sandbox, 'runCases'>,
  {
    program,
    tests,
    seconds,
  }: { readonly program: string; readonly tests: RecalledTests; readonly seconds: number },
): Promise<Verdicts> {
  const found: { fixed?: Grade; compat?: Grade } = {};
  await sandbox.runCases(caseProgram(program, tests, seconds), (ran, n) => {
    for (const rules of ['fixed', 'compat'] as const)
      found[rules] ??= gradeOf(ran, { tests, n, seconds, rules });
    return found.fixed === undefined || found.compat === undefined;
  });
  const pass: Grade = { credit: 1, explanation: `pass: all ${tests.inputs.length} tests` };
  return { fixed: found.fixed ?? pass, compat: found.compat ?? pass };
}

function caseProgram(
  program: string,
  { call, inputs, outputs }: RecalledTests,
  seconds: number,
): CaseProgram {
  return {
    ...{ program, prelude: PRELUDE, memoryMb: MEMORY_MB, caseMs: 1000 * seconds },
    ...(call === undefined ? {} : { call }),
    cases: inputs.map((input, n) => ({
      input,
      most: SPARE_FACTOR * Buffer.byteLength(outputs[n]!) + SPARE_BYTES,
    })),
  };
}

interface Test {
  readonly tests: RecalledTests;
  /** From 0. */
  readonly n: number;
  readonly seconds: number;
  readonly rules: RuleSet;
}

/** Undefined where this test is passed. */
function gradeOf(
  ran: CaseRan,
  { tests: { call, inputs, outputs }, n, seconds, rules }: Test,
): Grade | undefined {
  const wrong = (what: string): Grade => ({
    credit: 0,
    explanation: what.replace('#', `test ${n + 1} of ${inputs.length}`),
  });
  if (ran.outcome === 'timeout') return wrong(`timeout: # ran longer than ${seconds} s`);
  if (ran.outcome === 'flood') return wrong('wrong_answer: # has far more output than it should');
  if (ran.outcome === 'killed') return wrong(`failed: # was killed (${ran.why})`);
  if (ran.outcome === 'failed') return wrong(`failed: # ${saidOf(ran)}`);
  if (call === undefined)
    return samePrinted[rules](ran.output, outputs[n]!) ? undefined : wrong('wrong_answer: #');
  if (ran.value === undefined) return wrong('failed: # ended the process');
  try {
    return sameReturned[rules](ran.value, outputs[n]!) ? undefined : wrong('wrong_answer: #');
  } catch {
    return wrong('failed: the right answer of # is no JSON');
  }
}

function saidOf({ failure }: CaseRan): string {
  if (failure === undefined) return 'ended with an exception';
  return `raised ${failure.type}${failure.message && `: ${failure.message}`}`;
}

/** Of each test, as in the benchmark's own code. */
const TIMEOUT_S = 6;
const METRIC = 'pass@1';

/** AISBench's keys that say nothing of single answers. */
const IGNORED = ['num_process_evaluate', 'release_version', 'start_date', 'end_date'];

interface LcbProblem {
  readonly id: string;
  readonly difficulty: string;
  readonly tests: RecalledTests;
}

/** Keys: `timeout`, seconds of each test; `isolation`; `extractor_version`, `v1` (AISBench's default) or `v2`: how `compat` finds the program. */
export const lcbCodeGenerationEvaluator: Configurable<Evaluator> = ({
  extractor_version: version = 'v1',
  ...options
}): Evaluator => {
  if (version !== 'v1' && version !== 'v2')
    throw badKey('evaluator.extractor_version', version, "'v1' or 'v2'");
  const settings = readRunOptions(options, { timeout: TIMEOUT_S, ignored: IGNORED });
  const opened = sandboxOf(settings);
  const remember = lastResults<Awaited<ReturnType<typeof runTests>>>();
  return {
    name: 'LCBCodeGenerationEvaluator',
    metric: METRIC,
    concurrency: CONCURRENCY,
    async grade({ answer, gold, rules }) {
      const { id, difficulty, tests } = problemIn(gold);
      const program = lcbProgram(answer, rules, version as ExtractorVersion);
      if (program === undefined)
        return ofDifficulty({ credit: 0, explanation: 'failed: there is no code' }, difficulty);
      const key = createHash('sha256').update(`${id}\n${program}`).digest('hex');
      const verdicts = await remember(key, async () =>
        runTests(await opened(), { program, tests, seconds: settings.timeout }),
      );
      return ofDifficulty(verdicts[rules], difficulty);
    },
  };
};

function ofDifficulty(grade: Grade, difficulty: string): Grade {
  return { ...grade, parts: { [`${METRIC}_${difficulty}`]: [grade.credit, 1] } };
}

/** Throws RUN-DATA-001 for what is not the reference of a problem with its tests. */
function problemIn(gold: unknown): LcbProblem {
  const { question_id: id, difficulty, tests } = (gold ?? {}) as Record<string, unknown>;
  const { call, inputs, outputs } = (tests ?? {}) as Record<string, unknown>;
  const isCall = call === undefined || typeof call === 'string';
  const isWhole = isTexts(inputs) && isTexts(outputs) && inputs.length === outputs.length && isCall;
  if (typeof id === 'string' && typeof difficulty === 'string' && isWhole)
    return { id, difficulty, tests: { inputs, outputs, ...(call === undefined ? {} : { call }) } };
  throw new AisBenchError('RUN-DATA-001', 'the reference of an answer has no tests of LiveCodeBench', {
    cure: "score answers to LCBCodeGenerationDataset with its files at hand, or choose the asked dataset's evaluator",
  });
}
