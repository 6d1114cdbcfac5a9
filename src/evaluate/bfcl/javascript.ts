import { PyDict, type PyValue } from '../../python-data/value.ts';
import { asciiDigits, pythonFloat, pythonInt } from '../numbers.ts';

// Numbers as Python reads them from a text, for values written in Java and JavaScript.

/** `int(text)`, else `float(text)`, else the text. */
export function numberOrText(text: string): PyValue {
  return integerIn(text) ?? pythonFloat(text) ?? text;
}

/** `int(text)`; undefined where Python raises. */
export function integerIn(text: string): bigint | undefined {
  if (pythonInt(text) === undefined) return undefined;
  return BigInt(asciiDigits(text.trim()).replaceAll('_', '').replace(/^\+/, ''));
}

export function isQuoted(text: string, quotes: readonly string[]): boolean {
  return quotes.some((quote) => text.startsWith(quote) && text.endsWith(quote));
}

/** Elements between commas, without the blanks around them. */
export function elementsOf(text: string): string[] {
  return text.split(',').map((element) => element.trim());
}

/** Whose literals arguments are written in. */
export type BfclLanguage = 'python' | 'java' | 'javascript';

/** What checking needs of a function's description. */
export interface FunctionSpec {
  readonly name: string;
  readonly required: readonly string[];
  readonly parameters: readonly ParameterSpec[];
}

export interface ParameterSpec {
  readonly name: string;
  /** BFCL's word: `integer`, `float`, `string`, `array`, `dict`, `any`, `HashMap`, … */
  readonly type: string;
  /** The type of its items, where the description gives one. */
  readonly items?: string;
}

/** One call that is expected: for each parameter the values that are right; `""` among them: it may be left out. */
export interface ExpectedCall {
  readonly name: string;
  readonly values: PyDict;
}

/** Why a call is not right: bfcl-eval's `error_type`, and words of ours. */
export interface CallFault {
  readonly type: string;
  readonly message: string;
}

/** A parameter's value as it is compared, and Python's name of the type that it should have. */
export interface TypedValue {
  readonly value: PyValue;
  readonly type: string;
  /** Of the items of an array or tuple. */
  readonly itemType?: string | undefined;
}

// What BFCL takes an argument written in JavaScript for. What it cannot read stays a text.

/**
 * An array of arrays, found as BFCL's expression finds it: `[`, rows between commas, each from a `[` to a `]` of its line, and `]`; or
 * the same in `new Array(…)`. Written out, because the expression takes time without bound where the last bracket is missing.
 */

