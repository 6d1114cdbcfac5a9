/** The careful reader of choices whose options have texts. */

import { editDistance } from '../../basics/nearest.ts';
import { looseText } from '../inputs.ts';
import { isPythonUpper, PYTHON_SPACE, PYTHON_WORD, pythonStrip } from '../python-text.ts';
import { choiceReaders } from './read-choice.ts';

// The line `ANSWER: …` as AISBench's MMMU reads it. It has two regular expressions for that, which take time with the square of the
// length of the space in a reply; this finds what they find, reading on.

/** What the group of the expressions holds: letters, digits, blanks and commas. */
const GROUP = /[A-Za-z\u0130\u0131\u017f\u212a\p{Nd} ,]*/uy;
const SPACES = new RegExp(`[${PYTHON_SPACE}]*`, 'y');
const WORD = new RegExp(`[${PYTHON_WORD}]`, 'u');
const LEAD = /answer/giu;

/**
 * The letter of a reply to a question of `count` options; `''` where its line names none of them. Without such a line the last capital of
 * any script.
 */
export function readAnswerLine(text: string, count: number): string {
  const found = first(text, onOwnLine) ?? first(text, anywhere);
  if (found === undefined) return [...text].findLast(isPythonUpper) ?? '';
  const answer = pythonStrip(found);
  return Array.from({ length: count }, (_, n) => optionName(n)).includes(answer) ? answer : '';
}

const BEHIND = new RegExp(`ANSWER:[${PYTHON_SPACE}]*([^\\n]*)`);

/** The text behind the first `ANSWER:`, so written, to the end of a line; undefined where there is none. */
export function behindAnswer(text: string): string | undefined {
  const [, found] = BEHIND.exec(text) ?? [];
  return found === undefined ? undefined : pythonStrip(found);
}

/** A to Z, then 1 and on, as AISBench names options. */
function optionName(index: number): string {
  return index < 26 ? String.fromCharCode(65 + index) : String(index - 25);
}

interface AnswerLine {
  /** Where the space behind the colon begins. */
  readonly at: number;
  /** Where it ends. */
  readonly end: number;
  /** Where what the group can hold behind it ends. */
  readonly stop: number;
}

type AnswerLineRule = (text: string, start: number, place: AnswerLine) => string | undefined;

function first(text: string, rule: AnswerLineRule): string | undefined {
  for (const { 0: lead, index } of text.matchAll(LEAD)) {
    const colon = ends(SPACES, text, index + lead.length);
    if (text[colon] !== ':') continue;
    const end = ends(SPACES, text, colon + 1);
    const found = rule(text, index, { at: colon + 1, end, stop: ends(GROUP, text, end) });
    if (found !== undefined) return found;
  }
  return undefined;
}

/** At the beginning of a line, with nothing behind it on its line but a full stop and what follows that. */
function onOwnLine(text: string, start: number, { at, end, stop }: AnswerLine): string | undefined {
  if (start > 0 && text[start - 1] !== '\n') return undefined;
  const behind = ends(SPACES, text, stop);
  const isEnd = (place: number) => place === text.length || text[place] === '.';
  if (stop > end && (isEnd(behind) || text.slice(stop, behind).includes('\n'))) return text.slice(end, stop);
  // Else the expression lets blanks be the answer.
  const space = text.slice(at, end);
  const blank = space.indexOf(' ');
  return blank !== -1 && (isEnd(end) || space.includes('\n', blank)) ? '' : undefined;
}

/** Anywhere, with no letter, digit or underscore behind it. */
function anywhere(text: string, _start: number, { at, end, stop }: AnswerLine): string | undefined {
  const isFree = (place: number) => place === text.length || !WORD.test(charAt(text, place));
  if (stop > end) {
    if (isFree(stop)) return text.slice(end, stop);
    const group = text.slice(end, stop);
    const cut = Math.max(group.lastIndexOf(' '), group.lastIndexOf(','));
    if (cut > 0) return group.slice(0, cut);
  }
  const space = text.slice(at, end);
  const blank = space.lastIndexOf(' ', space.length - 2);
  const isLastFree = space.endsWith(' ') && isFree(end);
  return (space.length > 1 && blank !== -1) || isLastFree ? '' : undefined;
}

function charAt(text: string, place: number): string {
  return String.fromCodePoint(text.codePointAt(place)!);
}

/** Where what a sticky expression matches at a place ends. */
function ends(pattern: RegExp, text: string, place: number): number {
  pattern.lastIndex = place;
  pattern.test(text);
  return pattern.lastIndex;
}

/** The text of each option by its letter, null where the row has none. */
export type TextByLetter = Readonly<Record<string, string | null>>;

/** The option that a reply names, and how. */
export interface NamedOption {
  readonly letter: string;
  readonly rule: string;
}

/** Finds the option that a reply names; undefined where it names none. */
export type OptionReader = (text: string, options: TextByLetter) => NamedOption | undefined;

/** The options that have a text. */
export function textsOf(options: TextByLetter): [letter: string, text: string][] {
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

type OptionTexts = readonly (readonly [letter: string, text: string])[];

/** The only option whose text is in a reply in whole words; one that is part of another that is there does not count. */
function onlyNamed(reply: string, texts: OptionTexts): string | undefined {
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
function almost(reply: string, texts: OptionTexts): NamedOption | undefined {
  const close = texts.filter(([, option]) => {
    const most = Math.floor([...option].length / 5);
    return Math.abs(reply.length - option.length) <= 2 * most && editDistance(reply, option) <= most;
  });
  return close.length === 1 ? { letter: close[0]![0], rule: 'nearest' } : undefined;
}
