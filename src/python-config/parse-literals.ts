/** Numbers and strings as Python writes them. */
import type { LiteralKind } from '../python-data/escapes.ts';

/** The value of a number; undefined where it is none that a config may hold (imaginary ones). */
export function numberOf(text: string): bigint | number | undefined {
  const plain = text.replaceAll('_', '');
  if (/__|_$|^_|_[.eE]|[.]_/.test(text)) return undefined;
  if (/^0[xob]/i.test(plain)) return attempt(() => BigInt(plain.toLowerCase()));
  if (/^0+$/.test(plain)) return 0n;
  if (/^[1-9]\d*$/.test(plain)) return BigInt(plain);
  return /^(\d+\.\d*|\.\d+|\d+)(e[+-]?\d+)?$/i.test(plain) && !/^0\d*$/.test(plain)
    ? Number(plain)
    : undefined;
}

function attempt(make: () => bigint): bigint | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

/** A string literal taken apart: prefix letters, quotes, and the offset of what is between them. */
export interface Literal extends LiteralKind {
  readonly body: string;
  /** Offset of the body in the literal. */
  readonly from: number;
}

/** Undefined where the string is not closed. */
export function literalOf(text: string): Literal | undefined {
  const found = /^([a-zA-Z]*)("""|'''|"|')/.exec(text);
  if (found === null) return undefined;
  const [head, prefix = '', quote = ''] = found;
  if (text.length < head.length + quote.length || !text.endsWith(quote)) return undefined;
  const body = text.slice(head.length, text.length - quote.length);
  // An escaped quote at the end closes nothing; nor may a short string run over a line.
  if (/(?:^|[^\\])(?:\\\\)*\\$/.test(body)) return undefined;
  if (quote.length === 1 && /(?:^|[^\\])(?:\\\\)*[\r\n]/.test(body)) return undefined;
  const letters = prefix.toLowerCase();
  return { raw: letters.includes('r'), bytes: letters.includes('b'), body, from: head.length };
}
