/**
 * Equality of math answers as what they mean (the rules `fixed`, and the `MATHEvaluator` that has no version). Integers, decimals
 * and fractions are compared exactly, everything else as complex doubles within `TOLERANCE` of `value.ts`: a rounded decimal is
 * not equal to a fraction or a root. Units, currency, degrees and spacing are form. Nothing here reads a clock: how long it
 * takes is bounded by the length of a text, the parts of a formula and the operations of a comparison.
 */
import { bareText, bareWords } from './clean.ts';
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
  if (tooLong !== undefined) return { isEqual: gold === answer, asTexts: `longer than ${LONGEST_ANSWER} characters` };
  const [bareGold, bareAnswer] = [bareText(gold), bareText(answer)];
  if (bareGold === bareAnswer) return { isEqual: bareGold !== '' || gold === answer };
  try {
    const [a, b] = [readOrThrow('reference', gold), readOrThrow('answer', answer)];
    if (a.kind === 'words' || b.kind === 'words') {
      return { isEqual: bareWords(gold) === bareWords(answer) && bareWords(gold) !== '', asTexts: 'words' };
    }
    return { isEqual: isSameAnswer(a, b, new Budget(OPERATIONS)) };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { isEqual: bareWords(gold) === bareWords(answer) && bareWords(gold) !== '', asTexts: error.message };
  }
}

function readOrThrow(what: string, text: string): Formula {
  try {
    return readAnswer(text);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    throw new Unreadable(`the ${what} is no formula that is read: ${error.message}`);
  }
}
