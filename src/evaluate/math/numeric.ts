import {
  add,
  decimal,
  divide,
  type Formula,
  fraction,
  isHuge,
  isWhole,
  multiply,
  negate,
  power,
  type Rational,
  root,
  toNumber,
} from './formula.ts';
import { Unreadable } from './read-atom.ts';

/**
 * Complex numbers as two doubles, with a bound on the error that rounding left in them: what cancels in a sum is then known to be
 * inexact, and not taken for a difference.
 */
export interface ComplexValue {
  readonly re: number;
  readonly im: number;
  /** Absolute, of the first order. */
  readonly error: number;
}

const ROUNDING = Number.EPSILON;

function value(re: number, im = 0, error = 0): ComplexValue {
  return { re, im, error: error + ROUNDING * Math.hypot(re, im) };
}

const NOTHING: ComplexValue = { re: Number.NaN, im: Number.NaN, error: Number.NaN };

function size({ re, im }: ComplexValue): number {
  return Math.hypot(re, im);
}

function isDefined(a: ComplexValue): boolean {
  return Number.isFinite(a.re) && Number.isFinite(a.im) && Number.isFinite(a.error);
}

function plus(a: ComplexValue, b: ComplexValue): ComplexValue {
  return value(a.re + b.re, a.im + b.im, a.error + b.error);
}

function minus(a: ComplexValue, b: ComplexValue): ComplexValue {
  return value(a.re - b.re, a.im - b.im, a.error + b.error);
}

function times(a: ComplexValue, b: ComplexValue): ComplexValue {
  const error = size(a) * b.error + size(b) * a.error;
  return value(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re, error);
}

function over(a: ComplexValue, b: ComplexValue): ComplexValue {
  const length = size(b);
  if (length <= 4 * b.error || length === 0) return NOTHING;
  const [re, im] = [b.re / length, b.im / length];
  const error = a.error / length + (size(a) * b.error) / length ** 2;
  return value((a.re * re + a.im * im) / length, (a.im * re - a.re * im) / length, error);
}

/** e to the power of a. */
function exponential(a: ComplexValue): ComplexValue {
  const length = Math.exp(a.re);
  return value(length * Math.cos(a.im), length * Math.sin(a.im), length * a.error);
}

/** The principal logarithm. */
function logarithm(a: ComplexValue): ComplexValue {
  const length = size(a);
  if (length <= 4 * a.error) return NOTHING;
  return value(Math.log(length), Math.atan2(a.im, a.re), a.error / length);
}

function squareRoot(a: ComplexValue): ComplexValue {
  const length = size(a);
  if (length === 0) return value(0, 0, Math.sqrt(a.error));
  const root = Math.sqrt(length);
  const error = Math.min(a.error / root, Math.sqrt(a.error));
  if (a.im === 0) return a.re > 0 ? value(root, 0, error) : value(0, root, error);
  const half = Math.atan2(a.im, a.re) / 2;
  return value(root * Math.cos(half), root * Math.sin(half), error);
}

/** `base` to a power: whole ones by squaring, others over the principal logarithm. */
function toPower(base: ComplexValue, exponent: ComplexValue): ComplexValue {
  const n = exponent.re;
  if (exponent.im === 0 && Number.isInteger(n) && Math.abs(n) <= 4096) return wholePower(base, n);
  if (size(base) <= 4 * base.error) return NOTHING;
  if (base.im === 0 && base.re > 0 && exponent.im === 0) {
    const result = base.re ** n;
    const error = (Math.abs(n) * base.error) / base.re + Math.abs(Math.log(base.re)) * exponent.error;
    return value(result, 0, result * error);
  }
  return exponential(times(logarithm(base), exponent));
}

function wholePower(base: ComplexValue, n: number): ComplexValue {
  if (n < 0) return over(value(1), wholePower(base, -n));
  let [result, square] = [value(1), base];
  for (let rest = n; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = times(result, square);
    if (rest > 1) square = times(square, square);
  }
  return result;
}

