/**
 * What the simulated engine answers to the demo's questions. It knows them by fingerprint: the service never reads the
 * evaluator's files, so the run that measures it scores what came over the wire and nothing else.
 */
import { createHash } from 'node:crypto';
import { WORKED_ANSWERS } from './answer-table.ts';
import { hashText } from './random.ts';

/** The first 12 hex digits of a hash of the letters and digits alone, so that blanks and quote marks do not matter. */
export function fingerprint(question: string): string {
  const bare = question.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
  return createHash('sha256').update(bare).digest('hex').slice(0, 12);
}

/**
 * Decides once which answers are right: the `accuracy` share of the table, as near as whole answers allow. The seed
 * chooses which ones.
 */
export function answerBook(accuracy: number, seed: number): ReadonlyMap<string, string> {
  const ranked = WORKED_ANSWERS.toSorted((a, b) => hashText(a.question, seed) - hashText(b.question, seed));
  const right = Math.round(accuracy * ranked.length);
  return new Map(ranked.map((answer, rank) => [answer.question, rank < right ? answer.right : answer.wrong]));
}
