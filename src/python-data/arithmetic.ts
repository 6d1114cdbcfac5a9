/** Arithmetic of ints and floats as Python has it. */

/** An int is a bigint, a float a number. */
export type Numeric = bigint | number;

/** What becomes of a computation that has no result. */
export interface Faults {
  /** Python raises. */
  /** `kind` is Python's class of the error, `text` its wording. */
  fail(message: string, kind?: string, text?: string): never;
  /** Python could do it, and we do not. */
  refuse(what: string, cure: string): never;
}

/** Size of a whole number, in bits: wider ones take long to make and occur in no data. */
const MOST_BITS = 4096;

/** Result of an operator on two numbers; undefined where there is no such operator for them. */
export function arithmetic(operator: string, a: Numeric, b: Numeric, faults: Faults): Numeric | undefined {
  if (typeof a === 'bigint' && typeof b === 'bigint') return onInts(operator, a, b, faults);
  return onFloats(operator, floatOf(a, faults), floatOf(b, faults), faults);
}

export function floatOf(value: Numeric, faults: Faults): number {
  const float = Number(value);
  if (typeof value === 'bigint' && !Number.isFinite(float)) faults.fail('int too large to convert to float');
  return float;
}

function onInts(operator: string, a: bigint, b: bigint, faults: Faults): Numeric | undefined {
  switch (operator) {
    case '+':
      return bounded(a + b, faults);
    case '-':
      return bounded(a - b, faults);
    case '*':
      return bounded(a * b, faults);
    case '/':
      return divided(a, b, faults);
    case '//':
      return floorDivided(a, nonZero(b, faults));
    case '%':
      return a - floorDivided(a, nonZero(b, faults)) * b;
    case '**':
      return powerOfInts(a, b, faults);
    case '&':
      return a & b;
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    default:
      return shifted(operator, a, b, faults);
  }
}

function shifted(operator: string, a: bigint, b: bigint, faults: Faults): bigint | undefined {
  if (operator !== '<<' && operator !== '>>') return undefined;
  if (b < 0n) faults.fail('negative shift count');
  if (operator === '>>') return b > MOST_BITS ? (a < 0n ? -1n : 0n) : a >> b;
  return a === 0n ? 0n : b > MOST_BITS ? tooBig(faults) : bounded(a << b, faults);
}

function bounded(value: bigint, faults: Faults): bigint {
  return value >> BigInt(MOST_BITS) === 0n || value >> BigInt(MOST_BITS) === -1n ? value : tooBig(faults);
}

function tooBig(faults: Faults): never {
  return faults.refuse(`a whole number has more than ${MOST_BITS} bits`, 'write a smaller number');
}

function nonZero(value: bigint, faults: Faults): bigint {
  return value === 0n ? faults.fail('division by zero', 'ZeroDivisionError') : value;
}

function floorDivided(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

/** Rounded once: the quotient has more bits than a float keeps, and the last one says whether anything was left. */
function divided(a: bigint, b: bigint, faults: Faults): number {
  nonZero(b, faults);
  const [x, y] = [Number(a), Number(b)];
  if (Number.isSafeInteger(x) && Number.isSafeInteger(y)) return x / y;
  const size = (value: bigint) => (value < 0n ? -value : value).toString(2).length;
  const shift = BigInt(Math.max(0, size(b) - size(a) + 66));
  const [above, below] = [a < 0n ? -a : a, b < 0n ? -b : b];
  const quotient = (above << shift) / below;
  const isExact = quotient * below === above << shift;
  const float = Number(isExact ? quotient : quotient | 1n) / 2 ** Number(shift);
  if (!Number.isFinite(float)) faults.fail('integer division result too large for a float');
  return a < 0n !== b < 0n ? -float : float;
}

function powerOfInts(a: bigint, b: bigint, faults: Faults): Numeric {
  if (b < 0n) return powerOfFloats(floatOf(a, faults), floatOf(b, faults), faults);
  if (a === 0n || a === 1n || b === 0n) return b === 0n ? 1n : a;
  if (a === -1n) return b % 2n === 0n ? 1n : -1n;
  if (b > MOST_BITS || BigInt((a < 0n ? -a : a).toString(2).length - 1) * b > MOST_BITS) tooBig(faults);
  return bounded(a ** b, faults);
}

function onFloats(operator: string, a: number, b: number, faults: Faults): number | undefined {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0 ? faults.fail('float division by zero', 'ZeroDivisionError') : a / b;
    case '//':
      return divmodOfFloats(a, b, faults)[0];
    case '%':
      return divmodOfFloats(a, b, faults)[1];
    case '**':
      return powerOfFloats(a, b, faults);
    default:
      return undefined;
  }
}

function divmodOfFloats(a: number, b: number, faults: Faults): readonly [number, number] {
  if (b === 0) faults.fail('float floor division by zero', 'ZeroDivisionError');
  let rest = a % b;
  let quotient = (a - rest) / b;
  if (rest === 0) rest = b < 0 ? -0 : 0;
  else if (rest < 0 !== b < 0) {
    rest += b;
    quotient -= 1;
  }
  if (quotient === 0) return [Object.is(a / b, -0) || a / b < 0 ? -0 : 0, rest];
  const floor = Math.floor(quotient);
  return [quotient - floor > 0.5 ? floor + 1 : floor, rest];
}

function powerOfFloats(a: number, b: number, faults: Faults): number {
  if (a === 0 && b < 0) faults.fail('0.0 cannot be raised to a negative power');
  if (a < 0 && Number.isFinite(a) && Number.isFinite(b) && !Number.isInteger(b))
    faults.refuse('a complex number is no value of a config', 'write a real number');
  // Python says 1.0 where one side is NaN or both are infinite, too.
  if (a === 1 || (a === -1 && !Number.isFinite(b) && !Number.isNaN(b))) return 1;
  const power = a ** b;
  if (!Number.isFinite(power) && Number.isFinite(a) && Number.isFinite(b))
    faults.fail('numerical result out of range');
  return power;
}
