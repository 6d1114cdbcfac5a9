/** Arithmetic of ints and floats as Python has it. */
import type { Numeric } from './access.ts';
import { LIMITS, type Machine } from './machine.ts';

/** Result of an operator on two numbers; undefined where there is no such operator for them. */
export function arithmetic(operator: string, a: Numeric, b: Numeric, machine: Machine): Numeric | undefined {
  if (typeof a === 'bigint' && typeof b === 'bigint') return onInts(operator, a, b, machine);
  return onFloats(operator, floatOf(a, machine), floatOf(b, machine), machine);
}

export function floatOf(value: Numeric, machine: Machine): number {
  const float = Number(value);
  if (typeof value === 'bigint' && !Number.isFinite(float)) machine.fail('int too large to convert to float');
  return float;
}

function onInts(operator: string, a: bigint, b: bigint, machine: Machine): Numeric | undefined {
  switch (operator) {
    case '+':
      return bounded(a + b, machine);
    case '-':
      return bounded(a - b, machine);
    case '*':
      return bounded(a * b, machine);
    case '/':
      return divided(a, b, machine);
    case '//':
      return floorDivided(a, nonZero(b, machine));
    case '%':
      return a - floorDivided(a, nonZero(b, machine)) * b;
    case '**':
      return powerOfInts(a, b, machine);
    case '&':
      return a & b;
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    default:
      return shifted(operator, a, b, machine);
  }
}

function shifted(operator: string, a: bigint, b: bigint, machine: Machine): bigint | undefined {
  if (operator !== '<<' && operator !== '>>') return undefined;
  if (b < 0n) machine.fail('negative shift count');
  if (operator === '>>') return b > LIMITS.bits ? (a < 0n ? -1n : 0n) : a >> b;
  return a === 0n ? 0n : b > LIMITS.bits ? tooBig(machine) : bounded(a << b, machine);
}

function bounded(value: bigint, machine: Machine): bigint {
  return value >> BigInt(LIMITS.bits) === 0n || value >> BigInt(LIMITS.bits) === -1n
    ? value
    : tooBig(machine);
}

function tooBig(machine: Machine): never {
  return machine.refuse(`a whole number has more than ${LIMITS.bits} bits`, 'write a smaller number');
}

function nonZero(value: bigint, machine: Machine): bigint {
  return value === 0n ? machine.fail('division by zero') : value;
}

function floorDivided(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

/** Rounded once: the quotient has more bits than a float keeps, and the last one says whether anything was left. */
function divided(a: bigint, b: bigint, machine: Machine): number {
  nonZero(b, machine);
  const [x, y] = [Number(a), Number(b)];
  if (Number.isSafeInteger(x) && Number.isSafeInteger(y)) return x / y;
  const size = (value: bigint) => (value < 0n ? -value : value).toString(2).length;
  const shift = BigInt(Math.max(0, size(b) - size(a) + 66));
  const [above, below] = [a < 0n ? -a : a, b < 0n ? -b : b];
  const quotient = (above << shift) / below;
  const isExact = quotient * below === above << shift;
  const float = Number(isExact ? quotient : quotient | 1n) / 2 ** Number(shift);
  if (!Number.isFinite(float)) machine.fail('integer division result too large for a float');
  return a < 0n !== b < 0n ? -float : float;
}

function powerOfInts(a: bigint, b: bigint, machine: Machine): Numeric {
  if (b < 0n) return powerOfFloats(floatOf(a, machine), floatOf(b, machine), machine);
  if (a === 0n || a === 1n || b === 0n) return b === 0n ? 1n : a;
  if (a === -1n) return b % 2n === 0n ? 1n : -1n;
  if (b > LIMITS.bits || BigInt((a < 0n ? -a : a).toString(2).length - 1) * b > LIMITS.bits) tooBig(machine);
  return bounded(a ** b, machine);
}

function onFloats(operator: string, a: number, b: number, machine: Machine): number | undefined {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0 ? machine.fail('float division by zero') : a / b;
    case '//':
      return divmodOfFloats(a, b, machine)[0];
    case '%':
      return divmodOfFloats(a, b, machine)[1];
    case '**':
      return powerOfFloats(a, b, machine);
    default:
      return undefined;
  }
}

function divmodOfFloats(a: number, b: number, machine: Machine): readonly [number, number] {
  if (b === 0) machine.fail('float floor division by zero');
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

function powerOfFloats(a: number, b: number, machine: Machine): number {
  if (a === 0 && b < 0) machine.fail('0.0 cannot be raised to a negative power');
  if (a < 0 && Number.isFinite(a) && Number.isFinite(b) && !Number.isInteger(b))
    machine.refuse('a complex number is no value of a config', 'write a real number');
  // Python says 1.0 where one side is NaN or both are infinite, too.
  if (a === 1 || (a === -1 && !Number.isFinite(b) && !Number.isNaN(b))) return 1;
  const power = a ** b;
  if (!Number.isFinite(power) && Number.isFinite(a) && Number.isFinite(b))
    machine.fail('numerical result out of range');
  return power;
}
