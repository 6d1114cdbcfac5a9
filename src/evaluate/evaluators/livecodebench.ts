/**
 * LiveCodeBench's code generation: a program passes that is right for every public and private test of its problem, each run by itself
 * in the sandbox. The mean of one answer a problem is pass@1; `pass@1_easy`, `_medium` and `_hard` are that of the problems of a difficulty.
 */
import { createHash } from 'node:crypto';
import { AisBenchError } from '../../contract/errors.ts';
import { badKey } from '../choice/config-keys.ts';
import { type ExtractorVersion, lcbProgram } from '../code/lcb-answer.ts';
import { type LcbTests, runTests } from '../code/lcb-run.ts';
import { CONCURRENCY, lastResults, readRunOptions, sandboxOf } from '../code/run-options.ts';
import { isTexts } from '../text/gold.ts';
import type { Configurable, Evaluator, Grade } from '../types.ts';

/** Of each test, as in the benchmark's own code. */
const TIMEOUT_S = 6;
const METRIC = 'pass@1';

/** AISBench's keys that say nothing of single answers. */
const IGNORED = ['num_process_evaluate', 'release_version', 'start_date', 'end_date'];

interface Problem {
  readonly id: string;
  readonly difficulty: string;
  readonly tests: LcbTests;
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
function problemIn(gold: unknown): Problem {
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
