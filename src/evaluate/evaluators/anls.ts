import { predictionOf } from '../choice/whole-answer.ts';
import { anls } from '../text/anls.ts';
import { goldTexts } from '../text/gold.ts';
import type { Evaluator } from '../types.ts';

/** How near the reply comes to one of the references, by edit distance: for short answers that are read off a document. */
export const anlsEvaluator: Evaluator = {
  name: 'ANLSEvaluator',
  metric: 'anls',
  grade: (sample) => ({
    credit: anls(predictionOf(sample), goldTexts(sample.gold, 'ANLSEvaluator'), sample.rules),
  }),
};