/**
 * Two parts in 10^11 of the larger, or what rounding can explain. A decimal that was cut is no fraction: 0.333 is not 1/3, and
 * 1.41421356 is not the root of 2.
 */
const TOLERANCE = 2e-11;

export function isClose(a: ComplexValue, b: ComplexValue): boolean {
  const allowed = TOLERANCE * Math.max(size(a), size(b)) + 64 * (a.error + b.error);
  return Math.hypot(a.re - b.re, a.im - b.im) <= allowed;
}

/** Whether so much cancelled that the value says little. */
export function isVague(a: ComplexValue): boolean {
  return !isDefined(a) || (a.error > 1e-9 && a.error > 1e-9 * size(a));
}

/** The fraction that a formula is; undefined where it is none, or too large, or nothing shows that it is one. */
export function exactValue(formula: Formula): Rational | undefined {
  const found = fractionOf(formula);
  return found === undefined || isHuge(found) ? undefined : found;
}

function fractionOf(formula: Formula): Rational | undefined {
  switch (formula.kind) {
    case 'number':
      return formula.value;
    case 'based':
      return basedValue(formula.digits, formula.base);
    case 'negative':
      return mapped(exactValue(formula.of), negate);
    case 'degrees':
      return exactValue(formula.of);
    case 'percent':
      return mapped(exactValue(formula.of), (of) => multiply(of, fraction(1n, 100n)));
    case 'binary': {
      const left = exactValue(formula.left);
      const right = left && exactValue(formula.right);
      return left && right && operateExactly(formula.op, left, right);
    }
    case 'call':
      return callValue(formula.name, formula.of.map(exactValue));
    default:
      return undefined;
  }
}

function mapped(value: Rational | undefined, map: (value: Rational) => Rational): Rational | undefined {
  return value && map(value);
}

function operateExactly(op: string, left: Rational, right: Rational): Rational | undefined {
  switch (op) {
    case '+':
      return add(left, right);
    case '-':
      return add(left, negate(right));
    case '*':
      return multiply(left, right);
    case '/':
      return divide(left, right);
    default:
      return exactPower(left, right);
  }
}

/** A fraction to a fraction: `4^{3/2}` is 8. */
function exactPower(base: Rational, exponent: Rational): Rational | undefined {
  const rooted = isWhole(exponent)
    ? base
    : exponent.below > 64n
      ? undefined
      : root(base, Number(exponent.below));
  return rooted && power(rooted, exponent.above);
}

const LARGEST_FACTORIAL = 500;

function callValue(name: string, of: readonly (Rational | undefined)[]): Rational | undefined {
  const [first, second] = of;
  if (first === undefined || (of.length > 1 && second === undefined)) return undefined;
  switch (name) {
    case 'sqrt':
      return first.above < 0n ? undefined : root(first, 2);
    case 'root':
      return isWhole(first) && first.above > 0n && first.above <= 64n
        ? root(second!, Number(first.above))
        : undefined;
    case 'abs':
      return first.above < 0n ? negate(first) : first;
    case 'floor':
      return fraction(floorOf(first));
    case 'ceil':
      return fraction(-floorOf(negate(first)));
    case 'factorial':
      return isWholeCount(first) ? fraction(product(1n, first.above)) : undefined;
    case 'binomial':
      return second && isWholeCount(first) && isWholeCount(second)
        ? choose(first.above, second.above)
        : undefined;
    default:
      return undefined;
  }
}

function floorOf({ above, below }: Rational): bigint {
  const quotient = above / below;
  return above % below < 0n ? quotient - 1n : quotient;
}

function isWholeCount(value: Rational): boolean {
  return isWhole(value) && value.above >= 0n && toNumber(value) <= LARGEST_FACTORIAL;
}

function choose(n: bigint, k: bigint): Rational {
  if (k > n) return fraction(0n);
  return fraction(product(n - k + 1n, n), product(1n, k));
}

