import {
  add,
  binary,
  type Closing,
  call,
  decimal,
  divide,
  type Formula,
  fraction,
  type Opening,
  type Rational,
} from './formula.ts';

/** An answer that is not read: no formula, or one beyond the limits. Caught where answers are compared. */
export class Unreadable extends Error {}

/** Characters of an answer that is read as a formula; longer ones are compared as texts. */
export const LONGEST_ANSWER = 1000;
const DEEPEST = 60;
const MOST_PARTS = 3000;

/** The text of an answer and how far it is read, with limits on how deep and how long a formula may be. */
export class FormulaSource {
  readonly text: string;
  position = 0;
  /** Brackets around the place: there a comma is between items, not between thousands. */
  brackets = 0;
  /** Absolute bars around the place: there a bar closes. */
  bars = 0;
  private depth = 0;
  private parts = 0;

  constructor(text: string) {
    if (text.length > LONGEST_ANSWER) throw new Unreadable(`longer than ${LONGEST_ANSWER} characters`);
    this.text = text;
  }

  /** Reads one part of a formula. Throws Unreadable beyond the limits. */
  part<T>(read: () => T): T {
    if (++this.parts > MOST_PARTS) throw new Unreadable('too many parts');
    if (++this.depth > DEEPEST) throw new Unreadable('nested too deeply');
    const result = read();
    this.depth--;
    return result;
  }

  skipSpace(): void {
    while (this.text[this.position] === ' ') this.position++;
  }

  get isAtEnd(): boolean {
    this.skipSpace();
    return this.position >= this.text.length;
  }

  /** The next character that is no space, not taken. */
  get next(): string {
    this.skipSpace();
    return this.text[this.position] ?? '';
  }

  /** Takes what a sticky pattern matches here, spaces before it left out. */
  take(pattern: RegExp): RegExpExecArray | undefined {
    this.skipSpace();
    return this.takeHere(pattern);
  }

  /** The same, without leaving out spaces. */
  takeHere(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.position;
    const match = pattern.exec(this.text);
    if (match === null) return undefined;
    this.position += match[0].length;
    return match;
  }

  /** Whether a sticky pattern matches here. */
  sees(pattern: RegExp): boolean {
    this.skipSpace();
    pattern.lastIndex = this.position;
    return pattern.test(this.text);
  }

  fail(what: string): never {
    throw new Unreadable(`${what} at character ${this.position + 1}`);
  }
}

const GROUPED = /\d{1,3}(?:(?:\{,\}|,)\d{3})+(?!\d)(?:\.\d+)?/y;
/** Inside brackets a mere comma is between items. */
const GROUPED_IN_BRACKETS = /\d{1,3}(?:\{,\}\d{3})+(?!\d)(?:\.\d+)?/y;
const SPACED = /\d{1,3}(?: \d{3})+(?![\d/])/y;
const REPEATING = /(\d*\.\d*)\\(?:overline|bar|dot) ?\{?(\d+)\}?/y;
const PLAIN = /\d+(?:\.\d+)?|\.\d+/y;
const EXPONENT = /[eE]([+-]?\d{1,3})(?![\d.a-zA-Z])/y;
const BASE = /_(?:\{ ?(\d{1,2}) ?\}|(\d{1,2}))/y;
const WHOLE = /^\d+$/;
/** `\frac{4}{5}`, `\frac45`, ` 4/5` behind a whole number. */
const MIXED =
  /(?: ?\\frac ?(?:\{ ?(\d+) ?\}|(\d)) ?(?:\{ ?(\d+) ?\}|(\d)(?!\d))| (\d+) ?\/ ?(\d+)(?!\d))(?! ?[\^!])/y;

/** The number that begins here, with thousands separators, repeating decimals, mixed fractions, exponents, bases. */
function readNumber(source: FormulaSource): Formula | undefined {
  source.skipSpace();
  const repeating = source.takeHere(REPEATING);
  if (repeating !== undefined)
    return { kind: 'number', value: repeatingDecimal(repeating[1]!, repeating[2]!) };
  const inBrackets = source.brackets > 0;
  const match =
    source.takeHere(inBrackets ? GROUPED_IN_BRACKETS : GROUPED) ??
    (inBrackets ? undefined : source.takeHere(SPACED)) ??
    source.takeHere(PLAIN);
  if (match === undefined) return undefined;
  const digits = match[0].replace(/[^\d.]/g, '');
  return WHOLE.test(digits) ? readWhole(digits, source) : withExponent(digits, source);
}

