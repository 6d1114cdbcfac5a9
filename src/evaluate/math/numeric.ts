import { exactValue } from './exact.ts';
import type { Formula } from './formula.ts';
import { toNumber } from './rational.ts';
import { Unreadable } from './source.ts';
import {
  exponential,
  isDefined,
  logarithm,
  minus,
  NOTHING,
  over,
  plus,
  size,
  squareRoot,
  times,
  toPower,
  type Value,
  value,
} from './value.ts';

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

const CONSTANTS: ReadonlyMap<string, Value> = new Map([
  ['pi', value(Math.PI)],
  ['e', value(Math.E)],
  ['i', value(0, 1)],
]);

/** The value of an expression at a point, not finite where it has none. Throws Unreadable for what has no number for a value. */
export function valueAt(formula: Formula, point: Point, budget: Budget): Value {
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

function operate({ op, left, right }: Operation, point: Point, budget: Budget): Value {
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

/** `(-8)^{1/3}` is -2 to whoever asks: fractions with an odd denominator have a real value. */
function oddRoot(base: Value, exponent: Formula): Value | undefined {
  if (base.im !== 0 || base.re >= 0) return undefined;
  const exact = exactValue(exponent);
  if (exact === undefined || exact.below === 1n || exact.below % 2n === 0n) return undefined;
  const positive = toPower(minus(value(0), base), value(toNumber(exact)));
  return exact.above % 2n === 0n ? positive : minus(value(0), positive);
}

type Call = Extract<Formula, { kind: 'call' }>;

function callAt(formula: Call, point: Point, budget: Budget): Value {
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

function rootAt(order: Formula, of: Formula | undefined, point: Point, budget: Budget): Value {
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
function angle(name: string, argument: Formula, a: Value): Value {
  return argument.kind === 'degrees' && TRIGONOMETRIC.test(name) ? times(a, value(Math.PI / 180)) : a;
}

const TRIGONOMETRIC = /^(?:sin|cos|tan|cot|sec|csc)$/;

const ONE_ARGUMENT: Readonly<Record<string, (a: Value) => Value>> = {
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

const TWO_ARGUMENTS: Readonly<Record<string, (a: Value, b: Value) => Value>> = {
  log: (base, a) => over(logarithm(a), logarithm(base)),
  binomial: (n, k) => (isCount(n) && isCount(k) ? value(binomial(n.re, k.re)) : NOTHING),
  max: (a, b) => (a.im === 0 && b.im === 0 ? (a.re > b.re ? a : b) : NOTHING),
  min: (a, b) => (a.im === 0 && b.im === 0 ? (a.re < b.re ? a : b) : NOTHING),
};

function sine(a: Value): Value {
  const error = a.error * Math.cosh(a.im);
  return value(Math.sin(a.re) * Math.cosh(a.im), Math.cos(a.re) * Math.sinh(a.im), error + Number.EPSILON);
}

function cosine(a: Value): Value {
  const error = a.error * Math.cosh(a.im);
  return value(Math.cos(a.re) * Math.cosh(a.im), -Math.sin(a.re) * Math.sinh(a.im), error + Number.EPSILON);
}

function real(a: Value, compute: (re: number) => number): Value {
  return a.im === 0 && isDefined(a) ? value(compute(a.re), 0, a.error) : NOTHING;
}

function isCount({ re, im }: Value): boolean {
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
