/** The careful reader of choices whose options have texts. */
import { editDistance } from '../../basics/nearest.ts';
import { choiceReaders } from './read-choice.ts';
import { looseText } from './whole-answer.ts';

/** The text of each option by its letter, null where the row has none. */
export type Options = Readonly<Record<string, string | null>>;

/** The option that a reply names, and how. */
export interface NamedOption {
  readonly letter: string;
  readonly rule: string;
}

/** Finds the option that a reply names; undefined where it names none. */
export type OptionReader = (text: string, options: Options) => NamedOption | undefined;

/** The options that have a text. */
export function textsOf(options: Options): [letter: string, text: string][] {
  return Object.entries(options).filter((one): one is [string, string] => one[1] !== null);
}

/**
 * The reply is an option's text; or it states a letter; or one option's text alone is in it, or alone in its last line; or one
 * letter alone is mentioned; or it is an option's text but for a few characters.
 */
export function optionReader(letters: string): OptionReader {
  const { stated, mentioned } = choiceReaders(letters);
  return (text, options) => {
    const reply = looseText(text);
    const texts = textsOf(options)
      .filter(([letter]) => letters.includes(letter))
      .map(([letter, option]) => [letter, looseText(option)] as const)
      // Where the options are in the picture their texts are their letters, which the words of a reply are full of.
      .filter(([letter, option]) => option !== '' && option !== letter.toLowerCase());
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
function almost(reply: string, texts: Texts): NamedOption | undefined {
  const close = texts.filter(([, option]) => {
    const most = Math.floor([...option].length / 5);
    return Math.abs(reply.length - option.length) <= 2 * most && editDistance(reply, option) <= most;
  });
  return close.length === 1 ? { letter: close[0]![0], rule: 'nearest' } : undefined;
}
