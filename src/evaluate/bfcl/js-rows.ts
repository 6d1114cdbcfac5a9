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
