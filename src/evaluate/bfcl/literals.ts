/** Python's strings as they are written. */
import { unescaped } from '../../python-data/escapes.ts';
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
  if (letters.includes('f')) return { piece: { form: 'format', text: source.slice(at, end) }, end };
  const kind = { raw: letters.includes('r'), bytes: letters.includes('b') };
  const text = unescaped(source.slice(from, until), kind);
  return {
    piece: kind.bytes ? { form: 'bytes', text } : { form: 'text', text, unicode: letters === 'u' },
    end,
  };
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

/** A bytes object of characters up to U+00FF. */
export function bytesOf(text: string): PyOpaque {
  const shown = pyRepr(text).replace(/[\x80-\xff]/g, (letter) => `\\x${letter.charCodeAt(0).toString(16)}`);
  return new PyOpaque('bytes', `b${shown}`);
}

/** An imaginary number. */
export function imaginary(worth: number): PyOpaque {
  return new PyOpaque('complex', `${floatRepr(worth).replace(/\.0$/, '')}j`);
}
