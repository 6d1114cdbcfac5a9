/** What all values have in common: keys, iteration, equality, order, text. */
import type { Numeric } from '../python-data/arithmetic.ts';
import { escapeOf, floatRepr, textRepr } from '../python-data/repr.ts';
import type { Machine, SourcePlace } from './machine.ts';
import {
  Builtin,
  Bytes,
  characters,
  DefinedFunction,
  Dict,
  GenericAlias,
  hashValue,
  List,
  PyException,
  PyImport,
  PyIterator,
  type PyObject,
  PySet,
  Range,
  Tuple,
  typeName,
  View,
} from './values.ts';

/** Returns the identity of a key. Fails for a value that cannot be one. */
export function hashKey(key: PyObject, machine: Machine): string {
  const hash = hashValue(key, (length) => machine.text(length));
  if (hash === undefined) machine.fail(`unhashable type: '${typeName(key)}'`, 'TypeError');
  machine.step(1 + Math.ceil(hash.length / 64));
  return hash;
}

/** Sets a key of a dict. */
export function setItem(
  dict: Dict,
  key: PyObject,
  value: PyObject,
  machine: Machine,
  place?: SourcePlace,
): void {
  const hash = hashKey(key, machine);
  const entry = dict.entries.get(hash);
  if (entry !== undefined) Object.assign(entry, { value, place: place ?? machine.place });
  else {
    machine.items(3);
    machine.allocate(2 * hash.length);
    dict.entries.set(hash, { key, value, place: place ?? machine.place });
  }
}

/** Returns a key's value; undefined where the dict has no such key. */
export function getItem(dict: Dict, key: PyObject, machine: Machine): PyObject | undefined {
  return dict.entries.get(hashKey(key, machine))?.value;
}

/** Fails as a dict or set without that key does. */
export function keyError(key: PyObject, machine: Machine): never {
  const shown = repr(key, machine);
  return machine.fail(`KeyError: ${shown}`, 'KeyError', shown);
}

/** Makes a set of values. */
export function makeSet(values: Iterable<PyObject>, machine: Machine, frozen = false): PySet {
  const items = new Map<string, PyObject>();
  for (const value of values) {
    machine.items(1);
    const key = hashKey(value, machine);
    if (!items.has(key)) items.set(key, value);
  }
  return new PySet(items, frozen);
}

/** Iterates over a value, one step per item. Fails at once for a value without items. */
export function iterate(value: PyObject, machine: Machine): Generator<PyObject, void> {
  return counted(openItems(value, machine), machine);
}

function* counted(items: Iterable<PyObject>, machine: Machine): Generator<PyObject, void> {
  for (const item of items) {
    machine.step();
    yield item;
  }
}

function openItems(value: PyObject, machine: Machine): Iterable<PyObject> {
  if (value instanceof List || value instanceof Tuple) return listItems(value);
  if (value instanceof Dict) return unchanged(value.entries, machine, ({ key }) => key);
  if (value instanceof PySet) return unchanged(value.items, machine, (item) => item);
  if (value instanceof View) return unchanged(value.dict.entries, machine, (entry) => value.pick(entry));
  if (value instanceof Range) return rangeNumbers(value);
  if (value instanceof PyIterator) return { [Symbol.iterator]: () => unclosed(value.iterator) };
  if (typeof value === 'string') return value as string;
  if (value instanceof Bytes) return [...value.text].map((byte) => BigInt(byte.charCodeAt(0)));
  return machine.fail(`'${typeName(value)}' object is not iterable`, 'TypeError');
}

/** A list may grow or shrink during iteration, as in Python. */
function* listItems(list: List | Tuple): Generator<PyObject, void> {
  for (let index = 0; index < list.items.length; index++) yield list.items[index] as PyObject;
}

/** A loop that ends early leaves the rest to the next one. */
function unclosed(iterator: Iterator<PyObject>): Iterator<PyObject> {
  return { next: () => iterator.next() };
}

/** Items of a dict or set; as in Python, none may come or go meanwhile. */
function* unchanged<T>(
  map: ReadonlyMap<string, T>,
  machine: Machine,
  item: (entry: T) => PyObject,
): Generator<PyObject, void> {
  const { size } = map;
  for (const entry of map.values()) {
    if (map.size !== size) machine.fail('dictionary changed size during iteration');
    yield item(entry);
  }
  if (map.size !== size) machine.fail('dictionary changed size during iteration');
}

function* rangeNumbers({ start, step, length }: Range): Generator<PyObject, void> {
  for (let index = 0; index < length; index++) yield BigInt(start + index * step);
}

/** Copies the items into an array. */
export function collect(value: PyObject, machine: Machine): PyObject[] {
  const items: PyObject[] = [];
  for (const item of iterate(value, machine)) {
    machine.allocate(16);
    items.push(item);
  }
  return items;
}

