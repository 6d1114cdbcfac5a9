/** Python's tokens, of one expression: line ends count outside of brackets only. */
import type { PyValue } from '../../python-data/value.ts';
import { imaginary, readString, type StringPiece } from './literals.ts';

export type Token =
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
export function tokensOf(source: string): Token[] {
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

  all(): Token[] {
    const tokens: Token[] = [];
    while (this.#at < this.#source.length) {
      if (this.#match(BLANK) !== undefined) continue;
      if (this.#match(LINE) !== undefined) {
        if (this.#open.length === 0) tokens.push({ kind: 'newline', text: 'end of line' });
      } else tokens.push(this.#token());
    }
    if (this.#open.length > 0) throw new SyntaxError(`'${this.#open.at(-1)}' was never closed`);
    return [...tokens, { kind: 'end', text: 'the end' }];
  }

  #token(): Token {
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

  #number(): Token {
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