function readWhole(digits: string, source: FormulaSource): Formula {
  const base = source.takeHere(BASE);
  if (base !== undefined) return { kind: 'based', digits, base: Number(base[1] ?? base[2]) };
  const mixed = source.takeHere(MIXED);
  if (mixed === undefined) return withExponent(digits, source);
  const above = mixed[1] ?? mixed[2] ?? mixed[5]!;
  const below = mixed[3] ?? mixed[4] ?? mixed[6]!;
  const part = divide(decimal(above), decimal(below));
  if (part === undefined) source.fail('a division by zero');
  return { kind: 'number', value: add(decimal(digits), part) };
}

function withExponent(digits: string, source: FormulaSource): Formula {
  const exponent = source.takeHere(EXPONENT);
  return { kind: 'number', value: decimal(digits, exponent === undefined ? 0 : Number(exponent[1])) };
}

/** `0.1` and `6` for 0.1666… */
function repeatingDecimal(fixed: string, repeated: string): Rational {
  const places = (fixed.split('.')[1] ?? '').length;
  const nines = 10n ** BigInt(repeated.length) - 1n;
  const tail = fraction(BigInt(repeated), nines * 10n ** BigInt(places));
  return add(decimal(fixed), tail);
}

/** The rest of the grammar, which is built on atoms. */
export interface Grammar {
  /** Sums and products. */
  expression(source: FormulaSource): Formula;
  /** A factor: an atom with its powers and its like. */
  factor(source: FormulaSource): Formula;
  /** A whole answer: lists, relations, unions. */
  answer(source: FormulaSource): Formula;
}

const SYMBOL_COMMANDS =
  'alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi rho sigma tau upsilon phi ' +
  'varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega ell hbar square star';
const SYMBOLS = new Set(SYMBOL_COMMANDS.split(' '));

const FUNCTIONS = new Set(
  'sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh ln exp lg log max min gcd'.split(' '),
);
const FUNCTION_WORD =
  /(?:arc(?:sin|cos|tan)|sinh|cosh|tanh|sin|cos|tan|cot|sec|csc|sqrt|ln|log|exp|lg)(?![a-zA-Z])/y;
const CONSTANT_WORD = /(?:pi|infinity|infty|inf)(?![a-zA-Z])/y;
const COMMAND = /\\([a-zA-Z]+)/y;
const TEXT =
  /\\(?:text(?:bf|it|rm|sf|tt|normal)?|mbox|hbox|operatorname|mathrm|mathsf|mathtt|mathit) ?\{([^{}]*)\}/y;
const LETTER = /[a-zA-Z]/y;
const SUBSCRIPT = /_(?:\{([^{}]*)\}|\\text ?\{([^{}]*)\}|([a-zA-Z0-9]))/y;
const PRIMES = /'+/y;
/** Commands whose argument is read as if they were not there. */
const WRAPPERS = new Set('boxed fbox mathbf boldsymbol bm mathcal mathsf displaystyle ensuremath'.split(' '));
/** Over a name they make another name. */
const DECORATIONS = new Set('overline vec hat bar tilde widehat overrightarrow underline mathbb'.split(' '));
const MATRIX = /\\begin ?\{([pbvBV]?matrix|smallmatrix|array)\} ?(?:\{[^{}]*\})?/y;
const MATRIX_END = /\\end ?\{(?:[pbvBV]?matrix|smallmatrix|array)\}/y;
const LINE_BREAK = /\\\\(?:\[[^\]]*\])?/y;

/** The smallest thing with a value that begins here. Throws Unreadable where none does. */
export function readAtom(source: FormulaSource, grammar: Grammar): Formula {
  return source.part(() => {
    const next = source.next;
    if (/[\d.]/.test(next)) return readNumber(source) ?? source.fail('no number');
    if (next === '(' || next === '[') return readBrackets(source, grammar);
    if (next === '|') return readBars(source, grammar, /\|/y, 'abs');
    if (next === '{') return readGroup(source, grammar);
    if (next === '\\') return readCommand(source, grammar);
    return readWord(source, grammar) ?? source.fail('nothing to read');
  });
}

/** The text in braces; a single character where there are none, as TeX takes it. */
export function readArgument(source: FormulaSource, grammar: Grammar): Formula {
  if (source.next === '{') return readGroup(source, grammar);
  const digit = source.take(/\d/y);
  if (digit !== undefined) return { kind: 'number', value: fraction(BigInt(digit[0])) };
  if (source.next === '\\') return readAtom(source, grammar);
  const letter = source.take(LETTER);
  return letter === undefined ? source.fail('no argument') : { kind: 'symbol', name: letter[0] };
}

