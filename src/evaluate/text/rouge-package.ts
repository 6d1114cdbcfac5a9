/**
 * ROUGE-L as the package `rouge` (1.0.1) has it, which LongBench's authors and AISBench use: sentences end at full stops, words
 * at spaces, and each word counts once however often it stands there.
 */
import { pythonSplit } from '../python-text.ts';
import { walkBack } from './lcs.ts';
import { fMeasure } from './rouge-chinese.ts';

/**
 * How many steps the package can take back from the ends of two sentences before Python stops it: its recursion limit of 1000,
 * less the frames that AISBench stands on already, about twenty.
 */
const MOST_STEPS = 980;

export interface PackageOptions {
  /** What comes of sentences that are too long for the package: LongBench and AISBench count 0. */
  readonly deepIsZero: boolean;
}

/** The F-measure of ROUGE-L, 0 to just below 1; 0 where either text has no sentence. */
export function packageRougeL(predicted: string, reference: string, { deepIsZero }: PackageOptions): number {
  const [own, gold] = [sentencesOf(predicted), sentencesOf(reference)];
  if (own.length === 0 || gold.length === 0) return 0;
  const common = new Set<string>();
  for (const sentence of gold) {
    for (const other of own) {
      const { places, steps } = walkBack(sentence, other, false);
      if (deepIsZero && steps > MOST_STEPS) return 0;
      for (const place of places) common.add(sentence[place]!);
    }
  }
  const precision = common.size / new Set(own.flat()).size;
  const recall = common.size / new Set(gold.flat()).size;
  return fMeasure(precision, recall);
}

/** The words of each sentence; one of blanks alone has an empty word. */
function sentencesOf(text: string): string[][] {
  return text
    .split('.')
    .filter((sentence) => sentence !== '')
    .map((sentence) => pythonSplit(sentence).join(' ').split(' '));
}
