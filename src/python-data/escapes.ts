/** Escapes in string literals, as Python reads them. */

/** What a backslash with one of these characters stands for. */
export const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** Digits of an escape by its letter. */
const DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

export interface LiteralKind {
  readonly raw: boolean;
  readonly bytes: boolean;
}

/**
 * What the characters between the quotes stand for; of bytes a character up to U+00FF each. Throws SyntaxError where Python does, and
 * for a character that is written by its name (`\N{…}`).
 */
export function unescaped(body: string, { raw, bytes }: LiteralKind): string {
  const text = body.replace(/\r\n?/g, '\n');
  if (bytes && /[^\0-\x7f]/.test(text)) throw new SyntaxError('bytes hold ASCII characters only');
  if (raw) return text;
  return text.replace(/\\(?:([0-7]{1,3})|([\s\S])([0-9a-fA-F]{0,8}))/g, (whole, octal, letter, digits) => {
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & (bytes ? 0xff : 0x1ff));
    const simple = SIMPLE_ESCAPES[letter as string];
    if (simple !== undefined) return simple + digits;
    if (letter === 'N' && !bytes)
      throw new SyntaxError('characters by name (\\N{…}) are not read: write the character itself');
    const width = bytes && letter !== 'x' ? undefined : DIGITS[letter as string];
    return width === undefined ? whole : character(letter, digits, width);
  });
}

/** Digits behind those of the escape are digits. */
function character(letter: string, digits: string, width: number): string {
  const own = digits.slice(0, width);
  const code = Number.parseInt(own, 16);
  if (own.length < width || code > 0x10ffff) throw new SyntaxError(`"\\${letter}${own}" is no character`);
  return String.fromCodePoint(code) + digits.slice(width);
}
