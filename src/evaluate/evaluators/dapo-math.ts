import { normalizeDapoAnswer } from '../math/minerva.ts';
import type { Configurable, Evaluator, Sample } from '../types.ts';
import { mathEvaluator } from './math.ts';

/** AISBench's two evaluators of DAPO-Math. `compat` compares texts, `fixed` what answers mean. */
function dapoMath(name: string, toReference: (gold: string) => string): Configurable<Evaluator> {
  return (): Evaluator => {
    const byMeaning = typeof mathEvaluator === 'function' ? mathEvaluator({}) : mathEvaluator;
    return {
      name,
      grade: (sample: Sample) =>
        sample.rules === 'fixed'
          ? byMeaning.grade(sample)
          : { credit: sample.answer === toReference(sample.reference) ? 1 : 0 },
    };
  };
}

/** `compat`: the answer equals the reference, normalised as answers are. */
export const dapoMathEvaluator: Configurable<Evaluator> = dapoMath('DAPOMathEvaluator', normalizeDapoAnswer);

/** `compat`: the answer equals the reference. */
export const dapoMathEvaluatorV2: Configurable<Evaluator> = dapoMath('DAPOMathEvaluatorV2', (gold) => gold);
