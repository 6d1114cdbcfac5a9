/** Python's strings as they are written. */
import { floatRepr, pyRepr } from '../../python-data/repr.ts';
import { PyOpaque } from '../../python-data/value.ts';

export type StringPiece =
  | { readonly form: 'text'; readonly text: string; readonly unicode: boolean }
  | { readonly form: 'bytes'; readonly text: string }
  /** An f-string: its source, since what it comes to depends on names. */
  | { readonly form: 'format'; readonly text: string };

const START = /([rR][bB]?|[bB][rR]?|[uU]|[fF][rR]?|[rR][fF])?('''|"""|'|")/y;

/** The string that begins at a character; undefined where none does. Throws SyntaxError where Python does. */
export function readString(source: string, at: number): { piece: StringPiece; end: number } | undefined {
  START.lastIndex = at;
  const start = START.exec(source);
  if (start === null) return undefined;
  const [head, prefix = '', quote = ''] = start;
  const from = at + head.length;
  const until = closingQuote(source, from, quote);
  const end = until + quote.length;
  const letters = prefix.toLowerCase();
  const body = source.slice(from, until).replace(/\r\n?/g, '\n');
  if (letters.includes('f')) return { piece: { form: 'format', text: source.slice(at, end) }, end };
  const isBytes = letters.includes('b');
  if (isBytes && /[^\0-\x7f]/.test(body)) throw new SyntaxError('bytes can only contain ASCII characters');
  const text = letters.includes('r') ? body : unescaped(body, isBytes);
  return { piece: isBytes ? { form: 'bytes', text } : { form: 'text', text, unicode: letters === 'u' }, end };
}

function closingQuote(source: string, from: number, quote: string): number {
  for (let at = from; at < source.length; at++) {
    if (source[at] === '\\') {
      if (source.startsWith('\r\n', at + 1)) at++;
      at++;
    } else if (source.startsWith(quote, at)) return at;
    else if (quote.length === 1 && /[\r\n]/.test(source[at]!)) break;
  }
  throw new SyntaxError('unterminated string literal');
}

const SIMPLE: Readonly<Record<string, string>> = {
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
const WIDTHS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

function unescaped(body: string, isBytes: boolean): string {
  return body.replace(/\\(?:([0-7]{1,3})|([\s\S])([0-9a-fA-F]{0,8}))/g, (whole, octal, letter, digits) => {
    if (octal !== undefined) {
      const code = Number.parseInt(octal, 8);
      return String.fromCharCode(isBytes ? code & 0xff : code);
    }
    const simple = SIMPLE[letter as string];
    if (simple !== undefined) return simple + digits;
    if (letter === 'N' && !isBytes) throw new SyntaxError('characters by name are not read');
    const width = isBytes && letter !== 'x' ? undefined : WIDTHS[letter as string];
    return width === undefined ? whole : character(letter, digits, width);
  });
}

function character(letter: string, digits: string, width: number): string {
  const code = Number.parseInt(digits.slice(0, width), 16);
  if (digits.length < width || code > 0x10ffff) throw new SyntaxError(`truncated \\${letter} escape`);
  return String.fromCodePoint(code) + digits.slice(width);
}

/** A bytes object of characters up to U+00FF. */
export function bytesOf(text: string): PyOpaque {
  const shown = pyRepr(text).replace(/[\x80-\xff]/g, (letter) => `\\x${letter.charCodeAt(0).toString(16)}`);
  return new PyOpaque('bytes', `b${shown}`);
}

/** An imaginary number. */
export function imaginary(worth: number): PyOpaque {
  return new PyOpaque('complex', `${floatRepr(worth).replace(/\.0$/, '')}j`);
}
