/** What an answer says, as it was read: a number, an expression, or something made of those. */

/** An exact fraction in lowest terms; `below` is positive. */
export interface Rational {
  readonly above: bigint;
  readonly below: bigint;
}

/** A result with more bits than this is not computed: `2^{2^{30}}` is an answer too. */
const MOST_BITS = 2400;

const ONE: Rational = { above: 1n, below: 1n };

export function fraction(above: bigint, below = 1n): Rational {
  if (below < 0n) return fraction(-above, -below);
  const divisor = gcd(above < 0n ? -above : above, below);
  return { above: above / divisor, below: below / divisor };
}

function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x === 0n ? 1n : x;
}

/** Of digits as `12`, `12.5`, `.5`, with an exponent of ten. */
export function decimal(digits: string, exponent = 0): Rational {
  const [whole = '', part = ''] = digits.split('.');
  const shift = exponent - part.length;
  const value = fraction(BigInt(`${whole}${part}` || '0'));
  return shift < 0
    ? fraction(value.above, 10n ** BigInt(-shift))
    : fraction(value.above * 10n ** BigInt(shift));
}

export function add(a: Rational, b: Rational): Rational {
  return fraction(a.above * b.below + b.above * a.below, a.below * b.below);
}

export function negate({ above, below }: Rational): Rational {
  return { above: -above, below };
}

export function multiply(a: Rational, b: Rational): Rational {
  return fraction(a.above * b.above, a.below * b.below);
}

/** Undefined for a division by zero. */
export function divide(a: Rational, b: Rational): Rational | undefined {
  return b.above === 0n ? undefined : fraction(a.above * b.below, a.below * b.above);
}

/** To a whole power; undefined where that is too large, or zero to a negative power. */
export function power(base: Rational, exponent: bigint): Rational | undefined {
  if (exponent < 0n) {
    const inverse = divide(ONE, base);
    return inverse && power(inverse, -exponent);
  }
  const bits = bitsOf(base);
  if ((bits - 1) * Number(exponent) > MOST_BITS) return undefined;
  // 0, 1 and -1 to whatever power are what they are to the first or second.
  const times = bits > 1 || exponent === 0n ? exponent : exponent % 2n === 0n ? 2n : 1n;
  return { above: base.above ** times, below: base.below ** times };
}

/** The n-th root where it is a fraction. */
export function root(value: Rational, n: number): Rational | undefined {
  if (value.above < 0n) {
    const positive = n % 2 === 1 ? root(negate(value), n) : undefined;
    return positive && negate(positive);
  }
  const [above, below] = [wholeRoot(value.above, n), wholeRoot(value.below, n)];
  return above === undefined || below === undefined ? undefined : { above, below };
}

/** Newton's method from above. */
function wholeRoot(value: bigint, n: number): bigint | undefined {
  if (value < 2n || n === 1) return value;
  if (n > 64) return undefined;
  const order = BigInt(n);
  let guess = 1n << BigInt(Math.ceil(value.toString(2).length / n));
  for (;;) {
    const next = ((order - 1n) * guess + value / guess ** (order - 1n)) / order;
    if (next >= guess) return guess ** order === value ? guess : undefined;
    guess = next;
  }
}

export function isWhole({ below }: Rational): boolean {
  return below === 1n;
}

export function isSame(a: Rational, b: Rational): boolean {
  return a.above === b.above && a.below === b.below;
}

/** Whether it has so many digits that it is better left alone. */
export function isHuge(value: Rational): boolean {
  return bitsOf(value) > MOST_BITS;
}

/** The nearest double, also where numerator and denominator are beyond a double's range. */
export function toNumber({ above, below }: Rational): number {
  const [top, bottom] = [Number(above), Number(below)];
  if (Number.isFinite(top) && Number.isFinite(bottom)) return top / bottom;
  const shift = BigInt(Math.max(0, Math.min(lengthOf(above), lengthOf(below)) - 1000));
  return Number(above >> shift) / Number(below >> shift);
}

function bitsOf({ above, below }: Rational): number {
  return Math.max(lengthOf(above), lengthOf(below));
}

function lengthOf(value: bigint): number {
  return (value < 0n ? -value : value).toString(2).length;
}

