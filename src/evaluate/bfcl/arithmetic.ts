/** What Python makes of operators between literals: an argument such as `3 * 60` or `10 ** 6` counts as its result. */
import { arithmetic, type Faults, type Numeric } from '../../python-data/arithmetic.ts';
import { isPyList, PyDict, PyTuple, type PyValue } from '../../python-data/value.ts';
import type { Expression } from './syntax.ts';

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

const FAULTS: Faults = { fail: refuse, refuse };

/** A bool counts as an int. */
function numberOf(value: PyValue): Numeric | undefined {
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
    const result = arithmetic(operator, a, b, FAULTS) ?? refuse(operator);
    const isBool = typeof left === 'boolean' && typeof right === 'boolean' && '&|^'.includes(operator);
    return isBool ? result !== 0n : result;
  }
  if (operator === '+') return joined(left, right);
  if (operator === '*' && typeof b === 'bigint') return repeated(left, b);
  if (operator === '*' && typeof a === 'bigint') return repeated(right, a);
  return refuse(operator);
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
