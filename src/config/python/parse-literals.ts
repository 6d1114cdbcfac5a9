/** Numbers and strings as Python writes them. */

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
export interface Literal {
  readonly raw: boolean;
  readonly bytes: boolean;
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

const SIMPLE: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\n': '',
};

/** The text that escapes stand for. Throws an Error that says what is wrong. */
export function unescaped(body: string, { raw, bytes }: Pick<Literal, 'raw' | 'bytes'>): string {
  const text = body.replace(/\r\n?/g, '\n');
  if (bytes && /[^\0-\x7f]/.test(text)) throw new Error('bytes hold ASCII characters only');
  if (raw) return text;
  const pattern = bytes
    ? /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{0,2})|([\s\S]))/g
    : /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{0,2})|u([0-9a-fA-F]{0,4})|U([0-9a-fA-F]{0,8})|N(\{[^}]*\})?|([\s\S]))/g;
  return text.replace(pattern, (whole, octal?: string, ...groups: (string | undefined)[]) => {
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8) & (bytes ? 0xff : 0x1ff));
    if (whole[1] === 'N' && !bytes)
      throw new Error('characters by name (\\N{…}) are not read: write the character itself');
    const other = bytes ? groups[1] : groups[4];
    if (other !== undefined) return Object.hasOwn(SIMPLE, other) ? (SIMPLE[other] as string) : whole;
    return codePoint(whole);
  });
}

const LENGTHS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

function codePoint(sequence: string): string {
  const digits = sequence.slice(2);
  const code = Number.parseInt(digits, 16);
  if (digits.length !== LENGTHS[sequence[1] as string] || code > 0x10ffff)
    throw new Error(`"${sequence}" is no character`);
  return String.fromCodePoint(code);
}
