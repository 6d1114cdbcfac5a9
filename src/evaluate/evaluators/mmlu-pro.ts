/** AISBench's `MMLUProBaseEvaluator`, of MMLU-Pro with five examples. The reference is the option as it was shown: `C. text`. */
import { choiceReader } from '../choice/read-choice.ts';
import { looseText, predictionOf } from '../gold.ts';
import { pythonStrip } from '../python-text.ts';
import type { Evaluator, Grade } from '../types.ts';

const CHOICES = 'ABCDEFGHIJKLMNOP';
const readLetter = choiceReader(CHOICES);

/**
 * `compat`: the first line is the letter, or the option's text; never where the text itself has a full stop and a blank.
 * `fixed`: any answer that states the letter, or is the text.
 */
export const mmluProBaseEvaluator: Evaluator = {
  name: 'MMLUProBaseEvaluator',
  grade: (sample) => {
    const { reference, rules } = sample;
    return rules === 'compat'
      ? gradeCompat(predictionOf(sample), reference)
      : gradeFixed(sample.answer, reference);
  },
};

function gradeCompat(prediction: string, reference: string): Grade {
  const answer = pythonStrip(prediction.split('\n', 1)[0] ?? '');
  const parts = reference.split('. ');
  if (parts.length !== 2) return { credit: 0, explanation: 'AISBench cannot read the reference' };
  const [letter = '', option = ''] = parts;
  const isLetter = answer.length === 1 && CHOICES.includes(answer) && letter === answer;
  return { credit: isLetter || pythonStrip(option) === answer ? 1 : 0 };
}

function gradeFixed(answer: string, reference: string): Grade {
  const dot = reference.indexOf('. ');
  const letter = pythonStrip(dot === -1 ? reference : reference.slice(0, dot));
  const option = dot === -1 ? '' : looseText(reference.slice(dot + 2));
  if (option !== '' && looseText(answer) === option)
    return { credit: 1, explanation: 'the text of the option' };
  const found = readLetter(answer);
  if (found === undefined) return { credit: 0, explanation: 'no option found in the answer' };
  return { credit: found.answer === letter ? 1 : 0, explanation: `read as ${found.answer} (${found.rule})` };
}
