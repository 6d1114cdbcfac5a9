/** AISBench's evaluator of RealWorldQA: a letter, a number, a word. */

import { choiceReader } from '../choice/read-choice.ts';
import { behindAnswer } from '../choice/read-option.ts';
import { looseText, predictionOf } from '../gold.ts';
import { compareMath } from '../math/math-equal.ts';
import { pythonStrip } from '../python-text.ts';
import { readStated } from '../text/stated-answer.ts';
import type { Evaluator, Grade } from '../types.ts';

const readLetter = choiceReader('ABCDEFGH');

/**
 * `compat`: the text behind the first `ANSWER:`, so written, equal but for case; a reply without it is wrong. `fixed`: the letter that
 * is named where the right answer is one; else what is stated, equal as text or as a number.
 */
export const realworldQAEvaluator: Evaluator = {
  name: 'RealworldQAEvaluator',
  grade: (sample) =>
    sample.rules === 'compat'
      ? gradeCompat(predictionOf(sample), sample.reference)
      : gradeFixed(sample.answer, pythonStrip(sample.reference)),
};

function gradeCompat(reply: string, gold: string): Grade {
  const own = behindAnswer(reply);
  if (own === undefined) return { credit: 0, explanation: 'it has no ANSWER:' };
  return { credit: own.toLowerCase() === pythonStrip(gold).toLowerCase() ? 1 : 0 };
}

function gradeFixed(reply: string, gold: string): Grade {
  const isLetter = /^[A-H]$/.test(gold);
  const own = (isLetter ? readLetter(reply) : readStated(reply, 'only-line'))?.answer;
  if (own === undefined) return { credit: 0, explanation: 'no answer is stated' };
  const isRight = looseText(own) === looseText(gold) || (!isLetter && compareMath(gold, own).isEqual);
  return { credit: isRight ? 1 : 0, explanation: `read as ${own}` };
}