const OPEN = /(?:\[|new\s+Array\()\s*(?=\[)/y;
const NEXT_ROW = /,\s*(?=\[)/y;
const SPACE = /\s*/y;

/** The text from the first bracket to the last; undefined where it does not begin with an array of arrays. */
export function rowsIn(code: string): string | undefined {
  const start = endOf(OPEN, code, 0);
  if (start === undefined) return undefined;
  const close = code.startsWith('[') ? ']' : ')';
  const end = new Rows(code, close).endOfRow(start);
  return end === undefined ? undefined : code.slice(0, end);
}

class Rows {
  readonly #code: string;
  readonly #close: string;
  /** By the end of a line: from where on each of its `]` has been tried in vain, whichever row it would end. */
  readonly #inVain = new Map<number, number>();
  /** The line that was looked at last. */
  #line: readonly [from: number, end: number] = [0, -1];

  constructor(code: string, close: string) {
    this.#code = code;
    this.#close = close;
  }

  /** Where the whole ends if a row begins here: the row ends at the nearest `]` after which the rest fits. */
  endOfRow(start: number): number | undefined {
    // Rows are tried one behind the other, so that thousands of them need no stack.
    const tried: { readonly start: number; at: number }[] = [{ start, at: start }];
    for (let row = tried.at(-1); row !== undefined; row = tried.at(-1)) {
      const bracket = this.#bracketAfter(row.at);
      if (bracket === undefined) {
        this.#giveUp(row.start);
        tried.pop();
        const before = tried.at(-1);
        const end = before === undefined ? undefined : this.#closedAt(before.at);
        if (end !== undefined) return end;
        continue;
      }
      row.at = bracket + 1;
      const next = endOf(NEXT_ROW, this.#code, endOf(SPACE, this.#code, row.at)!);
      if (next !== undefined) tried.push({ start: next, at: next });
      else {
        const end = this.#closedAt(row.at);
        if (end !== undefined) return end;
      }
    }
    return undefined;
  }

  /** The next `]`, past the first sign of a row and on the same line. */
  #bracketAfter(at: number): number | undefined {
    const found = this.#code.indexOf(']', at);
    const end = this.#lineEnd(at);
    if (found === -1 || found > end) return undefined;
    return found >= (this.#inVain.get(end) ?? Number.POSITIVE_INFINITY) ? undefined : found;
  }

  #giveUp(start: number): void {
    const end = this.#lineEnd(start);
    this.#inVain.set(end, Math.min(start, this.#inVain.get(end) ?? start));
  }

  #lineEnd(at: number): number {
    const [from, end] = this.#line;
    if (from <= at && at <= end) return end;
    const found = this.#code.indexOf('\n', at);
    this.#line = [at, found === -1 ? this.#code.length : found];
    return this.#line[1];
  }

  /** Behind the closing sign, where that is what comes next. */
  #closedAt(at: number): number | undefined {
    const end = endOf(SPACE, this.#code, at)!;
    return this.#code[end] === this.#close ? end + 1 : undefined;
  }
}

function endOf(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

const QUOTES = ['"', "'"];

/** `items` is the type of an array's elements, where the description gives one. */
export function jsValue(text: string, type: string, items?: string): PyValue {
  switch (type) {
    case 'String':
      return isQuoted(text, QUOTES) ? text.slice(1, -1) : text;
    case 'integer':
      return /^-?\d+\n?$/.test(text) ? integerIn(text)! : text;
    case 'float':
      return /^-?\d+(?:\.\d+)?\n?$/.test(text) ? Number(text) : text;
    case 'Bigint':
      return /^-?\d+n\n?$/.test(text) ? BigInt(text.trim().slice(0, -1)) : text;
    case 'Boolean':
      return text === 'true' || text === 'false' ? text === 'true' : text;
    case 'array':
      return arrayIn(text.trim(), items);
    case 'dict':
      return objectIn(text.trim());
    default:
      return text;
  }
}

const ROW = /\[([^\n]*?)\]/g;
const ARRAY = /^(?:\[([^\n]*?)\]|new\s+Array\(([^\n]*?)\))/;

/** Elements are whatever is between commas, so a comma in a string parts it. */
function arrayIn(code: string, items: string | undefined): PyValue {
  const rows = rowsIn(code);
  if (rows !== undefined) {
    return [...rows.matchAll(ROW)].map(([, row], index) => {
      const inner = row!.trim();
      return elementsOf(index === 0 && inner.startsWith('[') ? inner.slice(1) : inner).map(anyValue);
    });
  }
  const found = ARRAY.exec(code);
  if (found === null) return code;
  const inner = (found[1] ?? found[2] ?? '').trim();
  if (inner === '') return [];
  return elementsOf(inner).map((one) => (items === undefined ? anyValue(one) : jsValue(one, items)));
}

const OBJECT = /^\{([^\n]*?)\}/;
/** What follows the last colon is looked at once, and is no entry. */
const ENTRY = /([^:]+):\s*(.*?)(?:,\s*(?=[^,]+:)|$)|[^:]+$/g;

/** Up to the first `}`: objects in objects are cut there. */
function objectIn(code: string): PyValue {
  if (code === '{}') return new PyDict();
  const inner = OBJECT.exec(code)?.[1];
  if (inner === undefined) return code;
  if (!inner.includes(':')) return new PyDict();
  return new PyDict(
    [...inner.matchAll(ENTRY)].flatMap(([, key, value]) =>
      key === undefined ? [] : [[unquoted(key.trim()), entryValue(value!.trim())] as const],
    ),
  );
}

function entryValue(value: string): PyValue {
  if (value.startsWith('[') && value.endsWith(']')) return arrayIn(value, undefined);
  if (value.startsWith('{') && value.endsWith('}')) return objectIn(value);
  return anyValue(unquoted(value));
}

function unquoted(text: string): string {
  return text.replace(/^['"]+/, '').replace(/(?<!['"])['"]+$/, '');
}

function anyValue(code: string): PyValue {
  const text = code.trim();
  if (text === 'true' || text === 'false') return text === 'true';
  return isQuoted(text, QUOTES) ? text.slice(1, -1) : numberOrText(text);
}