/** Of all whole numbers from the first to the last. */
function product(from: bigint, to: bigint): bigint {
  let result = 1n;
  for (let factor = from; factor <= to; factor++) result *= factor;
  return result;
}

/** Undefined where a digit is none of the base. */
function basedValue(digits: string, base: number): Rational | undefined {
  if (base < 2 || base > 10 || [...digits].some((digit) => Number(digit) >= base)) return undefined;
  return base === 10
    ? decimal(digits)
    : fraction([...digits].reduce((sum, digit) => sum * BigInt(base) + BigInt(digit), 0n));
}

/** What evaluating may cost for one pair of answers, in operations; there is no clock in this room. */
export class Budget {
  private left: number;

  constructor(operations: number) {
    this.left = operations;
  }

  /** Throws Unreadable when nothing is left. */
  spend(operations = 1): void {
    this.left -= operations;
    if (this.left < 0) throw new Unreadable('too much to compute');
  }
}

/** The values of variables at one point. */
export type Point = ReadonlyMap<string, number>;

const CONSTANTS: ReadonlyMap<string, ComplexValue> = new Map([
  ['pi', value(Math.PI)],
  ['e', value(Math.E)],
  ['i', value(0, 1)],
]);

/** The value of an expression at a point, not finite where it has none. Throws Unreadable for what has no number for a value. */
export function valueAt(formula: Formula, point: Point, budget: Budget): ComplexValue {
  budget.spend();
  switch (formula.kind) {
    case 'number':
      return value(toNumber(formula.value));
    case 'based': {
      const exact = exactValue(formula);
      return exact === undefined ? NOTHING : value(toNumber(exact));
    }
    case 'symbol':
      return CONSTANTS.get(formula.name) ?? value(point.get(formula.name) ?? Number.NaN);
    case 'negative':
      return minus(value(0), valueAt(formula.of, point, budget));
    case 'degrees':
      return valueAt(formula.of, point, budget);
    case 'percent':
      return over(valueAt(formula.of, point, budget), value(100));
    case 'binary':
      return operate(formula, point, budget);
    case 'call':
      return callAt(formula, point, budget);
    default:
      throw new Unreadable(`a ${formula.kind} has no number for a value`);
  }
}

type Operation = Extract<Formula, { kind: 'binary' }>;

function operate({ op, left, right }: Operation, point: Point, budget: Budget): ComplexValue {
  const [a, b] = [valueAt(left, point, budget), valueAt(right, point, budget)];
  switch (op) {
    case '+':
      return plus(a, b);
    case '-':
      return minus(a, b);
    case '*':
      return times(a, b);
    case '/':
      return over(a, b);
    default:
      return oddRoot(a, right) ?? toPower(a, b);
  }
}

/** `(-8)^{1/3}` is -2 to everyone: fractions with an odd denominator have a real value. */
function oddRoot(base: ComplexValue, exponent: Formula): ComplexValue | undefined {
  if (base.im !== 0 || base.re >= 0) return undefined;
  const exact = exactValue(exponent);
  if (exact === undefined || exact.below === 1n || exact.below % 2n === 0n) return undefined;
  const positive = toPower(minus(value(0), base), value(toNumber(exact)));
  return exact.above % 2n === 0n ? positive : minus(value(0), positive);
}

type FormulaCall = Extract<Formula, { kind: 'call' }>;

function callAt(formula: FormulaCall, point: Point, budget: Budget): ComplexValue {
  const [first, second] = formula.of;
  if (first === undefined) throw new Unreadable(`${formula.name} of nothing`);
  if (formula.name === 'root') return rootAt(first, second, point, budget);
  const a = angle(formula.name, first, valueAt(first, point, budget));
  const b = second && valueAt(second, point, budget);
  const compute = b === undefined ? ONE_ARGUMENT[formula.name] : undefined;
  if (compute !== undefined) return compute(a);
  const both = b === undefined ? undefined : TWO_ARGUMENTS[formula.name];
  if (both === undefined || b === undefined) throw new Unreadable(`${formula.name} is not known`);
  return both(a, b);
}

