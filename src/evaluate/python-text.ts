/** Python's Unicode rules of text where JavaScript has others. What a verdict rests on has to mean the same in both. */

/** Of a character class: what `str.isspace()` and `\s` hold for. U+001C to U+001F and U+0085 are in it, U+FEFF is not. */
export const PYTHON_SPACE: string = String.raw`\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;

/** Of a character class: what `\w` holds for. Marks are not in it. */
export const PYTHON_WORD: string = String.raw`\p{L}\p{N}_`;

const SPACE = new RegExp(`[${PYTHON_SPACE}]`);
const SPACES = new RegExp(`[${PYTHON_SPACE}]+`);
const UPPER = /^\p{Uppercase}$/u;

/** Where the text without the space around it stands: first character, and the one after the last. */
export function strippedSpan(text: string): [start: number, end: number] {
  let [start, end] = [0, text.length];
  while (start < end && SPACE.test(text[start]!)) start++;
  while (end > start && SPACE.test(text[end - 1]!)) end--;
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

/** `char.isupper()` of one character: a capital of any script, and those that are no letters (`Ⅰ`, `Ⓐ`). */
export function isPythonUpper(char: string): boolean {
  return UPPER.test(char);
}
