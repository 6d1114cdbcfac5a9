/**
 * AISBench's `OptionSimAccEvaluator` (§4.8), of multiple choice in a file of one's own: the option that a reply names by its
 * letter, by its text, or comes nearest to.
 */

import { editDistance } from '../../nearest.ts';
import { type Keys, lettersIn, onlyKeys } from '../choice/config-keys.ts';
import { firstOption } from '../choice/first-option.ts';
import { choiceReaders } from '../choice/read-choice.ts';
import { looseText, predictionOf } from '../choice/whole-answer.ts';
import { pythonStrip } from '../python-text.ts';
import type { Configurable, Evaluator, Sample } from '../types.ts';

/** What a custom dataset keeps of a row: the right letter, and the text of each option, null where the row has none. */
interface Gold {
  readonly answer: string;
  readonly options: Readonly<Record<string, string | null>>;
}

interface Found {
  readonly letter: string;
  readonly rule: string;
}

type Reader = (text: string, options: Gold['options']) => Found | undefined;

/** Key `options`: the letters, as `'ABCD'` or a list; those of each row unless told. Throws UTILS-CFG-002. */
export const optionSimAccEvaluator: Configurable<Evaluator> = (keys: Keys) => {
  onlyKeys(keys, 'evaluator', ['options']);
  const own = keys['options'] === undefined ? undefined : lettersIn(keys, 'evaluator');
  const readers = new Map<string, Readonly<Record<Sample['rules'], Reader>>>();
  const readersOf = (letters: string) => {
    const known = readers.get(letters) ?? { compat: compatReader(letters), fixed: fixedReader(letters) };
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

function readGold({ gold, reference }: Sample): Gold {
  const { answer, options } = (gold ?? {}) as { answer?: unknown; options?: unknown };
  if (typeof options !== 'object' || options === null) return { answer: reference, options: {} };
  const texts = Object.entries(options).map(([letter, text]) => [
    letter,
    text === null ? null : String(text),
  ]);
  return { answer: String(answer ?? ''), options: Object.fromEntries(texts) as Gold['options'] };
}

/** A file may say which option is right by its text. */
function letterOf(answer: string, options: Gold['options']): string {
  const given = pythonStrip(answer);
  if (Object.hasOwn(options, given)) return given;
  const same = textsIn(options).filter(([, text]) => looseText(text) === looseText(given));
  return same.length === 1 ? same[0]![0] : (/^[("]?([A-Z])[).:"]?$/.exec(given)?.[1] ?? given);
}

function textsIn(options: Gold['options']): [letter: string, text: string][] {
  return Object.entries(options).filter((one): one is [string, string] => one[1] !== null);
}

/** AISBench's four steps. An option without text is contained in every reply. */
function compatReader(letters: string): Reader {
  const phrases = firstOption(letters, { cushion: false });
  return (text, options) => {
    const reply = pythonStrip(text);
    if (reply.length === 1 && letters.includes(reply)) return { letter: reply, rule: 'letter' };
    const said = phrases(reply);
    if (said !== undefined) return { letter: said.answer, rule: said.rule };
    const texts = textsIn(options).filter(([letter]) => letters.includes(letter));
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
): Found | undefined {
  const distances = texts.map(([letter, text]) => {
    const forms = [letter, text, `${letter}. ${text}`];
    return { letter, distance: Math.min(...forms.map((form) => editDistance(reply, form))) };
  });
  const [best] = distances.sort((a, b) => a.distance - b.distance || (a.letter < b.letter ? -1 : 1));
  return best && { letter: best.letter, rule: 'nearest' };
}

/**
 * The reply is an option's text; or it states a letter; or one option's text alone is in it, or alone in its last line; or one
 * letter alone is mentioned; or it is an option's text but for a few characters.
 */
function fixedReader(letters: string): Reader {
  const { stated, mentioned } = choiceReaders(letters);
  return (text, options) => {
    const reply = looseText(text);
    const texts = textsIn(options)
      .filter(([letter]) => letters.includes(letter))
      .map(([letter, option]) => [letter, looseText(option)] as const)
      .filter(([, option]) => option !== '');
    const equal = texts.filter(([, option]) => option === reply);
    if (equal.length === 1) return { letter: equal[0]![0], rule: 'option-text' };
    const said = stated(text);
    if (said !== undefined) return { letter: said.answer, rule: said.rule };
    const named =
      onlyNamed(reply, texts) ?? onlyNamed(looseText(text.trimEnd().split('\n').at(-1) ?? ''), texts);
    if (named !== undefined) return { letter: named, rule: 'option-text' };
    const letter = mentioned(text);
    return letter === undefined ? almost(reply, texts) : { letter: letter.answer, rule: letter.rule };
  };
}

type Texts = readonly (readonly [letter: string, text: string])[];

/** The only option whose text is in a reply in whole words; one that is part of another that is there does not count. */
function onlyNamed(reply: string, texts: Texts): string | undefined {
  const there = texts.filter(([, option]) => hasWords(reply, option));
  const longest = there.filter(
    ([, option]) => !there.some(([, other]) => other !== option && hasWords(other, option)),
  );
  return longest.length === 1 ? longest[0]![0] : undefined;
}

function hasWords(text: string, words: string): boolean {
  for (let at = text.indexOf(words); at !== -1; at = text.indexOf(words, at + 1)) {
    const around = [
      text.slice(Math.max(0, at - 2), at),
      text.slice(at + words.length, at + words.length + 2),
    ] as const;
    const isCut = isWordAtEnd(around[0], words) || isWordAtStart(around[1], words);
    if (!isCut) return true;
  }
  return false;
}

const ENDS_AS_WORD = /(?!\p{Script=Han})[\p{L}\p{N}]$/u;
const BEGINS_AS_WORD = /^(?!\p{Script=Han})[\p{L}\p{N}]/u;

function isWordAtEnd(before: string, words: string): boolean {
  return ENDS_AS_WORD.test(before) && BEGINS_AS_WORD.test(words);
}

function isWordAtStart(behind: string, words: string): boolean {
  return BEGINS_AS_WORD.test(behind) && ENDS_AS_WORD.test(words);
}

/** A slip of the pen: at most a fifth of an option's characters differ, and of no other's. */
function almost(reply: string, texts: Texts): Found | undefined {
  const close = texts.filter(([, option]) => {
    const most = Math.floor([...option].length / 5);
    return Math.abs(reply.length - option.length) <= 2 * most && editDistance(reply, option) <= most;
  });
  return close.length === 1 ? { letter: close[0]![0], rule: 'nearest' } : undefined;
}
