/** Python's expressions, as far as an answer that calls functions can hold them. */
import { unescaped } from '../../python-data/escapes.ts';
import { floatRepr, pyRepr } from '../../python-data/repr.ts';
import { PyOpaque, type PyValue } from '../../python-data/value.ts';

// Python's strings as they are written.

export type StringPiece =
  | { readonly form: 'text'; readonly text: string; readonly unicode: boolean }
  | { readonly form: 'bytes'; readonly text: string }
  /** An f-string: its source, since what it comes to depends on names. */
  | { readonly form: 'format'; readonly text: string };

const START = /([rR][bB]?|[bB][rR]?|[uU]|[fF][rR]?|[rR][fF])?('''|"""|'|")/y;

/** The string that begins at a character; undefined where none does. Throws SyntaxError where Python does. */
function readString(source: string, at: number): { piece: StringPiece; end: number } | undefined {
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
function imaginary(worth: number): PyOpaque {
  return new PyOpaque('complex', `${floatRepr(worth).replace(/\.0$/, '')}j`);
}

// Python's tokens, of one expression: line ends count outside of brackets only.

export type PythonToken =
  | { readonly kind: 'name' | 'operator' | 'keyword' | 'newline' | 'end'; readonly text: string }
  | { readonly kind: 'number'; readonly text: string; readonly value: PyValue }
  /** A string or bytes; several beside each other are one. */
  | { readonly kind: 'string'; readonly text: string; readonly piece: StringPiece };

const KEYWORDS = new Set(
  (
    'False None True and as assert async await break class continue def del elif else except finally for from ' +
    'global if import in is lambda nonlocal not or pass raise return try while with yield'
  ).split(' '),
);

/** What may follow a number without a space, as in `1if x else 2`. */
const AFTER_NUMBER = /^(?:and|else|for|if|in|is|or|not)/;

const NAME = /[\p{XIDS}_][\p{XIDC}]*/uy;
const NUMBER =
  /0[xX](?:_?[0-9a-fA-F])+|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|(?:(?:\d(?:_?\d)*)?\.\d(?:_?\d)*|\d(?:_?\d)*\.?)(?:[eE][-+]?\d(?:_?\d)*)?[jJ]?/y;
const OPERATOR = /\*\*=?|\/\/=?|>>=?|<<=?|\.\.\.|[-+*/%&|^@]=|->|:=|[<>=!]=|<>|[-+*/%&|^~@<>()[\]{},:.;=]/y;
const BLANK = /(?:[ \t\f]|\\(?:\r\n|\r|\n))+|#[^\r\n]*/y;
const LINE = /\r\n|\r|\n/y;

/** Throws SyntaxError where Python does. */
export function tokensOf(source: string): PythonToken[] {
  if (source.includes('\0')) throw new SyntaxError('source code cannot contain null bytes');
  if (/[\ud800-\udfff]/u.test(source)) throw new SyntaxError('a lone surrogate is no text');
  refuseIndent(source);
  return new Lexer(source).all();
}

/** The first line that says anything must not be indented. */
function refuseIndent(source: string): void {
  const first = source.split(/\r\n|\r|\n/).find((line) => !/^[ \t\f]*(?:#.*)?$/.test(line));
  if (first !== undefined && /^[\f]*[ \t]/.test(first)) throw new SyntaxError('unexpected indent');
}

class Lexer {
  readonly #source: string;
  readonly #open: string[] = [];
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  all(): PythonToken[] {
    const tokens: PythonToken[] = [];
    while (this.#at < this.#source.length) {
      if (this.#match(BLANK) !== undefined) continue;
      if (this.#match(LINE) !== undefined) {
        if (this.#open.length === 0) tokens.push({ kind: 'newline', text: 'end of line' });
      } else tokens.push(this.#token());
    }
    if (this.#open.length > 0) throw new SyntaxError(`'${this.#open.at(-1)}' was never closed`);
    return [...tokens, { kind: 'end', text: 'the end' }];
  }

  #token(): PythonToken {
    const found = readString(this.#source, this.#at);
    if (found !== undefined) {
      this.#at = found.end;
      return { kind: 'string', text: 'a string', piece: found.piece };
    }
    if (/^\.?\d/.test(this.#source.slice(this.#at, this.#at + 2))) return this.#number();
    const name = this.#match(NAME);
    if (name !== undefined) {
      const text = name.normalize('NFKC');
      return { kind: KEYWORDS.has(text) ? 'keyword' : 'name', text };
    }
    const operator = this.#match(OPERATOR);
    if (operator === undefined)
      throw new SyntaxError(`invalid character U+${this.#source.codePointAt(this.#at)!.toString(16)}`);
    this.#nest(operator);
    return { kind: 'operator', text: operator };
  }

  #nest(operator: string): void {
    if ('([{'.includes(operator)) this.#open.push(operator);
    else if (')]}'.includes(operator)) {
      const opener = this.#open.pop();
      if (opener !== '([{'[')]}'.indexOf(operator)]) throw new SyntaxError(`unmatched '${operator}'`);
    }
  }

  #number(): PythonToken {
    const text = this.#match(NUMBER)!;
    const rest = this.#source.slice(this.#at);
    if (/^\p{XIDC}/u.test(rest) && !AFTER_NUMBER.test(rest)) throw new SyntaxError('invalid decimal literal');
    return { kind: 'number', text, value: numberOf(text) };
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#source)?.[0];
    if (found === undefined || found === '') return undefined;
    this.#at += found.length;
    return found;
  }
}

/** Python's limit on the digits of an int that is read from text. */
const MOST_DIGITS = 4300;

function numberOf(text: string): PyValue {
  const plain = text.replaceAll('_', '').toLowerCase();
  if (/^0[xbo]/.test(plain)) return BigInt(plain);
  if (plain.endsWith('j')) return imaginary(Number(plain.slice(0, -1)));
  if (!/^\d+$/.test(plain)) return Number(plain);
  if (/^0+[1-9]/.test(plain)) throw new SyntaxError('leading zeros in an integer');
  if (plain.length > MOST_DIGITS) throw new SyntaxError('an integer has too many digits');
  return BigInt(plain);
}

export interface Keyword {
  /** Absent: `**value`. */
  readonly name: string | undefined;
  readonly value: Expression;
}

export interface CallSyntax {
  readonly kind: 'call';
  readonly callee: Expression;
  readonly args: readonly Expression[];
  readonly keywords: readonly Keyword[];
}

export interface Clause {
  readonly target: Expression;
  readonly iterable: Expression;
  readonly conditions: readonly Expression[];
}

export type Expression =
  /** `unicode`: written with the prefix `u`. */
  | { readonly kind: 'constant'; readonly value: PyValue; readonly unicode?: true }
  | { readonly kind: 'ellipsis' }
  /** An f-string; `text` is its source. */
  | { readonly kind: 'format'; readonly text: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'attribute'; readonly object: Expression; readonly name: string }
  | { readonly kind: 'item'; readonly object: Expression; readonly index: Expression }
  | {
      readonly kind: 'slice';
      readonly start: Expression | undefined;
      readonly stop: Expression | undefined;
      readonly step: Expression | undefined;
    }
  | CallSyntax
  | { readonly kind: 'list' | 'tuple' | 'set'; readonly items: readonly Expression[] }
  /** An entry without a key is `**value`. */
  | {
      readonly kind: 'dict';
      readonly entries: readonly { readonly key: Expression | undefined; readonly value: Expression }[];
    }
  | { readonly kind: 'unary'; readonly operator: string; readonly operand: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'logic'; readonly operator: 'and' | 'or'; readonly values: readonly Expression[] }
  | {
      readonly kind: 'compare';
      readonly first: Expression;
      readonly rest: readonly { readonly operator: string; readonly operand: Expression }[];
    }
  | {
      readonly kind: 'choice';
      readonly test: Expression;
      readonly chosen: Expression;
      readonly otherwise: Expression;
    }
  /** `parameters` is their source, spaces as Python writes them. */
  | { readonly kind: 'lambda'; readonly parameters: string; readonly body: Expression }
  | { readonly kind: 'starred'; readonly value: Expression }
  | { readonly kind: 'named'; readonly name: string; readonly value: Expression }
  | {
      readonly kind: 'comprehension';
      readonly makes: 'list' | 'set' | 'dict' | 'generator';
      /** Of a dict. */
      readonly key: Expression | undefined;
      readonly element: Expression;
      readonly clauses: readonly Clause[];
    };
