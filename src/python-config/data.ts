/** From Python's values to plain data, and back for what other configs hold. */

import { floatRepr } from '../python-data/repr.ts';
import type { Machine, Place } from './machine.ts';
import { lineAndColumn } from './machine.ts';
import {
  Builtin,
  Bytes,
  DefinedFunction,
  Dict,
  Foreign,
  Imported,
  List,
  PySet,
  Range,
  Tuple,
  typeName,
  type Value,
} from './values.ts';

/** Where the keys of each table were given. */
export type Places = WeakMap<
  object,
  { readonly own: Place | undefined; readonly keys: ReadonlyMap<string, Place> }
>;

/** Names what an import stands for: the name of a class or function. */
export type NameOf = (path: readonly string[]) => string;

export class Converter {
  readonly places: Places = new WeakMap();
  readonly #made = new Map<Value, 'begun' | { readonly data: unknown; readonly size: number }>();
  #counted = 0;
  readonly #machine: Machine;
  readonly #nameOf: NameOf;

  constructor(machine: Machine, nameOf: NameOf) {
    this.#machine = machine;
    this.#nameOf = nameOf;
  }

  /** The variables of a config that are data; what it imported, its functions and `__names__` are not. */
  variables(globals: Dict): Record<string, unknown> {
    const data = new Dict();
    for (const { key, value, place } of globals.entries.values()) {
      const isCode =
        value instanceof Imported || value instanceof DefinedFunction || value instanceof Builtin;
      if (typeof key === 'string' && !key.startsWith('__') && !isCode) data.setText(key, value, place);
    }
    return this.#table(data);
  }

  #data(value: Value, place: Place | undefined): unknown {
    if (place !== undefined) {
      this.#machine.source = place.source;
      this.#machine.at = place.at;
    }
    this.#count();
    if (value === null || typeof value !== 'object')
      return typeof value === 'bigint' ? this.#int(value) : value;
    const known = this.#made.get(value);
    if (known === 'begun') return this.#machine.fail('a value holds itself');
    if (known !== undefined) {
      // Written out, it stands there again, with all that it holds.
      this.#count(known.size);
      return known.data;
    }
    return this.#machine.deeper(() => {
      const before = this.#counted;
      this.#made.set(value, 'begun');
      const data = this.#object(value, place);
      this.#made.set(value, { data, size: this.#counted - before });
      return data;
    });
  }

  #count(values = 1): void {
    this.#counted += values;
    this.#machine.step(values);
  }

  #object(value: Value & object, place: Place | undefined): unknown {
    const each = (items: Iterable<Value>) => Array.from(items, (item) => this.#data(item, place));
    if (value instanceof Dict) return this.#table(value);
    if (value instanceof List || value instanceof Tuple) return each(value.items);
    if (value instanceof PySet) return each(value.items.values());
    if (value instanceof Foreign) return value.value;
    if (value instanceof Imported && !value.isModule) return this.#nameOf(value.path);
    if (value instanceof Range) {
      this.#machine.items(value.length);
      return Array.from({ length: value.length }, (_, index) => value.start + index * value.step);
    }
    const what = value instanceof Bytes ? 'bytes' : `a ${typeName(value)}`;
    return this.#machine.refuse(`${what} is no data of a config`, 'write a text, a number, a list or a dict');
  }

  #table(dict: Dict): Record<string, unknown> {
    const table: Record<string, unknown> = {};
    const keys = new Map<string, Place>();
    this.places.set(table, { own: dict.place, keys });
    for (const { key, value, place } of dict.entries.values()) {
      const name = this.#key(key);
      // Defined, not assigned: `__proto__` is a key as any other.
      const property = {
        value: this.#typeName(name, this.#data(value, place ?? dict.place)),
        enumerable: true,
        writable: true,
        configurable: true,
      };
      Object.defineProperty(table, name, property);
      if (place !== undefined) keys.set(name, place);
    }
    return table;
  }

  /** AISBench's own dumps name classes by their dotted path. */
  #typeName(key: string, data: unknown): unknown {
    const isDotted = key === 'type' && typeof data === 'string' && /^ais_bench(\.\w+)+$/.test(data);
    return isDotted ? this.#nameOf(data.split('.')) : data;
  }

  #key(key: Value): string {
    if (typeof key === 'string') return key;
    if (typeof key === 'bigint') return key.toString();
    if (typeof key === 'number') return floatRepr(key);
    if (key === null) return 'null';
    return typeof key === 'boolean'
      ? String(key)
      : this.#machine.refuse(`a ${typeName(key)} is no key of a config`, 'use a text');
  }

  #int(value: bigint): number {
    const number = Number(value);
    if (Number.isSafeInteger(number)) return number;
    return this.#machine.refuse(
      `${value} is beyond 2^53 and cannot be kept exactly`,
      'write it as a text, or as a float',
    );
  }
}

/** `file:line` of the innermost key that is known. */
export function whereIs(
  keys: readonly (string | number)[],
  root: { readonly values: unknown; readonly path: string },
  places: Places,
): string {
  let found: Place | undefined;
  let at: unknown = root.values;
  for (const key of keys) {
    if (typeof at !== 'object' || at === null) break;
    found = places.get(at)?.keys.get(String(key)) ?? found;
    at = Object.hasOwn(at, key) ? (at as Record<string | number, unknown>)[key] : undefined;
    // An item of a list stands where its table was made.
    if (typeof key === 'number' && typeof at === 'object' && at !== null)
      found = places.get(at)?.own ?? found;
  }
  return found === undefined ? root.path : `${found.source.path}:${lineAndColumn(found).line}`;
}

/** What another config holds, as Python's values. */
export function toValue(data: unknown, machine: Machine, made = new Map<object, Value>()): Value {
  if (data === undefined || data === null) return null;
  if (typeof data === 'number') return Number.isSafeInteger(data) ? BigInt(data) : data;
  if (typeof data === 'string' || typeof data === 'boolean' || typeof data === 'bigint') return data;
  const known = made.get(data as object);
  if (known !== undefined) return known;
  return machine.deeper(() => {
    const isPlain =
      typeof data === 'object' && [Object.prototype, null].includes(Object.getPrototypeOf(data));
    const isData = isPlain && Object.values(data).every((inner) => typeof inner !== 'function');
    if (Array.isArray(data)) {
      const list = new List();
      made.set(data, list);
      machine.items(data.length);
      for (const item of data) list.items.push(toValue(item, machine, made));
      return list;
    }
    if (!isData && !isPlainWithClasses(data)) return new Foreign(data);
    const dict = new Dict();
    made.set(data as object, dict);
    for (const [key, value] of Object.entries(data as object)) {
      machine.items(3);
      dict.setText(key, toValue(value, machine, made));
    }
    return dict;
  });
}

/** A table whose functions are classes, e.g. `type`; an object with methods of its own is left whole. */
function isPlainWithClasses(data: unknown): boolean {
  if (typeof data !== 'object' || data === null) return false;
  if (![Object.prototype, null].includes(Object.getPrototypeOf(data))) return false;
  return Object.values(data).every((inner) => typeof inner !== 'function' || /^class\b/.test(String(inner)));
}
