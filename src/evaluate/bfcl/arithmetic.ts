/** What Python makes of operators between literals: an argument such as `3 * 60` or `10 ** 6` counts as its result. */
import { isPyList, PyDict, PyTuple, type PyValue } from '../../python-data/value.ts';
import type { Expression } from './syntax.ts';

/** Wider integers take long to make and are no answer. */
const MOST_BITS = 100_000;

/** Throws TypeError where Python raises, and for what needs more than literals and operators. */
export function evaluate(syntax: Expression): PyValue {
  switch (syntax.kind) {
    case 'constant':
      return syntax.value;
    case 'list':
      return syntax.items.map(evaluate);
    case 'tuple':
      return new PyTuple(syntax.items.map(evaluate));
    case 'dict':
      return new PyDict(
        syntax.entries.map(({ key, value }) => [evaluate(key ?? refuse('**')), evaluate(value)] as const),
      );
    case 'unary':
      return sign(syntax.operator, evaluate(syntax.operand));
    case 'binary':
      return combine(syntax.operator, evaluate(syntax.left), evaluate(syntax.right));
    default:
      return refuse(syntax.kind);
  }
}

function refuse(what: string): never {
  throw new TypeError(`${what} cannot be computed`);
}

type PyNumber = bigint | number;

/** A bool counts as an int. */
function numberOf(value: PyValue): PyNumber | undefined {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  return typeof value === 'bigint' || typeof value === 'number' ? value : undefined;
}

function sign(operator: string, operand: PyValue): PyValue {
  const number = numberOf(operand);
  if (number === undefined) return refuse(operator);
  if (operator === '-') return -number;
  if (operator === '+') return number;
  return operator === '~' && typeof number === 'bigint' ? ~number : refuse(operator);
}

function combine(operator: string, left: PyValue, right: PyValue): PyValue {
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a !== undefined && b !== undefined) {
    if (typeof left === 'boolean' && typeof right === 'boolean' && '&|^'.includes(operator)) {
      return integers(operator, a as bigint, b as bigint) !== 0n;
    }
    return typeof a === 'bigint' && typeof b === 'bigint'
      ? integers(operator, a, b)
      : floats(operator, Number(a), Number(b));
  }
  if (operator === '+') return joined(left, right);
  if (operator === '*' && typeof b === 'bigint') return repeated(left, b);
  if (operator === '*' && typeof a === 'bigint') return repeated(right, a);
  return refuse(operator);
}

function integers(operator: string, a: bigint, b: bigint): PyValue {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0n ? refuse('a division by zero') : Number(a) / Number(b);
    case '//':
      return b === 0n ? refuse('a division by zero') : floorDivided(a, b);
    case '%':
      return b === 0n ? refuse('a division by zero') : a - b * floorDivided(a, b);
    case '**':
      return b < 0n ? floats(operator, Number(a), Number(b)) : power(a, b);
    case '<<':
      return b < 0n || b > MOST_BITS ? refuse(operator) : a << b;
    case '>>':
      return b < 0n ? refuse(operator) : a >> b;
    case '&':
      return a & b;
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    default:
      return refuse(operator);
  }
}

function floorDivided(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

function power(base: bigint, exponent: bigint): bigint {
  const bits = BigInt(base.toString(2).length) * exponent;
  return bits > MOST_BITS ? refuse('so large a power') : base ** exponent;
}

function floats(operator: string, a: number, b: number): PyValue {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0 ? refuse('a division by zero') : a / b;
    case '//':
      return b === 0 ? refuse('a division by zero') : Math.floor(a / b);
    case '%':
      return b === 0 ? refuse('a division by zero') : floatRemainder(a, b);
    case '**':
      return (a < 0 && !Number.isInteger(b)) || (a === 0 && b < 0) ? refuse(operator) : a ** b;
    default:
      return refuse(operator);
  }
}

/** With the sign of the divisor. */
function floatRemainder(a: number, b: number): number {
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}

function joined(a: PyValue, b: PyValue): PyValue {
  if (typeof a === 'string' && typeof b === 'string') return a + b;
  if (isPyList(a) && isPyList(b)) return [...a, ...b];
  if (a instanceof PyTuple && b instanceof PyTuple) return new PyTuple([...a.items, ...b.items]);
  return refuse('+');
}

/** Longer texts and lists than any answer has are refused. */
const LONGEST = 1_000_000;

function repeated(value: PyValue, times: bigint): PyValue {
  const count = times < 0n ? 0 : Number(times);
  const items = value instanceof PyTuple ? value.items : value;
  if (typeof items !== 'string' && !isPyList(items)) return refuse('*');
  if (items.length * count > LONGEST) return refuse('so long a value');
  if (typeof items === 'string') return items.repeat(count);
  const all = Array.from({ length: count }, () => items).flat() as PyValue[];
  return value instanceof PyTuple ? new PyTuple(all) : all;
}
