/**
 * MBPP's functional correctness: an answer's program and the row's asserts, in the sandbox. AISBench's own two evaluators
 * cannot be made (their constructors raise); these do what their code says.
 */
import { mbppPostprocess } from '../code/mbpp-answer.ts';
import { readReference } from '../code/reference.ts';
import { CONCURRENCY, codeRunner, explain, readRunOptions } from '../code/run-options.ts';
import type { Configurable, Evaluator } from '../types.ts';

/** AISBench stops a program after 9 s and its process after 10. */
const TIMEOUT_S = 10;

/** Keys: `timeout` in seconds, `isolation`; AISBench's `k` and its metric `MBPP` say nothing else and are passed over. */
function mbpp(name: string, metric: string): (options: Readonly<Record<string, unknown>>) => Evaluator {
  return (options) => {
    const settings = readRunOptions(options, { timeout: TIMEOUT_S, ignored: ['k', 'metric'] });
    const run = codeRunner(settings);
    return {
      name,
      metric,
      concurrency: CONCURRENCY,
      async grade({ answer, gold, rules }) {
        // Without a pred_postprocessor, as in AISBench's configs, the answer is the whole text.
        const program = mbppPostprocess[rules](answer)?.answer;
        if (program === undefined) return { credit: 0, explanation: 'failed: there is no code' };
        const { tests, setup } = readReference(gold, ['tests', 'setup'], 'MBPPDataset');
        const ran = await run({
          program,
          tests: rules === 'compat' || setup === '' ? tests : `${setup}\n${tests}`,
          timeoutMs: settings.timeout * 1000,
        });
        return { credit: ran.passed ? 1 : 0, explanation: explain(ran, settings) };
      },
    };
  };
}

export const mbppEvaluator: Configurable<Evaluator> = mbpp('MBPPEvaluator', 'score');

export const mbppPassKEvaluator: Configurable<Evaluator> = mbpp('MBPPPassKEvaluator', 'pass@1');
