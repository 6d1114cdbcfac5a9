/**
 * The simulated engine's answers to the demo's questions. It knows them by fingerprint: the service never reads the
 * evaluator's files, so a run against it scores only what came over the wire.
 */
import { createHash } from 'node:crypto';
import { hashText } from '../basics/random.ts';
import { DIALOGUE_ANSWERS, KNOWN_CHOICES, SHAPE_ANSWERS, WORKED_ANSWERS } from './answer-tables.ts';

/** Returns the first 12 hex digits of a hash of the letters and digits, so that blanks and quote marks do not matter. */
export function fingerprint(question: string): string {
  const bare = question.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
  return createHash('sha256').update(bare).digest('hex').slice(0, 12);
}

/**
 * Returns the answer to each question, and to each dialogue by all its user messages. Decides once which answers are right:
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

/** Returns the fingerprint of the option that scores best for each question, by perplexity. */
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
