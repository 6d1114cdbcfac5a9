/**
 * AISBench's evaluators of LongBench. The gold is the list of right answers, for classification `{answers, all_classes}`; the
 * best of them counts. Scores of Chinese texts count characters where AISBench counts the words that jieba finds: they are
 * called `score_by_character`, and are not comparable.
 */
import { badKey, type Keys, onlyKeys } from '../choice/config-keys.ts';
import { predictionOf } from '../choice/whole-answer.ts';
import { badGold, goldTexts, isTexts } from '../text/gold.ts';
import {
  classScore,
  codeScore,
  countScore,
  f1Score,
  type Language,
  paragraphNumber,
  rougeScore,
} from '../text/longbench.ts';
import { bestOf } from '../text/squad.ts';
import type { Configurable, Evaluator, Sample } from '../types.ts';

type Score = (predicted: string, reference: string, sample: Sample) => number;

const METRIC = 'score';
const BY_CHARACTER = 'score_by_character';

/** F1 of words. Key `language`: `en` (default) or `zh`. */
export const longBenchF1Evaluator: Configurable<Evaluator> = (keys: Keys) => {
  const language = languageIn(keys);
  const metric = language === 'zh' ? BY_CHARACTER : METRIC;
  return best('LongBenchF1Evaluator', (own, gold) => f1Score(own, gold, language), metric);
};

/** ROUGE-L. Key `language`: `en` (default) or `zh`. `compat` counts 0 where the package `rouge` runs out of stack. */
export const longBenchRougeEvaluator: Configurable<Evaluator> = (keys: Keys) => {
  const language = languageIn(keys);
  const metric = language === 'zh' ? BY_CHARACTER : METRIC;
  const score: Score = (own, gold, { rules }) =>
    rougeScore(own, gold, { language, deepIsZero: rules === 'compat' });
  return best('LongBenchRougeEvaluator', score, metric);
};

/** The share of the numbers in the reply that are the right one. */
export const longBenchCountEvaluator: Evaluator = best('LongBenchCountEvaluator', countScore);

/** The same of the number of a paragraph. Key `language`: how the gold names it, `Paragraph 7` (`en`, default) or `段落7` (`zh`). */
export const longBenchRetrievalEvaluator: Configurable<Evaluator> = (keys: Keys) => {
  const language = languageIn(keys);
  const score: Score = (own, gold) => {
    const number = paragraphNumber(gold, language);
    if (number === undefined)
      throw badGold(gold, 'LongBenchRetrievalEvaluator', 'one that names a paragraph');
    return countScore(own, number);
  };
  return best('LongBenchRetrievalEvaluator', score);
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
    grade: (sample) => {
      const predicted = predictionOf(sample);
      const credit = bestOf(goldTexts(sample.gold, name), (gold) => score(predicted, gold, sample));
      return { credit, explanation: `${(100 * credit).toFixed(2)} of 100` };
    },
  };
}

function languageIn(keys: Keys): Language {
  onlyKeys(keys, 'evaluator', ['language']);
  const { language = 'en' } = keys;
  if (language === 'en' || language === 'zh') return language;
  throw badKey('evaluator.language', language, "'en' or 'zh'");
}

function classesOf(gold: unknown): readonly string[] {
  const { all_classes: classes } = (gold ?? {}) as { all_classes?: unknown };
  if (isTexts(classes) && classes.length > 0) return classes;
  throw badGold(gold, 'LongBenchClassificationEvaluator', 'of the form {answers: texts, all_classes: texts}');
}
