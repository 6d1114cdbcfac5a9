/** Words and marks of ASCII, as IFBench's checks take a reply apart. */

import { sentences as punktSentences, remembering } from '../ifeval/natural-language.ts';
import { pythonSplit, pythonStrip, SPACE } from '../python-text.ts';
import type { RuleSet } from '../types.ts';

/** Stands for a full stop that ends no sentence, and for the end of one. */
const [STOP, END] = ['\u{f8ff}', '\u{f8fe}'] as const;

const TITLES = 'Mr|St|Mrs|Ms|Dr';
const FIRMS = 'Inc|Ltd|Jr|Sr|Co';
const BEGINNINGS = `(?:Mr|Mrs|Ms|Dr|Prof|Capt|Cpt|Lt|(?:He|She|It|They|Their|Our|We|But|However|That|This)${SPACE}|Wherever)`;

/** In this order: each sees what those before it left. */
const STEPS: readonly (readonly [pattern: RegExp, replacement: string | ((found: string) => string)])[] = [
  [new RegExp(String.raw`(${TITLES})\.`, 'gu'), `$1${STOP}`],
  [/\.(com|net|org|io|gov|edu|me)/g, `${STOP}$1`],
  [/([0-9])\.([0-9])/g, `$1${STOP}$2`],
  [/\.{2,}/g, (dots) => STOP.repeat(dots.length) + END],
  [/Ph\.D\./g, `Ph${STOP}D${STOP}`],
  [new RegExp(String.raw`${SPACE}([A-Za-z])\. `, 'gu'), ` $1${STOP} `],
  [new RegExp(String.raw`([A-Z]\.[A-Z]\.(?:[A-Z]\.)?) (?=${BEGINNINGS})`, 'gu'), `$1${END} `],
  [/([A-Za-z])\.([A-Za-z])\.([A-Za-z])\./g, `$1${STOP}$2${STOP}$3${STOP}`],
  [/([A-Za-z])\.([A-Za-z])\./g, `$1${STOP}$2${STOP}`],
  [new RegExp(String.raw` (${FIRMS})\. (?=${BEGINNINGS})`, 'gu'), ` $1${END} `],
  [new RegExp(String.raw` (${FIRMS})\.`, 'gu'), ` $1${STOP}`],
  [/ ([A-Za-z])\./g, ` $1${STOP}`],
  [/\.”/g, '”.'],
  [/\.“/g, '“.'],
  [/!"/g, '"!'],
  [/\?"/g, '"?'],
  [/[.?!]/g, `$&${END}`],
];

/** Sentences by the rules that AISBench took from the first version of IFBench: every `.`, `?` and `!` ends one but in what is known. */
const sentencesByRule = remembering((text): readonly string[] => {
  const start = ` ${text}  `.replaceAll('\n', ' ');
  const marked = STEPS.reduce<string>(
    (changed, [pattern, replacement]) => changed.replace(pattern, replacement as string),
    start,
  );
  const all = marked.replaceAll(STOP, '.').split(END).map(pythonStrip);
  return all.at(-1) === '' ? all.slice(0, -1) : all;
});

/** The sentences of a reply: as nltk's Punkt finds them, or as AISBench's copy does. */
export function splitterOf(rules: RuleSet): (text: string) => readonly string[] {
  return rules === 'compat' ? sentencesByRule : punktSentences;
}

/** Python's `string.punctuation`. */
const MARKS = new Set('!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~');
const IS_MARK = /[!-/:-@[-`{-~]/g;
/** What is taken off the ends of a word or a line. */
const isEdge = (character: string) => character === ' ' || MARKS.has(character);

/** The text without its marks; words that a mark joined are one then. */
export function withoutMarks(text: string): string {
  return text.replace(IS_MARK, '');
}

/** The text without the marks and blanks at its start. */
export function trimMarksStart(text: string): string {
  let start = 0;
  while (start < text.length && isEdge(text[start]!)) start++;
  return text.slice(start);
}

/** The text without the marks and blanks at its end. */
export function trimMarksEnd(text: string): string {
  let end = text.length;
  while (end > 0 && isEdge(text[end - 1]!)) end--;
  return text.slice(0, end);
}

/** The text without the marks and blanks at both ends. */
export function trimMarks(text: string): string {
  return trimMarksEnd(trimMarksStart(text));
}

/** The words of a text in small letters, without any marks. */
export function plainWords(text: string): string[] {
  return pythonSplit(withoutMarks(text.toLowerCase()));
}

/** The first character, which may be two code units. */
export function firstOf(text: string): string {
  return String.fromCodePoint(text.codePointAt(0) ?? 0);
}
