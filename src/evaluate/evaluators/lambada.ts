/** AISBench's `LambadaEvaluator`: the first word of the reply is the one that ends the passage. */
import { general } from '../choice/short-answers.ts';
import { predictionOf } from '../gold.ts';
import { pythonStrip } from '../python-text.ts';
import type { Evaluator } from '../types.ts';

/** Python's `string.punctuation` as AISBench puts it into a character class, where it loses the backslash. */
const MARK = /[!-/:-@[\]^_`{|}~]/;
const WORD = String.raw`[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*`;
const FIRST = new RegExp(WORD, 'u');
const STATED = new RegExp(String.raw`\b(?:word|answer)\b(?:\s+is|\s*[:：])\s*["'“‘*_\x60]*(${WORD})`, 'giu');

/**
 * `compat` ends the word at a blank or a mark, so that `"door"` is none, and minds case. `fixed` takes the word that is stated,
 * `the last word is "door"`, else the first one.
 */
export const lambadaEvaluator: Evaluator = {
  name: 'LambadaEvaluator',
  grade: (sample) => {
    const { answer, reference, rules } = sample;
    const read = rules === 'compat' ? compatWord(predictionOf(sample)) : wordOf(answer);
    const right = rules === 'compat' ? phrase(reference) : wordOf(reference);
    return { credit: read === right ? 1 : 0, explanation: `read as '${read}'` };
  },
};

function compatWord(prediction: string): string {
  const [word = ''] = pythonStrip(prediction).split(' ', 1);
  return phrase(word.split(MARK, 1)[0] ?? '');
}

function wordOf(text: string): string {
  const stated = [...text.matchAll(STATED)].at(-1)?.[1];
  return (stated ?? FIRST.exec(text)?.[0] ?? '').toLowerCase().replaceAll('’', "'");
}

/** AISBench's `general` post-processor. */
function phrase(text: string): string {
  return general.compat(text)?.answer ?? '';
}
