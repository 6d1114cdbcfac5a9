/** AISBench's two evaluators of BBH, which call their number `score`. */
import { bbhFreeform } from '../choice/short-answers.ts';
import { predictionOf } from '../gold.ts';
import { pythonStrip } from '../python-text.ts';
import type { Evaluator, Sample } from '../types.ts';

/** Of multiple choice: equal texts. */
export const bbhEvaluatorMcq: Evaluator = {
  name: 'BBHEvaluator_mcq',
  metric: 'score',
  grade: ({ answer, reference }) => ({ credit: answer === reference ? 1 : 0 }),
};

/**
 * Of the others: the evaluator takes the answer out of the reply by `bbh-freeform` itself. A config may name `bbh-freeform` as
 * the post-processor too, so that the trail shows what was taken: it is not taken twice then. `fixed` does not mind case,
 * commas between words, and space.
 */
export const bbhEvaluator: Evaluator = {
  name: 'BBHEvaluator',
  metric: 'score',
  grade: (sample) => {
    const { answer, reference, rules } = sample;
    const isRight =
      rules === 'compat'
        ? compatAnswer(sample) === reference
        : loose(bbhFreeform.fixed(answer)?.answer ?? answer) === loose(reference);
    return { credit: isRight ? 1 : 0 };
  },
};

function compatAnswer(sample: Sample): string {
  const ofReply = freeformOf(sample.text);
  return sample.answer === ofReply ? ofReply : freeformOf(predictionOf(sample));
}

function freeformOf(text: string): string {
  return bbhFreeform.compat(text)?.answer ?? '';
}

function loose(text: string): string {
  return pythonStrip(
    text
      .toLowerCase()
      .replace(/(?<=\p{L}),(?=\s|\p{L})/gu, ' ')
      .replace(/\s+/gu, ' '),
  );
}