function readGroup(source: FormulaSource, grammar: Grammar): Formula {
  source.take(/\{/y);
  const inner = grammar.answer(source);
  if (source.take(/\}/y) === undefined) source.fail('a brace is not closed');
  return inner;
}

function readBrackets(source: FormulaSource, grammar: Grammar): Formula {
  const open = source.take(/[([]/y)![0] as Opening;
  const items = readItems(source, grammar, /[)\]]/y);
  const close = source.take(/[)\]]/y)?.[0] as Closing | undefined;
  if (close === undefined) source.fail('a bracket is not closed');
  const [only, ...more] = items;
  if (only === undefined) source.fail('empty brackets');
  const isPair = open === '(' ? close === ')' : close === ']';
  return more.length === 0 && isPair ? only : { kind: 'bracket', open, close, items };
}

/** `x :` of `{x : x > 2}`: such a set is what its condition says. */
const CONDITION = /[a-zA-Z] ?(?:\\in ?\\mathbb ?\{?[A-Z]\}? ?)?(?::|\||\\(?:mid|vert)(?![a-zA-Z]))/y;

function readSet(source: FormulaSource, grammar: Grammar): Formula {
  if (source.take(CONDITION) !== undefined) {
    const condition = grammar.answer(source);
    return source.take(/\\\}/y) === undefined ? source.fail('a set is not closed') : condition;
  }
  const items = readItems(source, grammar, /\\\}/y);
  if (source.take(/\\\}/y) === undefined) source.fail('a set is not closed');
  return { kind: 'bracket', open: '{', close: '}', items };
}

function readItems(source: FormulaSource, grammar: Grammar, end: RegExp): readonly Formula[] {
  if (source.sees(end)) return [];
  source.brackets++;
  const { bars } = source;
  source.bars = 0;
  const inner = grammar.answer(source);
  source.brackets--;
  source.bars = bars;
  return inner.kind === 'list' ? inner.items : [inner];
}

function readBars(source: FormulaSource, grammar: Grammar, bar: RegExp, name: string): Formula {
  if (name === 'abs' && source.bars > 0) source.fail('absolute bars in absolute bars');
  source.take(bar);
  source.bars++;
  const inner = grammar.expression(source);
  source.bars--;
  if (source.take(CLOSING_BARS[name]!) === undefined) source.fail('a bar is not closed');
  return call(name, inner);
}

const CLOSING_BARS: Readonly<Record<string, RegExp>> = {
  abs: /\||\\rvert(?![a-zA-Z])|\\vert(?![a-zA-Z])|\\\|/y,
  floor: /\\rfloor(?![a-zA-Z])/y,
  ceil: /\\rceil(?![a-zA-Z])/y,
};

function readWord(source: FormulaSource, grammar: Grammar): Formula | undefined {
  const word = source.take(FUNCTION_WORD);
  if (word !== undefined) return readFunction(word[0], source, grammar);
  const constant = source.take(CONSTANT_WORD);
  if (constant !== undefined)
    return constant[0] === 'pi' ? { kind: 'symbol', name: 'pi' } : { kind: 'infinity' };
  const letter = source.take(LETTER);
  return letter && { kind: 'symbol', name: letter[0] + readMarks(source) };
}

/** A subscript and primes belong to the name. */
function readMarks(source: FormulaSource): string {
  const subscript = source.takeHere(SUBSCRIPT);
  const name = subscript === undefined ? '' : `_${(subscript[1] ?? subscript[2] ?? subscript[3]!).trim()}`;
  return name + (source.takeHere(PRIMES)?.[0] ?? '');
}

