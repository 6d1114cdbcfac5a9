import { predictionOf } from '../choice/whole-answer.ts';
import { goldTexts } from '../text/gold.ts';
import { bestOf, squadText, wordF1 } from '../text/squad.ts';
import type { Evaluator } from '../types.ts';

/**
 * AISBench's `SquadEvaluator`: F1 of the words of the first line, by SQuAD's rules, and `exact_match` as a part; of several
 * references the best.
 */
export const squadEvaluator: Evaluator = {
  name: 'SquadEvaluator',
  metric: 'f1',
  grade: (sample) => {
    const [own = ''] = predictionOf(sample).split('\n', 1);
    const golds = goldTexts(sample.gold, 'SquadEvaluator');
    return {
      credit: bestOf(golds, (gold) => wordF1(own, gold)),
      parts: { exact_match: [golds.some((gold) => squadText(gold) === squadText(own)) ? 1 : 0, 1] },
    };
  },
};
