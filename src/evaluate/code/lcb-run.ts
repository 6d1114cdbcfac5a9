/** Runs a program of LiveCodeBench for the tests of its problem, and compares what comes under both rule sets. */
import type { CaseProgram, CaseRan, Sandbox } from '../../sandbox/types.ts';
import type { Grade, RuleSet } from '../types.ts';
import { samePrinted, sameReturned } from './lcb-output.ts';

/** The tests of a problem: `recall` of LCBCodeGenerationDataset. */
export interface LcbTests {
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
export async function runTests(
  sandbox: Pick<Sandbox, 'runCases'>,
  {
    program,
    tests,
    seconds,
  }: { readonly program: string; readonly tests: LcbTests; readonly seconds: number },
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

function caseProgram(program: string, { call, inputs, outputs }: LcbTests, seconds: number): CaseProgram {
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
  readonly tests: LcbTests;
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
