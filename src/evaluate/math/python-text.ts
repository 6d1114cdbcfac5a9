/** What Python's `str` and `re` do and JavaScript does otherwise, as far as the string rules of math answers need it. */

const SPACE = String.raw`\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;
const OUTER_SPACE = new RegExp(`^[${SPACE}]+|(?<![${SPACE}])[${SPACE}]+$`, 'g');

/** `text.strip()`. */
export function pythonStrip(text: string): string {
  return text.replace(OUTER_SPACE, '');
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
