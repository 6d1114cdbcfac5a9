import { general } from '../choice/short-answers.ts';
import { predictionOf } from '../choice/whole-answer.ts';
import { PYTHON_SPACE, PYTHON_WORD } from '../python-text.ts';
import { chineseWords } from '../text/chinese.ts';
import { goldTexts } from '../text/gold.ts';
import { chineseRouge } from '../text/rouge-chinese.ts';
import type { Evaluator, RuleSet } from '../types.ts';

const MARK = new RegExp(`[^${PYTHON_WORD}${PYTHON_SPACE}]`, 'gu');

/**
 * AISBench's `JiebaRougeEvaluator`, of Chinese texts, with characters in the place of the words that jieba finds: its numbers are called
 * `rouge1_by_character` and so on, and are not comparable. `compat` takes a text to its first line break, full stop or comma;
 * `fixed` the whole of it, without punctuation.
 */
export const jiebaRougeEvaluator: Evaluator = {
  name: 'JiebaRougeEvaluator',
  metric: 'rouge1_by_character',
  grade: (sample) => {
    const own = wordsOf(predictionOf(sample), sample.rules);
    const all = goldTexts(sample.gold, 'JiebaRougeEvaluator').map((gold) =>
      chineseRouge(own, wordsOf(gold, sample.rules)),
    );
    const best = (name: keyof (typeof all)[number]) => Math.max(...all.map((scores) => scores[name]));
    return {
      credit: best('rouge1'),
      parts: { rouge2_by_character: [best('rouge2'), 1], rougeL_by_character: [best('rougeL'), 1] },
    };
  },
};

function wordsOf(text: string, rules: RuleSet): string[] {
  const bare = rules === 'compat' ? (general.compat(text)?.answer ?? '') : text.replace(MARK, '');
  return chineseWords(bare).filter((word) => word.trim() !== '');
}
