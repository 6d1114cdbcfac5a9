/** What Python's `str` and `re` mean by a space, a word and a case, where JavaScript means something else. */

/** `\s` of a Unicode pattern, for patterns with the flag `u`. */
export const SPACE: string = String.raw`[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]`;
/** `\S`. */
export const NOT_SPACE: string = SPACE.replace('[', '[^');
/** `\w` of a Unicode pattern: letters and numbers, but not the vowel signs of Indian scripts. */
export const WORD: string = String.raw`[\p{L}\p{N}_]`;
/** `\b` of a Unicode pattern. */
export const BOUNDARY: string = `(?:(?<=${WORD})(?!${WORD})|(?<!${WORD})(?=${WORD}))`;

const IS_SPACE = new RegExp(SPACE, 'u');
const SPACES = new RegExp(`${SPACE}+`, 'u');

/** `text.strip()`. */
export function strip(text: string): string {
  return stripWhere(text, (character) => IS_SPACE.test(character));
}

/** `text.strip(character)`, of one character. */
export function stripCharacter(text: string, character: string): string {
  return stripWhere(text, (one) => one === character);
}

function stripWhere(text: string, isIn: (character: string) => boolean): string {
  let start = 0;
  let end = text.length;
  while (start < end && isIn(text[start]!)) start++;
  while (end > start && isIn(text[end - 1]!)) end--;
  return text.slice(start, end);
}

/** `text.split()`. */
export function splitSpaces(text: string): string[] {
  return text.split(SPACES).filter((part) => part !== '');
}

/** `text.isupper()`: there are letters with a case, and all of them are upper-case. */
export function isUpper(text: string): boolean {
  return /\p{Uppercase}/u.test(text) && !/[\p{Lowercase}\p{Lt}]/u.test(text);
}

/** `text.islower()`. */
export function isLower(text: string): boolean {
  return /\p{Lowercase}/u.test(text) && !/[\p{Uppercase}\p{Lt}]/u.test(text);
}

/** The words of a text, as `\w+` finds them. */
export function words(text: string): string[] {
  return text.match(new RegExp(`${WORD}+`, 'gu')) ?? [];
}

/** A pattern that finds this very text. */
export function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** How often a pattern with the flag `g` is found, matches not overlapping: `len(re.findall(…))`. */
export function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
