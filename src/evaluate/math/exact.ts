import type { Formula } from './formula.ts';
import {
  add,
  decimal,
  divide,
  fraction,
  isHuge,
  isWhole,
  multiply,
  negate,
  power,
  type Rational,
  root,
  toNumber,
} from './rational.ts';

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
      return left && right && operate(formula.op, left, right);
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

function operate(op: string, left: Rational, right: Rational): Rational | undefined {
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
      return isCount(first) ? fraction(product(1n, first.above)) : undefined;
    case 'binomial':
      return second && isCount(first) && isCount(second) ? choose(first.above, second.above) : undefined;
    default:
      return undefined;
  }
}

function floorOf({ above, below }: Rational): bigint {
  const quotient = above / below;
  return above % below < 0n ? quotient - 1n : quotient;
}

function isCount(value: Rational): boolean {
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
