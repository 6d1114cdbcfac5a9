/** Words and marks of ASCII, as IFBench's checks take a reply apart. */
import { splitSpaces } from '../ifeval/python-text.ts';

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
  return splitSpaces(withoutMarks(text.toLowerCase()));
}

/** The first character, which may be two code units. */
export function firstOf(text: string): string {
  return String.fromCodePoint(text.codePointAt(0) ?? 0);
}

/** Characters, as Python counts them. */
export function lengthOf(text: string): number {
  return [...text].length;
}
