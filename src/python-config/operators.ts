/** Operators on values, and items and slices of them. */

import { arithmetic } from '../python-data/arithmetic.ts';
import {
  collect,
  compare,
  getItem,
  hashKey,
  isEqual,
  isSame,
  iterate,
  keyError,
  makeSet,
  numeric,
} from './access.ts';
import { combineSets, copyDict } from './container-methods.ts';
import { formatPercent } from './format.ts';
import type { Machine } from './machine.ts';
import { parametrised, typeUnion } from './type-expressions.ts';
import {
  Bytes,
  characters,
  Dict,
  List,
  PyImport,
  PyIterator,
  type PyObject,
  PySet,
  Range,
  Tuple,
  typeName,
  View,
} from './values.ts';

/** Evaluates a binary operator. */
export function applyBinary(operator: string, a: PyObject, b: PyObject, machine: Machine): PyObject {
  const [x, y] = [numeric(a), numeric(b)];
  if (x !== undefined && y !== undefined) {
    // Only these three keep two bools a bool.
    if (typeof a === 'boolean' && typeof b === 'boolean' && /^[&|^]$/.test(operator))
      return operator === '&' ? a && b : operator === '|' ? a || b : a !== b;
    return arithmetic(operator, x, y, machine) ?? unsupported(operator, a, b, machine);
  }
  const union = operator === '|' ? typeUnion(a, b) : undefined;
  if (union !== undefined) return union;
  if (operator === '+') return addValues(a, b, machine);
  if (operator === '*') return repeatItems(a, b, machine);
  if (operator === '%' && typeof a === 'string') return formatPercent(a, b, machine);
  if (operator === '|' && a instanceof Dict && b instanceof Dict) {
    const merged = copyDict(a, { machine });
    for (const [hash, entry] of b.entries) merged.entries.set(hash, { ...entry });
    machine.items(b.entries.size);
    return merged;
  }
  const [left, right] = [asSet(a, machine), asSet(b, machine)];
  if (left !== undefined && right !== undefined) return combineSets(left, right, operator, machine);
  return unsupported(operator, a, b, machine);
}

/** Sets, and views of keys or items as sets. */
function asSet(value: PyObject, machine: Machine): PySet | undefined {
  if (value instanceof PySet) return value;
  return value instanceof View && value.kind !== 'values'
    ? makeSet(iterate(value, machine), machine)
    : undefined;
}

function unsupported(operator: string, a: PyObject, b: PyObject, machine: Machine): never {
  const imported = [a, b].find((one) => one instanceof PyImport);
  if (imported !== undefined)
    machine.refuse(`${imported.dotted} is imported, not run: it has no value here`, 'write the value itself');
  return machine.fail(
    `unsupported operand type(s) for ${operator}: '${typeName(a)}' and '${typeName(b)}'`,
    'TypeError',
  );
}

/** Evaluates `a + b`. */
export function addValues(a: PyObject, b: PyObject, machine: Machine): PyObject {
  const [x, y] = [numeric(a), numeric(b)];
  if (x !== undefined && y !== undefined) return arithmetic('+', x, y, machine) as PyObject;
  if (typeof a === 'string' && typeof b === 'string') {
    machine.text(a.length + b.length);
    return a + b;
  }
  const isList = a instanceof List && b instanceof List;
  if (isList || (a instanceof Tuple && b instanceof Tuple)) {
    machine.items(a.items.length + b.items.length);
    const items = [...a.items, ...b.items];
    return isList ? new List(items) : new Tuple(items);
  }
  if (a instanceof Bytes && b instanceof Bytes) {
    machine.text(a.text.length + b.text.length);
    return new Bytes(a.text + b.text);
  }
  return unsupported('+', a, b, machine);
}

function repeatItems(a: PyObject, b: PyObject, machine: Machine): PyObject {
  const [x, y] = [numeric(a), numeric(b)];
  if (typeof x === 'bigint' && y === undefined) return repeatItems(b, a, machine);
  if (typeof y !== 'bigint') return unsupported('*', a, b, machine);
  if (y < -(2n ** 63n)) machine.fail("cannot fit 'int' into an index-sized integer");
  const count = y > 0n ? Number(y) : 0;
  if (typeof a === 'string' || a instanceof Bytes) {
    const text = typeof a === 'string' ? a : a.text;
    machine.text(text.length * count);
    return typeof a === 'string'
      ? text.repeat(text === '' ? 0 : count)
      : new Bytes(text.repeat(text === '' ? 0 : count));
  }
  if (!(a instanceof List || a instanceof Tuple)) return unsupported('*', a, b, machine);
  machine.items(a.items.length * count);
  const items: PyObject[] = [];
  for (let round = 0; a.items.length > 0 && round < count; round++)
    for (const item of a.items) items.push(item);
  return a instanceof List ? new List(items) : new Tuple(items);
}

/** `==`, `<`, `in`, `is` and their like. */
export function testOperator(operator: string, a: PyObject, b: PyObject, machine: Machine): boolean {
  switch (operator) {
    case '==':
      return isEqual(a, b, machine);
    case '!=':
      return !isEqual(a, b, machine);
    case 'in':
      return contains(b, a, machine);
    case 'not in':
      return !contains(b, a, machine);
    case 'is':
      return isSame(a, b);
    case 'is not':
      return !isSame(a, b);
    default:
      return isOrdered(operator, a, b, machine);
  }
}

