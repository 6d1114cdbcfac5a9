import { SIMPLE_ESCAPES } from './escapes.ts';

/**
 * The elements of a Python list or tuple of texts and numbers, as `repr` and `str` write it: `['a', "b's", 3]`. Numbers stay as they
 * are written. Undefined for any other text, nested lists among them.
 */
export function pythonTexts(literal: string): string[] | undefined {
  const text = literal.trim();
  const close = { '[': ']', '(': ')' }[text[0] ?? ''];
  if (close === undefined || !text.endsWith(close)) return undefined;
  const found: string[] = [];
  const end = text.length - 1;
  ELEMENT.lastIndex = 1;
  for (let at = 1; ; ) {
    const match = ELEMENT.exec(text);
    if (match === null) return /^\s*$/.test(text.slice(at, end)) ? found : undefined;
    const [, , inside, bare, comma] = match;
    found.push(inside === undefined ? bare! : unescaped(inside));
    at = ELEMENT.lastIndex;
    if (comma !== ',') return at === end ? found : undefined;
  }
}

const ELEMENT =
  /\s*(?:(['"])((?:[^\\\n'"]|\\[\s\S]|(?!\1)['"])*)\1|([-+]?[\d.][\w.+-]*|None|True|False))\s*(,?)/y;

const ESCAPE = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{1,3})|([abfnrtv\\'"\n]))/g;

/** An escape that Python has not stays as it is written. */
function unescaped(text: string): string {
  return text.replace(ESCAPE, (_all, x, u, long, octal, named) => {
    if (named !== undefined) return SIMPLE_ESCAPES[named]!;
    const code = octal === undefined ? Number.parseInt(x ?? u ?? long, 16) : Number.parseInt(octal, 8);
    return code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code);
  });
}
