/**
 * Equality of math answers as what they mean (the rules `fixed`, and the `MATHEvaluator` that has no version). Integers, decimals
 * and fractions are compared exactly, everything else as complex doubles within `TOLERANCE` of `value.ts`: a rounded decimal is
 * not equal to a fraction or a root. Units, currency, degrees and spacing are form. Nothing here reads a clock: how long it
 * takes is bounded by the length of a text, the parts of a formula and the operations of a comparison.
 */
import { bareText, bareWords, cleanAnswer } from './clean.ts';
import type { Formula } from './formula.ts';
import { Budget } from './numeric.ts';
import { readAnswer } from './read-answer.ts';
import { isSameAnswer } from './same-answer.ts';
import { LONGEST_ANSWER, Unreadable } from './source.ts';

export interface Comparison {
  readonly isEqual: boolean;
  /** Why they were compared as texts, where they were. */
  readonly asTexts?: string;
}

/** Operations of one comparison. */
const OPERATIONS = 300_000;

/** Whether an answer is equal to the gold one. Never throws, for any two texts. */
export function compareMath(gold: string, answer: string): Comparison {
  const tooLong = [gold, answer].find((text) => text.length > LONGEST_ANSWER);
  if (tooLong !== undefined)
    return { isEqual: gold === answer, asTexts: `longer than ${LONGEST_ANSWER} characters` };
  const [cleanGold, cleanAnswered] = [cleanAnswer(gold), cleanAnswer(answer)];
  if (cleanGold === cleanAnswered) return { isEqual: cleanGold !== '' || gold === answer };
  const [a, b] = [readOr('reference', gold), readOr('answer', answer)];
  if (isWords(a) || isWords(b))
    return { isEqual: isSame(bareWords(gold), bareWords(answer)), asTexts: 'words' };
  if (typeof a === 'string') return asTexts(gold, answer, a);
  if (typeof b === 'string') return asTexts(gold, answer, b);
  try {
    return { isEqual: isSameAnswer(a, b, new Budget(OPERATIONS)) };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return asTexts(gold, answer, error.message);
  }
}

function asTexts(gold: string, answer: string, why: string): Comparison {
  return { isEqual: isSame(bareText(gold), bareText(answer)), asTexts: why };
}

function isSame(a: string, b: string): boolean {
  return a === b && a !== '';
}

function isWords(read: Formula | string): boolean {
  return typeof read !== 'string' && read.kind === 'words';
}

/** The formula, or why a text is none. */
function readOr(what: string, text: string): Formula | string {
  try {
    return readAnswer(text);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return `the ${what} is no formula that is read: ${error.message}`;
  }
}
