import { badKey, type Keys, onlyKeys } from '../choice/config-keys.ts';
import { predictionOf } from '../choice/whole-answer.ts';
import { goldTexts } from '../text/gold.ts';
import { rougeScores } from '../text/rouge-score.ts';
import type { Configurable, Evaluator } from '../types.ts';

/**
 * AISBench's `RougeEvaluator`: ROUGE-1, and ROUGE-2, ROUGE-L and ROUGE-Lsum as parts, of English texts as `rouge_score` has them; of
 * several references the best for each. Key `use_stemmer` (ours, false unless told). AISBench tells the median of a thousand
 * resamples where this is the mean itself.
 */
export const rougeEvaluator: Configurable<Evaluator> = (keys: Keys) => {
  onlyKeys(keys, 'evaluator', ['use_stemmer']);
  const { use_stemmer: stem = false } = keys;
  if (typeof stem !== 'boolean') throw badKey('evaluator.use_stemmer', stem, 'true or false');
  return {
    name: 'RougeEvaluator',
    metric: 'rouge1',
    grade: (sample) => {
      const own = predictionOf(sample);
      const all = goldTexts(sample.gold, 'RougeEvaluator').map((gold) => rougeScores(own, gold, stem));
      const best = (name: keyof (typeof all)[number]) => Math.max(...all.map((scores) => scores[name]));
      return {
        credit: best('rouge1'),
        parts: {
          rouge2: [best('rouge2'), 1],
          rougeL: [best('rougeL'), 1],
          rougeLsum: [best('rougeLsum'), 1],
        },
      };
    },
  };
};
