/** What is common to all values: keys, iteration, equality, order. */
import type { Numeric } from '../python-data/arithmetic.ts';
import type { Machine, Place } from './machine.ts';
import {
  Bytes,
  characters,
  Dict,
  hashOf,
  Imported,
  Items,
  List,
  PySet,
  Range,
  Tuple,
  typeName,
  type Value,
  View,
} from './values.ts';

export function keyOf(key: Value, machine: Machine): string {
  const hash = hashOf(key, (length) => machine.text(length));
  if (hash === undefined) machine.fail(`unhashable type: '${typeName(key)}'`);
  machine.step(1 + Math.ceil(hash.length / 64));
  return hash;
}

export function setItem(dict: Dict, key: Value, value: Value, machine: Machine, place?: Place): void {
  const hash = keyOf(key, machine);
  const entry = dict.entries.get(hash);
  if (entry !== undefined) Object.assign(entry, { value, place: place ?? machine.place });
  else {
    machine.items(3);
    machine.allocate(2 * hash.length);
    dict.entries.set(hash, { key, value, place: place ?? machine.place });
  }
}

export function getItem(dict: Dict, key: Value, machine: Machine): Value | undefined {
  return dict.entries.get(keyOf(key, machine))?.value;
}

export function setOf(values: Iterable<Value>, machine: Machine, frozen = false): PySet {
  const items = new Map<string, Value>();
  for (const value of values) {
    machine.items(1);
    const key = keyOf(value, machine);
    if (!items.has(key)) items.set(key, value);
  }
  return new PySet(items, frozen);
}

/** The items of a value, a step each. Fails at once for what has none. */
export function iterate(value: Value, machine: Machine): Generator<Value, void> {
  return counted(itemsOf(value, machine), machine);
}

function* counted(items: Iterable<Value>, machine: Machine): Generator<Value, void> {
  for (const item of items) {
    machine.step();
    yield item;
  }
}

function itemsOf(value: Value, machine: Machine): Iterable<Value> {
  if (value instanceof List || value instanceof Tuple) return listItems(value);
  if (value instanceof Dict) return unchanged(value.entries, machine, ({ key }) => key);
  if (value instanceof PySet) return unchanged(value.items, machine, (item) => item);
  if (value instanceof View) return unchanged(value.dict.entries, machine, (entry) => value.pick(entry));
  if (value instanceof Range) return numbersOf(value);
  if (value instanceof Items) return { [Symbol.iterator]: () => unclosed(value.iterator) };
  if (typeof value === 'string') return value as string;
  if (value instanceof Bytes) return [...value.text].map((byte) => BigInt(byte.charCodeAt(0)));
  return machine.fail(`'${typeName(value)}' object is not iterable`);
}

/** A list may grow or shrink while it is gone through, as in Python. */
function* listItems(list: List | Tuple): Generator<Value, void> {
  for (let index = 0; index < list.items.length; index++) yield list.items[index] as Value;
}

/** A loop that ends early leaves the rest to the next one. */
function unclosed(iterator: Iterator<Value>): Iterator<Value> {
  return { next: () => iterator.next() };
}

/** Items of a dict or set; as in Python, none may come or go meanwhile. */
function* unchanged<T>(
  map: ReadonlyMap<string, T>,
  machine: Machine,
  item: (entry: T) => Value,
): Generator<Value, void> {
  const { size } = map;
  for (const entry of map.values()) {
    if (map.size !== size) machine.fail('dictionary changed size during iteration');
    yield item(entry);
  }
  if (map.size !== size) machine.fail('dictionary changed size during iteration');
}

function* numbersOf({ start, step, length }: Range): Generator<Value, void> {
  for (let index = 0; index < length; index++) yield BigInt(start + index * step);
}

/** The items as an array of their own. */
export function collect(value: Value, machine: Machine): Value[] {
  const items: Value[] = [];
  for (const item of iterate(value, machine)) {
    machine.allocate(16);
    items.push(item);
  }
  return items;
}

export function sizeOf(value: Value, machine: Machine): number {
  if (typeof value === 'string') return characters(value).length;
  if (value instanceof Bytes) return value.text.length;
  if (value instanceof List || value instanceof Tuple) return value.items.length;
  if (value instanceof Dict) return value.entries.size;
  if (value instanceof PySet) return value.items.size;
  if (value instanceof View) return value.dict.entries.size;
  if (value instanceof Range) return value.length;
  return machine.fail(`object of type '${typeName(value)}' has no len()`);
}