export type Formula =
  | { readonly kind: 'number'; readonly value: Rational }
  /** A variable, or `pi`, `e`, `i`. */
  | { readonly kind: 'symbol'; readonly name: string }
  | { readonly kind: 'infinity' }
  | { readonly kind: 'binary'; readonly op: BinaryOp; readonly left: Formula; readonly right: Formula }
  | { readonly kind: 'negative'; readonly of: Formula }
  /** `left ± right`, or `±right`; `upper` is the sign of the upper case, -1 for `∓`. */
  | { readonly kind: 'either'; readonly upper: 1 | -1; readonly left?: Formula; readonly right: Formula }
  /** A function of one or two arguments: `sqrt`, `root` (order first), `log` (base first), `sin`, `abs`, `factorial`, … */
  | { readonly kind: 'call'; readonly name: string; readonly of: readonly Formula[] }
  /** Digits in a base, as they are: `52_8`. */
  | { readonly kind: 'based'; readonly digits: string; readonly base: number }
  | { readonly kind: 'degrees' | 'percent'; readonly of: Formula }
  /** A point or an interval, by its brackets; `{` and `}` make a set. */
  | {
      readonly kind: 'bracket';
      readonly open: Opening;
      readonly close: Closing;
      readonly items: readonly Formula[];
    }
  /** Several answers, in no order. */
  | { readonly kind: 'list'; readonly items: readonly Formula[] }
  | { readonly kind: 'union'; readonly parts: readonly Formula[] }
  | { readonly kind: 'matrix'; readonly rows: readonly (readonly Formula[])[] }
  /** `a = b < c`: one more part than signs. */
  | { readonly kind: 'relation'; readonly signs: readonly RelationSign[]; readonly parts: readonly Formula[] }
  | { readonly kind: 'words'; readonly text: string };

type BinaryOp = '+' | '-' | '*' | '/' | '^';
export type Opening = '(' | '[' | '{';
export type Closing = ')' | ']' | '}';
export type RelationSign = '=' | '<' | '>' | '<=' | '>=' | '!=' | '~' | 'in';

export function binary(op: BinaryOp, left: Formula, right: Formula): Formula {
  return { kind: 'binary', op, left, right };
}

export function call(name: string, ...of: readonly Formula[]): Formula {
  return { kind: 'call', name, of };
}

const KNOWN = new Set(['pi', 'e', 'i']);

/** The formulas that a formula is made of. */
function partsOf(formula: Formula): readonly Formula[] {
  switch (formula.kind) {
    case 'binary':
      return [formula.left, formula.right];
    case 'either':
      return formula.left === undefined ? [formula.right] : [formula.left, formula.right];
    case 'negative':
    case 'degrees':
    case 'percent':
      return [formula.of];
    case 'call':
      return formula.of;
    case 'bracket':
    case 'list':
      return formula.items;
    case 'union':
    case 'relation':
      return formula.parts;
    case 'matrix':
      return formula.rows.flat();
    default:
      return [];
  }
}

/** Names of the variables in a formula. */
export function variablesOf(formula: Formula): Set<string> {
  if (formula.kind === 'symbol') return new Set(KNOWN.has(formula.name) ? [] : [formula.name]);
  return new Set(partsOf(formula).flatMap((part) => [...variablesOf(part)]));
}

/** Whether there is such a formula in it, itself included. */
export function contains(formula: Formula, kind: Formula['kind']): boolean {
  return formula.kind === kind || partsOf(formula).some((part) => contains(part, kind));
}

/** The formula with its `±` as `+` (`sign` 1) or `-`, and its `∓` the other way. */
export function withSign(formula: Formula, sign: 1 | -1): Formula {
  const inner = (part: Formula): Formula => withSign(part, sign);
  switch (formula.kind) {
    case 'either': {
      const right = inner(formula.right);
      const isPlus = formula.upper * sign === 1;
      if (formula.left === undefined) return isPlus ? right : { kind: 'negative', of: right };
      return binary(isPlus ? '+' : '-', inner(formula.left), right);
    }
    case 'binary':
      return binary(formula.op, inner(formula.left), inner(formula.right));
    case 'negative':
    case 'degrees':
    case 'percent':
      return { ...formula, of: inner(formula.of) };
    case 'call':
      return { ...formula, of: formula.of.map(inner) };
    case 'bracket':
    case 'list':
      return { ...formula, items: formula.items.map(inner) };
    case 'union':
    case 'relation':
      return { ...formula, parts: formula.parts.map(inner) };
    case 'matrix':
      return { ...formula, rows: formula.rows.map((row) => row.map(inner)) };
    default:
      return formula;
  }
}
