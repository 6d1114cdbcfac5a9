/** ROUGE as the package `rouge_chinese` (1.0.3) has it, which AISBench's `JiebaRougeEvaluator` uses. */
import { lcsTable, lengthAt } from './lcs.ts';

interface ChineseRouge {
  /** Each word counts once. */
  readonly rouge1: number;
  /** Each pair of words counts once. */
  readonly rouge2: number;
  /** Of the longest common subsequence. */
  readonly rougeL: number;
}

/** F-measures of two lists of words, 0 to just below 1; 0 where either is empty. */
export function chineseRouge(own: readonly string[], gold: readonly string[]): ChineseRouge {
  if (own.length === 0 || gold.length === 0) return { rouge1: 0, rouge2: 0, rougeL: 0 };
  const length = lengthAt(lcsTable(gold, own), gold.length, own.length);
  return {
    rouge1: ofSets(new Set(own), new Set(gold)),
    rouge2: ofSets(pairsOf(own), pairsOf(gold)),
    rougeL: fMeasure(length / own.length, length / gold.length),
  };
}

function pairsOf(words: readonly string[]): ReadonlySet<string> {
  return new Set(words.slice(1).map((word, i) => `${words[i]} ${word}`));
}

function ofSets(own: ReadonlySet<string>, gold: ReadonlySet<string>): number {
  if (own.size === 0 || gold.size === 0) return 0;
  const shared = [...gold].filter((word) => own.has(word)).length;
  return fMeasure(shared / own.size, shared / gold.size);
}

/** The package keeps the denominator off 0 by a small number, so that equal texts are just below 1. */
export function fMeasure(precision: number, recall: number): number {
  return 2 * ((precision * recall) / (precision + recall + 1e-8));
}