function rootAt(order: Formula, of: Formula | undefined, point: Point, budget: Budget): ComplexValue {
  if (of === undefined) throw new Unreadable('a root of nothing');
  const inverse: Formula = {
    kind: 'binary',
    op: '/',
    left: { kind: 'number', value: WHOLE_ONE },
    right: order,
  };
  const base = valueAt(of, point, budget);
  return oddRoot(base, inverse) ?? toPower(base, valueAt(inverse, point, budget));
}

const WHOLE_ONE = { above: 1n, below: 1n };

/** Trigonometric functions take degrees where their argument says so. */
function angle(name: string, argument: Formula, a: ComplexValue): ComplexValue {
  return argument.kind === 'degrees' && TRIGONOMETRIC.test(name) ? times(a, value(Math.PI / 180)) : a;
}

const TRIGONOMETRIC = /^(?:sin|cos|tan|cot|sec|csc)$/;

const ONE_ARGUMENT: Readonly<Record<string, (a: ComplexValue) => ComplexValue>> = {
  sqrt: squareRoot,
  exp: exponential,
  ln: logarithm,
  log: (a) => over(logarithm(a), value(Math.LN10)),
  sin: sine,
  cos: cosine,
  tan: (a) => over(sine(a), cosine(a)),
  cot: (a) => over(cosine(a), sine(a)),
  sec: (a) => over(value(1), cosine(a)),
  csc: (a) => over(value(1), sine(a)),
  sinh: (a) => over(minus(exponential(a), exponential(minus(value(0), a))), value(2)),
  cosh: (a) => over(plus(exponential(a), exponential(minus(value(0), a))), value(2)),
  tanh: (a) => real(a, Math.tanh),
  arcsin: (a) => real(a, Math.asin),
  arccos: (a) => real(a, Math.acos),
  arctan: (a) => real(a, Math.atan),
  abs: (a) => value(size(a), 0, a.error),
  floor: (a) => real(a, (re) => Math.floor(re + 1e-9)),
  ceil: (a) => real(a, (re) => Math.ceil(re - 1e-9)),
  factorial: (a) => (isCount(a) ? value(productTo(a.re)) : NOTHING),
};

const TWO_ARGUMENTS: Readonly<Record<string, (a: ComplexValue, b: ComplexValue) => ComplexValue>> = {
  log: (base, a) => over(logarithm(a), logarithm(base)),
  binomial: (n, k) => (isCount(n) && isCount(k) ? value(binomial(n.re, k.re)) : NOTHING),
  max: (a, b) => (a.im === 0 && b.im === 0 ? (a.re > b.re ? a : b) : NOTHING),
  min: (a, b) => (a.im === 0 && b.im === 0 ? (a.re < b.re ? a : b) : NOTHING),
};

function sine(a: ComplexValue): ComplexValue {
  const error = a.error * Math.cosh(a.im);
  return value(Math.sin(a.re) * Math.cosh(a.im), Math.cos(a.re) * Math.sinh(a.im), error + Number.EPSILON);
}

function cosine(a: ComplexValue): ComplexValue {
  const error = a.error * Math.cosh(a.im);
  return value(Math.cos(a.re) * Math.cosh(a.im), -Math.sin(a.re) * Math.sinh(a.im), error + Number.EPSILON);
}

function real(a: ComplexValue, compute: (re: number) => number): ComplexValue {
  return a.im === 0 && isDefined(a) ? value(compute(a.re), 0, a.error) : NOTHING;
}

function isCount({ re, im }: ComplexValue): boolean {
  return im === 0 && Number.isInteger(re) && re >= 0 && re <= 170;
}

function productTo(n: number): number {
  let product = 1;
  for (let factor = 2; factor <= n; factor++) product *= factor;
  return product;
}

function binomial(n: number, k: number): number {
  let result = 1;
  for (let i = 1; i <= k; i++) result = (result * (n - k + i)) / i;
  return k > n ? 0 : result;
}