/** Returns `len(value)`. */
export function measure(value: PyObject, machine: Machine): number {
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
export function numeric(value: PyObject): Numeric | undefined {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  return typeof value === 'bigint' || typeof value === 'number' ? value : undefined;
}

/** `is`: the same object; an imported name is one object however often it is imported. */
export function isSame(a: PyObject, b: PyObject): boolean {
  return a === b || (a instanceof PyImport && b instanceof PyImport && a.dotted === b.dotted);
}

/** Returns `a == b`. */
export function isEqual(a: PyObject, b: PyObject, machine: Machine): boolean {
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

function areEqualObjects(a: PyObject & object, b: PyObject & object, machine: Machine): boolean {
  const each = (x: readonly PyObject[], y: readonly PyObject[]) =>
    x.length === y.length &&
    x.every(
      (item, index) => isSame(item, y[index] as PyObject) || isEqual(item, y[index] as PyObject, machine),
    );
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
  return hashValue(a) !== undefined && hashValue(a) === hashValue(b);
}

/** Compares two values: below 0, 0 or above 0; undefined where NaN has no order. */
export function compare(a: PyObject, b: PyObject, operator: string, machine: Machine): number | undefined {
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
    'TypeError',
  );
}

function compareNumbers(a: Numeric, b: Numeric): number | undefined {
  if (a < b) return -1;
  if (a > b) return 1;
  return Number.isNaN(a) || Number.isNaN(b) ? undefined : 0;
}

function compareItems(
  a: readonly PyObject[],
  b: readonly PyObject[],
  operator: string,
  machine: Machine,
): number | undefined {
  const shared = Math.min(a.length, b.length);
  for (let index = 0; index < shared; index++) {
    const [x, y] = [a[index] as PyObject, b[index] as PyObject];
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

/** Returns `str(value)`. */
export function str(value: PyObject, machine: Machine): string {
  if (value instanceof PyException && value.text !== undefined) return value.text;
  return typeof value === 'string' ? value : repr(value, machine);
}

/** Returns `repr(value)`. */
export function repr(value: PyObject, machine: Machine): string {
  const text = machine.deeper(() => makeRepr(value, machine));
  machine.text(text.length);
  return text;
}

function makeRepr(value: PyObject, machine: Machine): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return floatRepr(value);
  if (typeof value === 'string') return quoteText(value, machine);
  if (value instanceof Bytes) return `b${quoteText(value.text, machine).replace(/[\x80-\xff]/g, hexByte)}`;
  const each = (items: Iterable<PyObject>) => [...items].map((item) => repr(item, machine)).join(', ');
  if (value instanceof List) return `[${each(iterate(value, machine))}]`;
  if (value instanceof Tuple) return `(${each(value.items)}${value.items.length === 1 ? ',' : ''})`;
  if (value instanceof Dict) {
    const entries = [...value.entries.values()];
    return `{${entries.map((one) => `${repr(one.key, machine)}: ${repr(one.value, machine)}`).join(', ')}}`;
  }
  if (value instanceof View) return `dict_${value.kind}([${each(iterate(value, machine))}])`;
  if (value instanceof PySet) return setText(value, each(value.items.values()));
  if (value instanceof Range) {
    const { start, stop, step } = value;
    return step === 1 ? `range(${start}, ${stop})` : `range(${start}, ${stop}, ${step})`;
  }
  return objectText(value, machine);
}

function setText({ frozen, items }: PySet, inner: string): string {
  if (frozen) return items.size === 0 ? 'frozenset()' : `frozenset({${inner}})`;
  return items.size === 0 ? 'set()' : `{${inner}}`;
}

/** What Python shows with an address in memory has no text that a config could depend on. */
function objectText(value: PyObject, machine: Machine): string {
  if (value instanceof PyImport && !value.isModule) return `<class '${value.dotted}'>`;
  if (value instanceof Builtin && !(value instanceof GenericAlias)) return `<class '${value.name}'>`;
  if (value instanceof PyException && value.args.length > 0)
    return `${value.kind}(${value.args.map((one) => repr(one, machine)).join(', ')})`;
  const what = value instanceof DefinedFunction ? `function ${value.name}` : typeName(value);
  return machine.refuse(`a ${what} has no text`, 'name a value that is data');
}

const hexByte = (letter: string) => `\\x${letter.charCodeAt(0).toString(16).padStart(2, '0')}`;

function quoteText(text: string, machine: Machine): string {
  machine.text(text.length);
  return textRepr(text);
}

/** `ascii()`: what is not ASCII escaped too. */
export function ascii(value: PyObject, machine: Machine): string {
  return repr(value, machine).replace(/[^\0-\x7f]/gu, escapeOf);
}
