import { general } from '../choice/short-answers.ts';
import { type Keys, onlyKeys } from '../config-keys.ts';
import { goldTexts, predictionOf } from '../gold.ts';
import { PYTHON_SPACE, PYTHON_WORD, pythonStrip } from '../python-text.ts';
import { chineseCutter } from '../text/chinese-cutter.ts';
import { chineseRouge } from '../text/rouge.ts';
import type { Configurable, Evaluator, RuleSet } from '../types.ts';

const MARK = new RegExp(`[^${PYTHON_WORD}${PYTHON_SPACE}]`, 'gu');

/**
 * AISBench's `JiebaRougeEvaluator`, of Chinese texts. Without `words: 'jieba'` characters stand in the place of words: its
 * numbers are called `rouge1_by_character` and so on, and are not comparable. `compat` takes a text to its first line break,
 * full stop or comma; `fixed` the whole of it, without punctuation.
 */
export const jiebaRougeEvaluator: Configurable<Evaluator> = (keys: Keys) => {
  onlyKeys(keys, 'evaluator', ['words', 'python']);
  const { cut, suffix } = chineseCutter(keys);
  return {
    name: 'JiebaRougeEvaluator',
    metric: `rouge1${suffix}`,
    grade: async (sample) => {
      const wordsOf = async (text: string) =>
        (await cut(bare(text, sample.rules))).filter((word) => pythonStrip(word) !== '');
      const own = await wordsOf(predictionOf(sample));
      const best = { rouge1: 0, rouge2: 0, rougeL: 0 };
      for (const gold of goldTexts(sample.gold, 'JiebaRougeEvaluator')) {
        const scores = chineseRouge(own, await wordsOf(gold));
        for (const name of NUMBERS) best[name] = Math.max(best[name], scores[name]);
      }
      return {
        credit: best.rouge1,
        parts: { [`rouge2${suffix}`]: [best.rouge2, 1], [`rougeL${suffix}`]: [best.rougeL, 1] },
      };
    },
  };
};

const NUMBERS = ['rouge1', 'rouge2', 'rougeL'] as const;

function bare(text: string, rules: RuleSet): string {
  return rules === 'compat' ? (general.compat(text)?.answer ?? '') : text.replace(MARK, '');
}
