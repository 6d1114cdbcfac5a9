/**
 * AISBench's evaluators of LongBench. The gold is the list of right answers, for classification `{answers, all_classes}`; the
 * best of them counts. The words of Chinese texts are their characters, and the number is then called `score_by_character`
 * and is not comparable; with `words: 'jieba'` they are those that AISBench counts.
 */
import { badKey, type Keys, onlyKeys } from '../choice/config-keys.ts';
import { predictionOf } from '../choice/whole-answer.ts';
import { chineseCutter } from '../text/chinese-cutter.ts';
import { badGold, goldTexts, isTexts } from '../text/gold.ts';
import {
  chineseF1,
  classScore,
  codeScore,
  countScore,
  type Language,
  paragraphNumber,
} from '../text/longbench.ts';
import { packageRougeL } from '../text/rouge-package.ts';
import { wordF1 } from '../text/squad.ts';
import type { Configurable, Evaluator, Sample } from '../types.ts';

/** Of an answer against reference number `n`, from 0. */
type Score = (predicted: string, reference: string, sample: Sample, n: number) => number | Promise<number>;

const METRIC = 'score';
const NAMES = {
  f1: 'LongBenchF1Evaluator',
  rouge: 'LongBenchRougeEvaluator',
  place: 'LongBenchRetrievalEvaluator',
} as const;

/** F1 of words. Keys `language`: `en` (default) or `zh`; of `zh`, `words` and `python`: see `chineseCutter`. */
export const longBenchF1Evaluator: Configurable<Evaluator> = (keys: Keys) => {
  if (languageIn(keys, CUTTING) === 'en') return best(NAMES.f1, (own, gold) => wordF1(own, gold));
  const { cut, suffix } = chineseCutter(keys);
  return best(NAMES.f1, async (own, gold) => chineseF1(await cut(own), await cut(gold)), METRIC + suffix);
};

/**
 * ROUGE-L. Keys as of F1. `compat` counts 0 where the package `rouge` runs out of stack, and cuts a Chinese answer once more for
 * every further reference.
 */
export const longBenchRougeEvaluator: Configurable<Evaluator> = (keys: Keys) => {
  const isDeepZero = ({ rules }: Sample) => ({ deepIsZero: rules === 'compat' });
  if (languageIn(keys, CUTTING) === 'en')
    return best(NAMES.rouge, (own, gold, sample) => packageRougeL(own, gold, isDeepZero(sample)));
  const { cut, suffix } = chineseCutter(keys);
  const apart = async (text: string) => (await cut(text)).join(' ');
  const score: Score = async (own, gold, sample, n) => {
    let mine = await apart(own);
    for (let more = sample.rules === 'compat' ? n : 0; more > 0; more--) mine = await apart(mine);
    return packageRougeL(mine, await apart(gold), isDeepZero(sample));
  };
  return best(NAMES.rouge, score, METRIC + suffix);
};

/** The share of the numbers in the reply that are the right one. */
export const longBenchCountEvaluator: Evaluator = best('LongBenchCountEvaluator', countScore);

/** The same of the number of a paragraph. Key `language`: how the gold names it, `Paragraph 7` (`en`, default) or `段落7` (`zh`). */
export const longBenchRetrievalEvaluator: Configurable<Evaluator> = (keys: Keys) => {
  const language = languageIn(keys);
  return best(NAMES.place, (own, gold) => {
    const number = paragraphNumber(gold, language);
    if (number === undefined) throw badGold(gold, NAMES.place, 'one that names a paragraph');
    return countScore(own, number);
  });
};

/** How alike the first line of code is, in percent as fuzzywuzzy tells it. */
export const longBenchCodeSimEvaluator: Evaluator = best('LongBenchCodeSimEvaluator', codeScore);

/** The class that the reply names. */
export const longBenchClassificationEvaluator: Evaluator = best(
  'LongBenchClassificationEvaluator',
  (own, gold, sample) => classScore(own, gold, { classes: classesOf(sample.gold), rules: sample.rules }),
);

function best(name: string, score: Score, metric: string = METRIC): Evaluator {
  return {
    name,
    metric,
    grade: async (sample) => {
      const predicted = predictionOf(sample);
      let credit = 0;
      for (const [n, gold] of goldTexts(sample.gold, name).entries())
        credit = Math.max(credit, await score(predicted, gold, sample, n));
      return { credit, explanation: `${(100 * credit).toFixed(2)} of 100` };
    },
  };
}

const CUTTING = ['words', 'python'];

function languageIn(keys: Keys, further: readonly string[] = []): Language {
  const { language = 'en' } = keys;
  onlyKeys(keys, 'evaluator', ['language', ...(language === 'zh' ? further : [])]);
  if (language === 'en' || language === 'zh') return language;
  throw badKey('evaluator.language', language, "'en' or 'zh'");
}

function classesOf(gold: unknown): readonly string[] {
  const { all_classes: classes } = (gold ?? {}) as { all_classes?: unknown };
  if (isTexts(classes) && classes.length > 0) return classes;
  throw badGold(gold, 'LongBenchClassificationEvaluator', 'of the form {answers: texts, all_classes: texts}');
}
