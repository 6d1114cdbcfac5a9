import { goldTexts, predictionOf } from '../inputs.ts';
import { PYTHON_WORD, pythonSplit } from '../python-text.ts';
import type { Evaluator } from '../types.ts';

// Equality and F1 of words as SQuAD's evaluation counts them, which LongBench, TriviaQA and others took over.

/** Python's `string.punctuation`. */
const PUNCTUATION = String.raw`!-\/:-@\[-\x60{-~`;
const MARK = new RegExp(`[${PUNCTUATION}]`, 'g');
/** TriviaQA's: with the curled quotes and the accent. */
const TRIVIA_MARK = new RegExp(`[${PUNCTUATION}‘’´]`, 'g');
const ARTICLE = new RegExp(`(?<![${PYTHON_WORD}])(?:an?|the)(?![${PYTHON_WORD}])`, 'gu');

/** Small letters, no ASCII punctuation, no English articles, one blank between words. */
export function squadText(text: string): string {
  return withoutArticles(text.toLowerCase().replace(MARK, ''));
}

/** The same as TriviaQA's authors have it: punctuation parts words, where SQuAD's joins them. */
export function triviaText(text: string): string {
  return withoutArticles(text.toLowerCase().replace(TRIVIA_MARK, ' '));
}

/** A lower-case text without English articles, one blank between words. */
export function withoutArticles(text: string): string {
  return pythonSplit(text.replace(ARTICLE, ' ')).join(' ');
}

/** A text without Python's `string.punctuation`. */
export function withoutPunctuation(text: string): string {
  return text.replace(MARK, '');
}

/** Harmonic mean of precision and recall of what two lists share, each item as often as both have it: 0 to 1. */
export function sharedF1(predicted: readonly string[], reference: readonly string[]): number {
  const left = new Map<string, number>();
  for (const item of reference) left.set(item, (left.get(item) ?? 0) + 1);
  let shared = 0;
  for (const item of predicted) {
    const count = left.get(item) ?? 0;
    if (count === 0) continue;
    shared++;
    left.set(item, count - 1);
  }
  if (shared === 0) return 0;
  const [precision, recall] = [shared / predicted.length, shared / reference.length];
  return (2 * precision * recall) / (precision + recall);
}

/** F1 of the words of two texts, 0 to 1; 0 where either has none. */
export function wordF1(
  predicted: string,
  reference: string,
  normalize: (text: string) => string = squadText,
): number {
  return sharedF1(pythonSplit(normalize(predicted)), pythonSplit(normalize(reference)));
}

/** The best of a score over several references; 0 without any. */
export function bestOf(references: readonly string[], score: (reference: string) => number): number {
  return references.reduce((best, reference) => Math.max(best, score(reference)), 0);
}

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