function isOrdered(operator: string, a: PyObject, b: PyObject, machine: Machine): boolean {
  if (a instanceof PySet && b instanceof PySet) {
    const [inner, outer] = operator.startsWith('<') ? [a, b] : [b, a];
    machine.step(inner.items.size);
    const isWithin = [...inner.items.keys()].every((key) => outer.items.has(key));
    return isWithin && (operator.endsWith('=') || inner.items.size < outer.items.size);
  }
  const order = compare(a, b, operator, machine);
  if (order === undefined) return false;
  return operator === '<'
    ? order < 0
    : operator === '<='
      ? order <= 0
      : operator === '>'
        ? order > 0
        : order >= 0;
}

function contains(container: PyObject, item: PyObject, machine: Machine): boolean {
  if (typeof container === 'string') {
    machine.step(Math.ceil(container.length / 64));
    if (typeof item === 'string') return container.includes(item);
    return machine.fail(`'in <string>' requires string as left operand, not ${typeName(item)}`);
  }
  if (container instanceof Dict) return container.entries.has(hashKey(item, machine));
  if (container instanceof PySet) return container.items.has(hashKey(item, machine));
  if (container instanceof View && container.kind === 'keys')
    return container.dict.entries.has(hashKey(item, machine));
  if (container instanceof Range) return isInRange(container, item);
  for (const one of iterate(container, machine)) if (one === item || isEqual(one, item, machine)) return true;
  return false;
}

function isInRange({ start, step, length }: Range, item: PyObject): boolean {
  const number = Number(numeric(item) ?? Number.NaN);
  const index = (number - start) / step;
  return Number.isInteger(index) && index >= 0 && index < length;
}

/** The parts of a slice. */
export interface Bounds {
  readonly start: PyObject;
  readonly stop: PyObject;
  readonly step: PyObject;
}

/** Positions that a slice of so many items means. */
export function positions(
  length: number,
  bounds: Bounds,
  machine: Machine,
): { start: number; stop: number; step: number } {
  const whole = (value: PyObject): number | undefined => {
    const number = value === null ? undefined : numeric(value);
    if (value !== null && typeof number !== 'bigint') machine.fail('slice indices must be integers or None');
    return number === undefined
      ? undefined
      : Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, Number(number)));
  };
  const step = whole(bounds.step) ?? 1;
  if (step === 0) machine.fail('slice step cannot be zero');
  const [low, high] = step > 0 ? [0, length] : [-1, length - 1];
  const within = (value: number | undefined, fallback: number) =>
    value === undefined ? fallback : Math.min(high, Math.max(low, value < 0 ? value + length : value));
  return {
    start: within(whole(bounds.start), step > 0 ? low : high),
    stop: within(whole(bounds.stop), step > 0 ? high : low),
    step,
  };
}

/** Evaluates `value[start:stop:step]`. */
export function getSlice(value: PyObject, bounds: Bounds, machine: Machine): PyObject {
  if (value instanceof Range)
    return new List(collect(getSlice(new Tuple(collect(value, machine)), bounds, machine), machine));
  const isText = typeof value === 'string';
  if (!isText && !(value instanceof List || value instanceof Tuple || value instanceof Bytes))
    return machine.fail(`'${typeName(value)}' object is not subscriptable by a slice`);
  const all = isText ? characters(value) : value instanceof Bytes ? value.text : value.items;
  const { start, stop, step } = positions(all.length, bounds, machine);
  const picked: (PyObject | string)[] = [];
  machine.items(Math.max(0, Math.ceil((stop - start) / step)));
  for (let at = start; step > 0 ? at < stop : at > stop; at += step) picked.push(all[at] as PyObject);
  if (isText) return picked.join('');
  if (value instanceof Bytes) return new Bytes(picked.join(''));
  return value instanceof List ? new List(picked) : new Tuple(picked);
}

/** `value[index]` */
export function getIndexed(value: PyObject, index: PyObject, machine: Machine): PyObject {
  if (value instanceof Dict) {
    const found = getItem(value, index, machine);
    return found === undefined ? keyError(index, machine) : found;
  }
  const type = parametrised(value);
  if (type !== undefined) return type;
  if (value instanceof PyImport || value instanceof PyIterator)
    return machine.fail(`'${typeName(value)}' object is not subscriptable`);
  const at = numeric(index);
  if (typeof at !== 'bigint') return machine.fail(`an index must be an int, not '${typeName(index)}'`);
  const position = indexWithin(value, Number(at), machine);
  if (typeof value === 'string') return characters(value)[position] as string;
  if (value instanceof List || value instanceof Tuple) return value.items[position] as PyObject;
  if (value instanceof Range) return BigInt(value.start + position * value.step);
  return BigInt((value as Bytes).text.charCodeAt(position));
}

/** The position that an index means, counted from the end where it is negative. */
export function indexWithin(value: PyObject, at: number, machine: Machine): number {
  const length =
    typeof value === 'string'
      ? characters(value).length
      : value instanceof List || value instanceof Tuple
        ? value.items.length
        : value instanceof Range
          ? value.length
          : value instanceof Bytes
            ? value.text.length
            : machine.fail(`'${typeName(value)}' object is not subscriptable`);
  if (typeof value === 'string') machine.step(Math.ceil(length / 64));
  const position = at < 0 ? at + length : at;
  return position >= 0 && position < length
    ? position
    : machine.fail(`${typeName(value)} index out of range`, 'IndexError');
}