function readCommand(source: FormulaSource, grammar: Grammar): Formula {
  if (source.take(/\\\{/y) !== undefined) return readSet(source, grammar);
  if (source.sees(MATRIX)) return readMatrix(source, grammar);
  const text = source.take(TEXT);
  if (text !== undefined) return readText(text[1]!.trim());
  const command = source.take(COMMAND);
  if (command === undefined) source.fail('an unknown sign');
  const name = command[1]!;
  if (name === 'pi') return { kind: 'symbol', name: 'pi' };
  if (SYMBOLS.has(name)) return { kind: 'symbol', name: `\\${name}${readMarks(source)}` };
  if (name === 'infty') return { kind: 'infinity' };
  if (WRAPPERS.has(name)) return readArgument(source, grammar);
  if (DECORATIONS.has(name)) return readDecorated(name, source);
  if (name === 'emptyset' || name === 'varnothing')
    return { kind: 'bracket', open: '{', close: '}', items: [] };
  return readStructure(name, source, grammar);
}

function readStructure(name: string, source: FormulaSource, grammar: Grammar): Formula {
  switch (name) {
    case 'frac':
      return binary('/', readArgument(source, grammar), readArgument(source, grammar));
    case 'binom':
      return call('binomial', readArgument(source, grammar), readArgument(source, grammar));
    case 'lvert':
    case 'vert':
      return readBars(source, grammar, /(?:)/y, 'abs');
    case 'lfloor':
      return readBars(source, grammar, /(?:)/y, 'floor');
    case 'lceil':
      return readBars(source, grammar, /(?:)/y, 'ceil');
    default:
      if (name === 'sqrt' || FUNCTIONS.has(name)) return readFunction(name, source, grammar);
      return source.fail(`\\${name} is not known`);
  }
}

function readFunction(name: string, source: FormulaSource, grammar: Grammar): Formula {
  if (name === 'sqrt') return readRoot(source, grammar);
  const base = name === 'log' && source.take(/_/y) !== undefined ? readArgument(source, grammar) : undefined;
  const power = source.take(/\^/y) === undefined ? undefined : readArgument(source, grammar);
  const of = source.sees(/[([{]/y) ? readAtom(source, grammar) : readOperand(source, grammar);
  const value =
    base === undefined
      ? call(name === 'lg' ? 'log' : name, ...(of.kind === 'list' || of.kind === 'bracket' ? of.items : [of]))
      : call('log', base, of);
  return power === undefined ? value : raised(name, value, power);
}

/** `\sin^{-1}` is the inverse function, `\sin^2` the square. */
function raised(name: string, value: Formula, power: Formula): Formula {
  const isInverse = power.kind === 'negative' && power.of.kind === 'number' && power.of.value.above === 1n;
  if (isInverse && value.kind === 'call' && /^(?:sin|cos|tan)$/.test(name))
    return call(`arc${name}`, ...value.of);
  return binary('^', value, power);
}

function readRoot(source: FormulaSource, grammar: Grammar): Formula {
  const order = source.take(/\[/y) === undefined ? undefined : grammar.expression(source);
  if (order !== undefined && source.take(/\]/y) === undefined)
    source.fail('the order of a root is not closed');
  const of = source.next === '(' ? readAtom(source, grammar) : readRadicand(source, grammar);
  return order === undefined ? call('sqrt', of) : call('root', order, of);
}

/** `\sqrt13` has one digit under the root for TeX, and two for its author. */
function readRadicand(source: FormulaSource, grammar: Grammar): Formula {
  const digits = source.take(/\d+/y);
  return digits === undefined ? readArgument(source, grammar) : { kind: 'number', value: decimal(digits[0]) };
}

/** `\sin 2x`: factors side by side, up to the next sign. */
function readOperand(source: FormulaSource, grammar: Grammar): Formula {
  if (source.take(/-/y) !== undefined) return { kind: 'negative', of: readOperand(source, grammar) };
  let product = grammar.factor(source);
  while (source.sees(/[a-zA-Z]|\\(?:pi|theta|alpha|beta|phi|sqrt|frac)(?![a-zA-Z])/y)) {
    if (source.sees(FUNCTION_WORD) || source.sees(/(?:and|or)(?![a-zA-Z])/y)) break;
    product = binary('*', product, grammar.factor(source));
  }
  return product;
}

function readText(text: string): Formula {
  if (/^\d+(?:\.\d+)?$/.test(text)) return { kind: 'number', value: decimal(text) };
  if (/^[ei]$/.test(text)) return { kind: 'symbol', name: text };
  return { kind: 'words', text };
}

function readDecorated(name: string, source: FormulaSource): Formula {
  const argument = source.take(/\{([^{}]*)\}|([a-zA-Z])/y);
  if (argument === undefined) source.fail(`nothing under \\${name}`);
  return {
    kind: 'symbol',
    name: `\\${name}{${(argument[1] ?? argument[2]!).replaceAll(' ', '')}}${readMarks(source)}`,
  };
}

function readMatrix(source: FormulaSource, grammar: Grammar): Formula {
  source.take(MATRIX);
  const rows: Formula[][] = [];
  while (source.take(MATRIX_END) === undefined) {
    const row = [grammar.expression(source)];
    while (source.take(/&/y) !== undefined) row.push(grammar.expression(source));
    rows.push(row);
    if (source.take(LINE_BREAK) === undefined && !source.sees(MATRIX_END))
      source.fail('a matrix is not closed');
  }
  return { kind: 'matrix', rows };
}
