/**
 * What the simulated engine answers to the demo's questions. It knows them by fingerprint: the service never reads the
 * evaluator's files, so the run that measures it scores what came over the wire and nothing else.
 */
import { createHash } from 'node:crypto';
import { hashText } from '../basics/random.ts';
import { WORKED_ANSWERS } from './answer-table.ts';
import { KNOWN_CHOICES } from './choice-table.ts';
import { DIALOGUE_ANSWERS } from './dialogue-table.ts';
import { SHAPE_ANSWERS } from './shape-table.ts';

/** The first 12 hex digits of a hash of the letters and digits alone, so that blanks and quote marks do not matter. */
export function fingerprint(question: string): string {
  const bare = question.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
  return createHash('sha256').update(bare).digest('hex').slice(0, 12);
}

/**
 * What is answered to each question, and to each dialogue by all that its user said. Decides once which answers are right:
 * of each table the `accuracy` share, as near as whole answers allow. The seed chooses which ones.
 */
export function answerBook(accuracy: number, seed: number): ReadonlyMap<string, string> {
  const worked = decide(WORKED_ANSWERS, ({ question }) => question, accuracy, seed);
  const dialogues = decide(DIALOGUE_ANSWERS, ([said]) => said, accuracy, seed);
  const shapes = decide(SHAPE_ANSWERS, ([question]) => question, accuracy, seed);
  return new Map([
    ...worked.map(([{ question, right, wrong }, isRight]) => [question, isRight ? right : wrong] as const),
    ...shapes.map(([[question, right, wrong], isRight]) => [question, isRight ? right : wrong] as const),
    ...dialogues.map(([[said, right], isRight]) => [said, String(isRight ? right : right + 1)] as const),
  ]);
}

/** The fingerprint of the option that each question is answered with, by perplexity. */
export function choiceBook(accuracy: number, seed: number): ReadonlyMap<string, string> {
  const decided = decide(KNOWN_CHOICES, ({ question }) => question, accuracy, seed);
  return new Map(
    decided.map(([{ question, right, wrong }, isRight]) => [
      question,
      isRight ? right : wrong[hashText(question, seed) % wrong.length]!,
    ]),
  );
}

function decide<T>(
  table: readonly T[],
  keyOf: (entry: T) => string,
  accuracy: number,
  seed: number,
): readonly (readonly [entry: T, isRight: boolean])[] {
  const ranked = table.toSorted((a, b) => hashText(keyOf(a), seed) - hashText(keyOf(b), seed));
  const right = Math.round(accuracy * ranked.length);
  return ranked.map((entry, rank) => [entry, rank < right] as const);
}
