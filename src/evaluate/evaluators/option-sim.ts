/**
 * AISBench's `OptionSimAccEvaluator` (§4.8), of multiple choice in a file of one's own: the option that a reply names by its
 * letter, by its text, or comes nearest to.
 */

import { editDistance } from '../../basics/nearest.ts';
import { firstOption } from '../choice/letters.ts';
import {
  type NamedOption,
  type OptionReader,
  optionReader,
  type TextByLetter,
  textsOf,
} from '../choice/read-option.ts';
import { type Keys, lettersIn, onlyKeys } from '../config-keys.ts';
import { looseText, predictionOf } from '../gold.ts';
import { pythonStrip } from '../python-text.ts';
import type { Configurable, Evaluator, Sample } from '../types.ts';

/** What a custom dataset keeps of a row: the right letter, and the text of each option, null where the row has none. */
interface OptionGold {
  readonly answer: string;
  readonly options: TextByLetter;
}

/** Key `options`: the letters, as `'ABCD'` or a list; those of each row by default. Throws UTILS-CFG-002. */
export const optionSimAccEvaluator: Configurable<Evaluator> = (keys: Keys) => {
  onlyKeys(keys, 'evaluator', ['options']);
  const own = keys['options'] === undefined ? undefined : lettersIn(keys, 'evaluator');
  const readers = new Map<string, Readonly<Record<Sample['rules'], OptionReader>>>();
  const readersOf = (letters: string) => {
    const known = readers.get(letters) ?? { compat: compatReader(letters), fixed: optionReader(letters) };
    readers.set(letters, known);
    return known;
  };
  return {
    name: 'OptionSimAccEvaluator',
    grade: (sample) => {
      const { answer, options } = readGold(sample);
      const letters = own ?? Object.keys(options).join('');
      const found =
        letters === '' ? undefined : readersOf(letters)[sample.rules](predictionOf(sample), options);
      if (found === undefined) return { credit: 0, explanation: 'no option found in the answer' };
      const right = sample.rules === 'compat' ? answer : letterOf(answer, options);
      return {
        credit: found.letter === right ? 1 : 0,
        explanation: `read as ${found.letter} (${found.rule})`,
      };
    },
  };
};

function readGold({ gold, reference }: Sample): OptionGold {
  const { answer, options } = (gold ?? {}) as { answer?: unknown; options?: unknown };
  if (typeof options !== 'object' || options === null) return { answer: reference, options: {} };
  const texts = Object.entries(options).map(([letter, text]) => [
    letter,
    text === null ? null : String(text),
  ]);
  return { answer: String(answer ?? ''), options: Object.fromEntries(texts) as TextByLetter };
}

/** A file may say which option is right by its text. */
function letterOf(answer: string, options: TextByLetter): string {
  const given = pythonStrip(answer);
  if (Object.hasOwn(options, given)) return given;
  const same = textsOf(options).filter(([, text]) => looseText(text) === looseText(given));
  return same.length === 1 ? same[0]![0] : (/^[("]?([A-Z])[).:"]?$/.exec(given)?.[1] ?? given);
}

/** AISBench's four steps. An option without text is contained in every reply. */
function compatReader(letters: string): OptionReader {
  const phrases = firstOption(letters, { cushion: false });
  return (text, options) => {
    const reply = pythonStrip(text);
    if (reply.length === 1 && letters.includes(reply)) return { letter: reply, rule: 'letter' };
    const said = phrases(reply);
    if (said !== undefined) return { letter: said.answer, rule: said.rule };
    const texts = textsOf(options).filter(([letter]) => letters.includes(letter));
    const lower = reply.toLowerCase();
    const contained = texts.filter(([, option]) => lower.includes(option.toLowerCase()));
    if (contained.length === 1) return { letter: contained[0]![0], rule: 'option-text' };
    return nearest(reply, texts);
  };
}

/** Of equal distances the first letter of the alphabet. */
function nearest(
  reply: string,
  texts: readonly (readonly [letter: string, text: string])[],
): NamedOption | undefined {
  const distances = texts.map(([letter, text]) => {
    const forms = [letter, text, `${letter}. ${text}`];
    return { letter, distance: Math.min(...forms.map((form) => editDistance(reply, form))) };
  });
  const [best] = distances.sort((a, b) => a.distance - b.distance || (a.letter < b.letter ? -1 : 1));
  return best && { letter: best.letter, rule: 'nearest' };
}
