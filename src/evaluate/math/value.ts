/**
 * Complex numbers as two doubles, with a bound on the error that rounding left in them: what cancels in a sum is then known to be
 * inexact, and not taken for a difference.
 */
export interface Value {
  readonly re: number;
  readonly im: number;
  /** Absolute, of the first order. */
  readonly error: number;
}

const ROUNDING = Number.EPSILON;

export function value(re: number, im = 0, error = 0): Value {
  return { re, im, error: error + ROUNDING * Math.hypot(re, im) };
}

export const NOTHING: Value = { re: Number.NaN, im: Number.NaN, error: Number.NaN };

export function size({ re, im }: Value): number {
  return Math.hypot(re, im);
}

export function isDefined(a: Value): boolean {
  return Number.isFinite(a.re) && Number.isFinite(a.im) && Number.isFinite(a.error);
}

export function plus(a: Value, b: Value): Value {
  return value(a.re + b.re, a.im + b.im, a.error + b.error);
}

export function minus(a: Value, b: Value): Value {
  return value(a.re - b.re, a.im - b.im, a.error + b.error);
}

export function times(a: Value, b: Value): Value {
  const error = size(a) * b.error + size(b) * a.error;
  return value(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re, error);
}

export function over(a: Value, b: Value): Value {
  const length = size(b);
  if (length <= 4 * b.error || length === 0) return NOTHING;
  const [re, im] = [b.re / length, b.im / length];
  const error = a.error / length + (size(a) * b.error) / length ** 2;
  return value((a.re * re + a.im * im) / length, (a.im * re - a.re * im) / length, error);
}

/** e to the power of a. */
export function exponential(a: Value): Value {
  const length = Math.exp(a.re);
  return value(length * Math.cos(a.im), length * Math.sin(a.im), length * a.error);
}

/** The principal logarithm. */
export function logarithm(a: Value): Value {
  const length = size(a);
  if (length <= 4 * a.error) return NOTHING;
  return value(Math.log(length), Math.atan2(a.im, a.re), a.error / length);
}

export function squareRoot(a: Value): Value {
  const length = size(a);
  if (length === 0) return value(0, 0, Math.sqrt(a.error));
  const root = Math.sqrt(length);
  const error = Math.min(a.error / root, Math.sqrt(a.error));
  if (a.im === 0) return a.re > 0 ? value(root, 0, error) : value(0, root, error);
  const half = Math.atan2(a.im, a.re) / 2;
  return value(root * Math.cos(half), root * Math.sin(half), error);
}

/** `base` to a power: whole ones by squaring, others over the principal logarithm. */
export function toPower(base: Value, exponent: Value): Value {
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

function wholePower(base: Value, n: number): Value {
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

export function isClose(a: Value, b: Value): boolean {
  const allowed = TOLERANCE * Math.max(size(a), size(b)) + 64 * (a.error + b.error);
  return Math.hypot(a.re - b.re, a.im - b.im) <= allowed;
}

/** Whether so much cancelled that the value says little. */
export function isVague(a: Value): boolean {
  return !isDefined(a) || (a.error > 1e-9 && a.error > 1e-9 * size(a));
}
