/** ROUGE as the package `rouge_score` has it, which Hugging Face's `evaluate` and AISBench's `RougeEvaluator` use. */
import { lcsTable, lengthAt, walkBack } from './lcs.ts';
import { porterStem } from './porter.ts';

/** F-measures, 0 to 1. */
export interface RougeScores {
  readonly rouge1: number;
  readonly rouge2: number;
  /** Of the longest common subsequence of the whole texts. */
  readonly rougeL: number;
  /** The same of lines, joined. */
  readonly rougeLsum: number;
}

/** `stem`: whether words are reduced to stems first, which `rouge_score` does only where it is asked to. */
export function rougeScores(predicted: string, reference: string, stem = false): RougeScores {
  const [own, gold] = [rougeWords(predicted, stem), rougeWords(reference, stem)];
  return {
    rouge1: ofNgrams(own, gold, 1),
    rouge2: ofNgrams(own, gold, 2),
    rougeL: ofWholeTexts(own, gold),
    rougeLsum: ofLines(linesOf(predicted, stem), linesOf(reference, stem)),
  };
}

/** Runs of ASCII letters and digits in small letters; all else parts them, letters of other scripts too. */
function rougeWords(text: string, stem: boolean): string[] {
  const words = text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return stem ? words.map((word) => (word.length > 3 ? porterStem(word) : word)) : words;
}

function linesOf(text: string, stem: boolean): string[][] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => rougeWords(line, stem));
}

function ofNgrams(own: readonly string[], gold: readonly string[], n: number): number {
  const [ours, theirs] = [ngrams(own, n), ngrams(gold, n)];
  let shared = 0;
  for (const [ngram, count] of theirs) shared += Math.min(count, ours.get(ngram) ?? 0);
  const total = (words: readonly string[]) => Math.max(words.length - n + 1, 1);
  return fMeasure(shared / total(own), shared / total(gold));
}

function ngrams(words: readonly string[], n: number): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (let i = 0; i + n <= words.length; i++) count(counts, words.slice(i, i + n).join(' '));
  return counts;
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function ofWholeTexts(own: readonly string[], gold: readonly string[]): number {
  if (own.length === 0 || gold.length === 0) return 0;
  const length = lengthAt(lcsTable(gold, own), gold.length, own.length);
  return fMeasure(length / own.length, length / gold.length);
}

/** For each line of the reference what it has in common with any line of the other, no word counted twice. */
function ofLines(own: readonly (readonly string[])[], gold: readonly (readonly string[])[]): number {
  const [ours, theirs] = [own.flat(), gold.flat()];
  if (ours.length === 0 || theirs.length === 0) return 0;
  const [leftOfOurs, leftOfTheirs] = [new Map<string, number>(), new Map<string, number>()];
  for (const word of ours) count(leftOfOurs, word);
  for (const word of theirs) count(leftOfTheirs, word);
  let hits = 0;
  for (const line of gold) {
    const places = new Set(own.flatMap((one) => walkBack(line, one, true).places));
    for (const place of [...places].sort((a, b) => a - b)) {
      const word = line[place]!;
      const [mine, yours] = [leftOfOurs.get(word) ?? 0, leftOfTheirs.get(word) ?? 0];
      if (mine === 0 || yours === 0) continue;
      hits++;
      leftOfOurs.set(word, mine - 1);
      leftOfTheirs.set(word, yours - 1);
    }
  }
  return fMeasure(hits / ours.length, hits / theirs.length);
}

function fMeasure(precision: number, recall: number): number {
  return precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0;
}