/** bool counts as int. */
export function numeric(value: Value): Numeric | undefined {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  return typeof value === 'bigint' || typeof value === 'number' ? value : undefined;
}

/** `is`: the same object; an imported name is one object however often it is imported. */
export function isSame(a: Value, b: Value): boolean {
  return a === b || (a instanceof Imported && b instanceof Imported && a.dotted === b.dotted);
}

export function isEqual(a: Value, b: Value, machine: Machine): boolean {
  machine.step();
  if (a === b) return !Number.isNaN(a);
  const [x, y] = [numeric(a), numeric(b)];
  // biome-ignore lint/suspicious/noDoubleEquals: an int and a float are compared by their exact values
  if (x !== undefined && y !== undefined) return x == y;
  if (typeof a === 'string' && typeof b === 'string')
    machine.step(Math.ceil(Math.min(a.length, b.length) / 64));
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  return machine.deeper(() => areEqualObjects(a, b, machine));
}

function areEqualObjects(a: Value & object, b: Value & object, machine: Machine): boolean {
  const each = (x: readonly Value[], y: readonly Value[]) =>
    x.length === y.length &&
    x.every((item, index) => isSame(item, y[index] as Value) || isEqual(item, y[index] as Value, machine));
  if (a instanceof List) return b instanceof List && each(a.items, b.items);
  if (a instanceof Tuple) return b instanceof Tuple && each(a.items, b.items);
  if (a instanceof Range && b instanceof Range) return each(collect(a, machine), collect(b, machine));
  if (a instanceof Dict && b instanceof Dict) {
    if (a.entries.size !== b.entries.size) return false;
    return [...a.entries].every(([hash, { value }]) => {
      const other = b.entries.get(hash);
      return other !== undefined && isEqual(value, other.value, machine);
    });
  }
  if (a instanceof PySet && b instanceof PySet) {
    machine.step(a.items.size);
    return a.items.size === b.items.size && [...a.items.keys()].every((key) => b.items.has(key));
  }
  return hashOf(a) !== undefined && hashOf(a) === hashOf(b);
}

/** Below 0, 0 or above 0; undefined where NaN has no order. */
export function compare(a: Value, b: Value, operator: string, machine: Machine): number | undefined {
  machine.step();
  const [x, y] = [numeric(a), numeric(b)];
  if (x !== undefined && y !== undefined) return compareNumbers(x, y);
  if (typeof a === 'string' && typeof b === 'string') return compareTexts(a, b, machine);
  if (a instanceof Bytes && b instanceof Bytes) return compareTexts(a.text, b.text, machine);
  const isList = a instanceof List && b instanceof List;
  if (isList || (a instanceof Tuple && b instanceof Tuple))
    return machine.deeper(() => compareItems(a.items, b.items, operator, machine));
  return machine.fail(
    `'${operator}' not supported between instances of '${typeName(a)}' and '${typeName(b)}'`,
  );
}

function compareNumbers(a: Numeric, b: Numeric): number | undefined {
  if (a < b) return -1;
  if (a > b) return 1;
  return Number.isNaN(a) || Number.isNaN(b) ? undefined : 0;
}

function compareItems(
  a: readonly Value[],
  b: readonly Value[],
  operator: string,
  machine: Machine,
): number | undefined {
  const shared = Math.min(a.length, b.length);
  for (let index = 0; index < shared; index++) {
    const [x, y] = [a[index] as Value, b[index] as Value];
    if (!isSame(x, y) && !isEqual(x, y, machine)) return compare(x, y, operator, machine);
  }
  return a.length - b.length;
}

/** By code points: JavaScript's own order is by UTF-16 units. */
function compareTexts(a: string, b: string, machine: Machine): number {
  machine.step(Math.ceil(Math.min(a.length, b.length) / 64));
  let at = 0;
  while (at < a.length && at < b.length && a[at] === b[at]) at += 1;
  if (at > 0 && /[\udc00-\udfff]/.test(a[at] ?? b[at] ?? '') && /[\ud800-\udbff]/.test(a[at - 1] as string))
    at -= 1;
  return (a.codePointAt(at) ?? -1) - (b.codePointAt(at) ?? -1);
}
