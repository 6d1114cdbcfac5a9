/**
 * HumanEval's functional correctness (openai/human-eval): prompt, completion and the row's `check`, in the sandbox. The mean
 * of one answer a problem is pass@1.
 */
import { CONCURRENCY, codeRunner, explain, readReference, readRunOptions } from '../code/run-options.ts';
import type { Configurable, Evaluator, Sample } from '../types.ts';

/** As in human-eval's own call. */
const TIMEOUT_S = 3;

/** What scoring needs of a row (`reference` of HumanevalDataset). */
interface HumanevalReference {
  readonly prompt: string;
  readonly test: string;
  readonly entry_point: string;
}

/** Keys: `timeout` in seconds, `isolation`; AISBench's `k` says nothing about single answers and is passed over. */
export const humanEvalEvaluator: Configurable<Evaluator> = (options): Evaluator => {
  const settings = readRunOptions(options, { timeout: TIMEOUT_S, ignored: ['k'] });
  const run = codeRunner(settings);
  return {
    name: 'HumanEvalEvaluator',
    metric: 'humaneval_pass@1',
    concurrency: CONCURRENCY,
    async grade({ answer, gold, rules }) {
      if (answer.trim() === '') return { credit: 0, explanation: 'failed: there is no code' };
      const row = readReference(gold, ['prompt', 'test', 'entry_point'], 'HumanevalDataset');
      const ran = await run({
        program: programOf(row, answer, rules),
        tests: `${row.test}\ncheck(${row.entry_point})`,
        timeoutMs: settings.timeout * 1000,
      });
      return { credit: ran.passed ? 1 : 0, explanation: explain(ran, settings) };
    },
  };
};

/**
 * `compat`: prompt and completion, nothing between. `fixed` also reads a whole function after a prompt that does not end with
 * its line, and the rest of a function that lost its indentation.
 */
export function programOf(
  { prompt, entry_point }: HumanevalReference,
  answer: string,
  rules: Sample['rules'],
): string {
  if (rules === 'compat') return `${prompt}${answer}\n`;
  const whole = new RegExp(`^(?:async[ \\t]+)?def[ \\t]+${entry_point}\\b`, 'm');
  if (whole.test(answer)) return `${prompt.trimEnd()}\n\n${answer}\n`;
  return `${prompt}${indented(answer)}\n`;
}

/** A body whose first line, or every line, is at the margin where it should stand four to the right. */
function indented(body: string): string {
  const [first = '', ...rest] = body.split('\n').filter((line) => line.trim() !== '');
  if (!/^\S/.test(first) || /^(?:import|from|def|class|async|@)\b/.test(first)) return body;
  const depths = rest.map((line) => line.search(/\S/));
  const least = first.trimEnd().endsWith(':') ? 8 : 4;
  const isFirstAlone = (depths[0] ?? 0) >= least && Math.min(...depths) >= 4;
  return isFirstAlone ? body.replace(/^(?=.*\S)/m, '    ') : body.replace(/^(?=.*\S)/gm, '    ');
}
