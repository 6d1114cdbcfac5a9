/** ANLS, how near an answer comes to one of several texts: the score of DocVQA and InfographicVQA. */
import { editDistance } from '../../basics/nearest.ts';
import { pythonSplit, pythonStrip } from '../python-text.ts';
import type { RuleSet } from '../types.ts';

/** What is further away than this counts as nothing. */
const THRESHOLD = 0.5;

/**
 * 1 less the least edit distance, as a share of the longer text, 0 to 1; 0 where that is below a half, or where there are no
 * references. Case and runs of space do not matter; `compat` measures lengths before these are taken out, as AISBench and the
 * authors' script do.
 */
export function anls(predicted: string, references: readonly string[], rules: RuleSet): number {
  const own = loose(predicted);
  const distances = references.map((reference) => {
    const gold = loose(reference);
    const lengths =
      rules === 'compat'
        ? [lengthOf(reference.toUpperCase()), lengthOf(pythonStrip(predicted).toUpperCase())]
        : [lengthOf(gold), lengthOf(own)];
    const longer = Math.max(...lengths);
    return longer === 0 ? 0 : editDistance(own, gold) / longer;
  });
  const score = 1 - Math.min(1, ...distances);
  return score < THRESHOLD ? 0 : score;
}

function loose(text: string): string {
  return pythonSplit(text.toLowerCase()).join(' ');
}

function lengthOf(text: string): number {
  return [...text].length;
}
