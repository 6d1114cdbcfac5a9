/** Python's Unicode rules of text where JavaScript has others. What a verdict rests on has to mean the same in both. */

/** Of a character class: what `str.isspace()` and `\s` hold for. U+001C to U+001F and U+0085 are in it, U+FEFF is not. */
export const PYTHON_SPACE: string = String.raw`\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;

/** Of a character class: what `\w` holds for. Marks are not in it. */
export const PYTHON_WORD: string = String.raw`\p{L}\p{N}_`;

const ONE_SPACE = new RegExp(`[${PYTHON_SPACE}]`);
const SPACES = new RegExp(`[${PYTHON_SPACE}]+`);
const UPPER = /^\p{Uppercase}$/u;

/** Where the text without the space around it is: first character, and the one after the last. */
export function strippedSpan(text: string): [start: number, end: number] {
  let [start, end] = [0, text.length];
  while (start < end && ONE_SPACE.test(text[start]!)) start++;
  while (end > start && ONE_SPACE.test(text[end - 1]!)) end--;
  return [start, end];
}

/** `text.strip()`. */
export function pythonStrip(text: string): string {
  return text.slice(...strippedSpan(text));
}

/** `text.split()`: the words between space, none of them empty. */
export function pythonSplit(text: string): string[] {
  const stripped = pythonStrip(text);
  return stripped === '' ? [] : stripped.split(SPACES);
}

/** `len(text)`: characters, not code units. */
export function lengthOf(text: string): number {
  return [...text].length;
}

/** `char.isupper()` of one character: a capital of any script, and those that are no letters (`Ⅰ`, `Ⓐ`). */
export function isPythonUpper(char: string): boolean {
  return UPPER.test(char);
}

/** `\s` of a Unicode pattern, for patterns with the flag `u`. */
export const SPACE: string = `[${PYTHON_SPACE}]`;
/** `\S`. */
export const NOT_SPACE: string = SPACE.replace('[', '[^');
/** `\w` of a Unicode pattern: letters and numbers, but not the vowel signs of Indian scripts. */
export const WORD: string = `[${PYTHON_WORD}]`;
/** `\b` of a Unicode pattern. */
export const BOUNDARY: string = `(?:(?<=${WORD})(?!${WORD})|(?<!${WORD})(?=${WORD}))`;

/** `text.strip(character)`, of one character. */
export function stripCharacter(text: string, character: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text[start] === character) start++;
  while (end > start && text[end - 1] === character) end--;
  return text.slice(start, end);
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
export function wordsIn(text: string): string[] {
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

/** Digits that are no decimal digits: superscripts, circled ones and their like. */
const OTHER_DIGITS =
  '\\xb2\\xb3\\xb9\\u1369-\\u1371\\u19da\\u2070\\u2074-\\u2079\\u2080-\\u2089\\u2460-\\u2468\\u2474-\\u247c' +
  '\\u2488-\\u2490\\u24ea\\u24f5-\\u24fd\\u24ff\\u2776-\\u277e\\u2780-\\u2788\\u278a-\\u2792\\u{10a40}-\\u{10a43}' +
  '\\u{10e60}-\\u{10e68}\\u{11052}-\\u{1105a}\\u{1f100}-\\u{1f10a}';
const DIGITS = new RegExp(`^[\\p{Nd}${OTHER_DIGITS}]+$`, 'u');

/** `text.isdigit()`. */
export function isPythonDigits(text: string): boolean {
  return DIGITS.test(text);
}

/**
 * `re.sub(open + '(.*?)' + close, …)` of a text without line breaks: each stretch between the marks is kept without them, or
 * dropped with them. Takes linear time, which the lazy regex does not.
 */
export function unwrap(text: string, open: string, close: string, keep: boolean): string {
  let result = '';
  let from = 0;
  for (;;) {
    const start = text.indexOf(open, from);
    const end = start === -1 ? -1 : text.indexOf(close, start + open.length);
    if (end === -1) return result + text.slice(from);
    result += text.slice(from, start) + (keep ? text.slice(start + open.length, end) : '');
    from = end + close.length;
  }
}

/** The last of `re.findall(open + '(.*?)' + close, text)`, of a text without line breaks. */
export function lastBetween(text: string, open: string, close: string): string | undefined {
  let last: string | undefined;
  let from = 0;
  for (;;) {
    const start = text.indexOf(open, from);
    const end = start === -1 ? -1 : text.indexOf(close, start + open.length);
    if (end === -1) return last;
    last = text.slice(start + open.length, end);
    from = end + close.length;
  }
}

/** `round(value)`: a half goes to the even neighbour. */
export function halfToEven(value: number): number {
  const floor = Math.floor(value);
  return value - floor === 0.5 && floor % 2 === 0 ? floor : Math.round(value);
}
