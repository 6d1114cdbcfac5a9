/**
 * A pattern of Python's `re` as a RegExp that finds the same: Unicode `\d \w \s \b`, `$` before a last newline, `.` that
 * stops at `\n` alone, `(?i)` with Python's dotted and dotless i. Nothing here is specific to one benchmark.
 */
import { AisBenchError } from '../contract/errors.ts';
import { PYTHON_SPACE, PYTHON_WORD } from './python-text.ts';

export interface PythonRegexOptions {
  /** `re.DOTALL`: `.` is any character. */
  readonly dotAll?: boolean;
  /** Further flags of the RegExp: `g` to find all, `y` to match in one place. */
  readonly flags?: string;
  /** Key of the config that the pattern is from, for the error. */
  readonly where?: string;
}

/**
 * Has the flags `d`, `s` and `v` besides. Throws UTILS-CFG-002 for what Python refuses, and for what is not read here: flags
 * other than `i`, `m`, `s`, `u`, flags of a part, conditions, atomic groups, possessive repeats.
 */
export function pythonRegex(pattern: string, options: PythonRegexOptions = {}): RegExp {
  const { flags = '', where = 'the pattern' } = options;
  const refuse = (why: string, cause?: unknown) =>
    new AisBenchError(
      'UTILS-CFG-002',
      `${where}: the pattern ${JSON.stringify(pattern)} is not read: ${why}`,
      {
        where,
        cure: "write it with the parts that Python's re and JavaScript share, flags as (?i), (?m) or (?s) at its start",
        cause,
      },
    );
  const inline = /^\(\?([a-zA-Z]+)\)/.exec(pattern);
  const own = inline?.[1] ?? '';
  const unknown = /[^imsu]/.exec(own)?.[0];
  if (unknown !== undefined) throw refuse(`flag ${unknown}`);
  const reader = new PatternReader(pattern, inline?.[0].length ?? 0, {
    ignoreCase: own.includes('i'),
    multiline: own.includes('m'),
    dotAll: own.includes('s') || options.dotAll === true,
  });
  try {
    return new RegExp(reader.read(), `dsv${own.includes('i') ? 'i' : ''}${flags}`);
  } catch (cause) {
    throw refuse(cause instanceof Error ? cause.message : String(cause), cause);
  }
}

interface Flags {
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
}

const WORD = `[${PYTHON_WORD}]`;
/** What `\b` is made of, and the like. */
const PLACES: Readonly<Record<string, string>> = {
  A: '^',
  Z: '$',
  b: `(?:(?<=${WORD})(?!${WORD})|(?<!${WORD})(?=${WORD}))`,
  B: `(?:(?<=${WORD})(?=${WORD})|(?<!${WORD})(?!${WORD}))`,
};
const CLASSES: Readonly<Record<string, string>> = {
  d: String.raw`\p{Nd}`,
  D: String.raw`\P{Nd}`,
  w: WORD,
  W: `[^${PYTHON_WORD}]`,
  s: `[${PYTHON_SPACE}]`,
  S: `[^${PYTHON_SPACE}]`,
};
const CONTROL: Readonly<Record<string, string>> = { a: '\x07', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };
/** With `(?i)` Python takes these for an i. */
const OTHER_I = String.raw`\u0130\u0131`;

class PatternReader {
  readonly #pattern: string;
  readonly #flags: Flags;
  #at: number;

  constructor(pattern: string, start: number, flags: Flags) {
    this.#pattern = pattern;
    this.#at = start;
    this.#flags = flags;
  }

  read(): string {
    let made = '';
    while (this.#at < this.#pattern.length) made += this.#part();
    return made;
  }

  #part(): string {
    const char = this.#next();
    if (char === '\\') return this.#escape();
    if (char === '[') return this.#class();
    if (char === '(') return this.#group();
    if (char === '{') return this.#repeat();
    if (char === '.') return this.#flags.dotAll ? '.' : String.raw`[^\n]`;
    if (char === '^') return this.#flags.multiline ? String.raw`(?<![^\n])` : PLACES['A']!;
    if (char === '$') return this.#flags.multiline ? String.raw`(?![^\n])` : String.raw`(?=\n?$)`;
    return /[)|*+?]/.test(char) ? char : this.#literal(char);
  }

  #next(): string {
    const char = String.fromCodePoint(this.#pattern.codePointAt(this.#at) ?? 0);
    this.#at += char.length;
    return char;
  }

  /** Takes what a sticky expression finds here. */
  #take(expression: RegExp): RegExpExecArray | null {
    const sticky = new RegExp(expression, 'y');
    sticky.lastIndex = this.#at;
    const found = sticky.exec(this.#pattern);
    if (found !== null) this.#at += found[0].length;
    return found;
  }

  #literal(char: string): string {
    return this.#flags.ignoreCase && /[iI]/.test(char) ? `[i${OTHER_I}]` : escaped(char);
  }

  #group(): string {
    if (this.#pattern[this.#at] !== '?') return '(';
    const [, name] = this.#take(/\?P<(\w+)>/) ?? [];
    if (name !== undefined) return `(?<${name}>`;
    const [, known] = this.#take(/\?P=(\w+)\)/) ?? [];
    if (known !== undefined) return `\\k<${known}>`;
    if (this.#take(/\?#[^)]*\)/) !== null) return '';
    const [kind] = this.#take(/\?(?:[:=!]|<[=!])/) ?? [];
    if (kind === undefined) throw new Error(`(${this.#pattern.slice(this.#at, this.#at + 3)}`);
    return `(${kind}`;
  }

  #repeat(): string {
    const [, least, rest] = this.#take(/(\d*)(,\d*)?\}/) ?? [];
    if (least === undefined) return escaped('{');
    if (least === '' && rest === undefined) return `${escaped('{')}${escaped('}')}`;
    return `{${least === '' ? '0' : least}${rest ?? ''}}`;
  }

  #escape(): string {
    const back = this.#take(/[1-9]\d?(?!\d)/);
    if (back !== null) return `(?:\\${back[0]})`;
    const [place] = this.#take(/[AZbB]/) ?? [];
    if (place !== undefined) return PLACES[place]!;
    const [set] = this.#take(/[dDwWsS]/) ?? [];
    return set === undefined ? this.#literal(this.#escapedChar()) : CLASSES[set]!;
  }

  #escapedChar(): string {
    const [, ...codes] = this.#take(/x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})/) ?? [];
    const hex = codes.find((code) => code !== undefined);
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    const octal = this.#take(/0[0-7]{0,2}|[1-3][0-7]{2}/);
    if (octal !== null) return String.fromCodePoint(Number.parseInt(octal[0], 8));
    if (this.#at >= this.#pattern.length) throw new Error('it ends with a backslash');
    const char = this.#next();
    if (CONTROL[char] !== undefined) return CONTROL[char];
    if (/[A-Za-z0-9]/.test(char)) throw new Error(`\\${char}`);
    return char;
  }

  #class(): string {
    const isNegated = this.#take(/\^/) !== null;
    const items: string[] = [];
    let holdsI = false;
    for (let isFirst = true; isFirst || this.#pattern[this.#at] !== ']'; isFirst = false) {
      if (this.#at >= this.#pattern.length) throw new Error('a [ is not closed');
      const from = this.#classItem();
      const isRange = from.char !== undefined && this.#take(/-(?!\])/) !== null;
      const to = isRange ? this.#classItem() : from;
      if (to.char === undefined && isRange) throw new Error('a range that ends with a set');
      holdsI ||= holds(from.char, to.char, 'i') || holds(from.char, to.char, 'I');
      items.push(isRange ? `${from.made}-${to.made}` : from.made);
    }
    this.#at++;
    return `[${isNegated ? '^' : ''}${items.join('')}${this.#flags.ignoreCase && holdsI ? OTHER_I : ''}]`;
  }

  #classItem(): { readonly made: string; readonly char?: string } {
    const char = this.#next();
    if (char !== '\\') return { made: escaped(char), char };
    const [set] = this.#take(/[dDwWsS]/) ?? [];
    if (set !== undefined) return { made: CLASSES[set]! };
    const own = this.#take(/b/) === null ? this.#escapedChar() : '\b';
    return { made: escaped(own), char: own };
  }
}

function holds(from: string | undefined, to: string | undefined, char: string): boolean {
  return from !== undefined && to !== undefined && from <= char && char <= to;
}

/** A character that means itself, inside of a class and outside. */
function escaped(char: string): string {
  const code = char.codePointAt(0)!;
  return /[A-Za-z0-9]/.test(char) || code > 0x7f ? char : `\\x${code.toString(16).padStart(2, '0')}`;
}
