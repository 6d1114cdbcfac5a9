/** Python's values as they are while a config is evaluated: `bigint` is int, `number` is float. */
import type { Machine, Place } from './machine.ts';
import type { Expression, Parameter, Statement } from './syntax.ts';

export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | Bytes
  | List
  | Tuple
  | Dict
  | PySet
  | View
  | Range
  | Items
  | DefinedFunction
  | Builtin
  | Imported
  | Foreign;

/** Each character is a byte. */
export class Bytes {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export class List {
  items: Value[];
  constructor(items: Value[] = []) {
    this.items = items;
  }
}

export class Tuple {
  readonly items: readonly Value[];
  constructor(items: readonly Value[]) {
    this.items = items;
  }
}

export interface DictEntry {
  readonly key: Value;
  value: Value;
  /** Where the value was given. */
  place: Place | undefined;
}

/** Keys are told apart by `hashOf`; never by an object's own property names, so `__proto__` is a key as any other. */
export class Dict {
  readonly entries = new Map<string, DictEntry>();
  /** Where it was made. */
  readonly place: Place | undefined;
  constructor(place?: Place) {
    this.place = place;
  }

  text(key: string): Value | undefined {
    return this.entries.get(hashOfText(key))?.value;
  }

  /** Whether there was one. */
  deleteText(key: string): boolean {
    return this.entries.delete(hashOfText(key));
  }

  placeOf(key: string): Place | undefined {
    return this.entries.get(hashOfText(key))?.place;
  }

  setText(key: string, value: Value, place?: Place): void {
    const entry = this.entries.get(hashOfText(key));
    if (entry === undefined) this.entries.set(hashOfText(key), { key, value, place });
    else Object.assign(entry, { value, place });
  }
}

export class PySet {
  readonly items: Map<string, Value>;
  readonly frozen: boolean;
  constructor(items: Map<string, Value> = new Map(), frozen = false) {
    this.items = items;
    this.frozen = frozen;
  }
}

/** What `keys()`, `values()` and `items()` give: it changes with its dict. */
export class View {
  readonly dict: Dict;
  readonly kind: 'keys' | 'values' | 'items';
  constructor(dict: Dict, kind: View['kind']) {
    this.dict = dict;
    this.kind = kind;
  }

  pick({ key, value }: DictEntry): Value {
    return this.kind === 'keys' ? key : this.kind === 'values' ? value : new Tuple([key, value]);
  }
}

/** Numbers within JavaScript's exact range. */
export class Range {
  readonly start: number;
  readonly stop: number;
  readonly step: number;
  constructor(start: number, stop: number, step: number) {
    this.start = start;
    this.stop = stop;
    this.step = step;
  }

  get length(): number {
    return Math.max(0, Math.ceil((this.stop - this.start) / this.step));
  }
}

/** What is left of an iteration: of a generator, `zip`, `map` and their like. */
export class Items {
  readonly iterator: Iterator<Value>;
  constructor(iterator: Iterator<Value>) {
    this.iterator = iterator;
  }
}

/** Variables of a module or a function, or of a comprehension. */
export interface Scope {
  readonly variables: Dict;
  readonly outer: Scope | undefined;
  readonly globals: Dict;
  /** `:=` in a comprehension gives its name to what holds the comprehension. */
  readonly isComprehension?: boolean;
  /** Names that a function assigns: they never mean those outside of it. */
  readonly own?: ReadonlySet<string>;
  readonly shared?: ReadonlyMap<string, 'global' | 'nonlocal'>;
}

export class DefinedFunction {
  readonly name: string;
  readonly parameters: readonly (Parameter & { readonly value: Value | undefined })[];
  readonly body: readonly Statement[] | Expression;
  readonly scope: Scope;
  readonly place: Place;
  readonly own: ReadonlySet<string>;
  readonly shared: ReadonlyMap<string, 'global' | 'nonlocal'>;

  constructor(made: DefinedFunction) {
    this.name = made.name;
    this.parameters = made.parameters;
    this.body = made.body;
    this.scope = made.scope;
    this.place = made.place;
    this.own = made.own;
    this.shared = made.shared;
  }
}

/** What a built-in is given, and what it may ask of the evaluation. */
export interface Call {
  readonly machine: Machine;
  readonly name: string;
  readonly args: readonly Value[];
  readonly keywords: ReadonlyMap<string, Value>;
  /** Where the keywords stand. */
  readonly places?: ReadonlyMap<string, Place>;
  invoke(callee: Value, args: readonly Value[]): Value;
}

export class Builtin {
  readonly name: string;
  readonly call: (call: Call) => Value;
  constructor(name: string, call: (call: Call) => Value) {
    this.name = name;
    this.call = call;
  }
}

/** What was imported from a module that is no config: never loaded, only named. */
export class Imported {
  readonly path: readonly string[];
  /** Whether it is a module as far as the import tells. */
  readonly isModule: boolean;
  constructor(path: readonly string[], isModule: boolean) {
    this.path = path;
    this.isModule = isModule;
  }

  get dotted(): string {
    return this.path.join('.');
  }
}

/** Something of a JavaScript or TypeScript config that is no data: a class, a dataset object. */
export class Foreign {
  readonly value: unknown;
  constructor(value: unknown) {
    this.value = value;
  }
}

export function typeName(value: Value): string {
  if (value === null) return 'NoneType';
  const names: Readonly<Record<string, string>> = {
    boolean: 'bool',
    bigint: 'int',
    number: 'float',
    string: 'str',
  };
  if (typeof value !== 'object') return names[typeof value] as string;
  if (value instanceof Bytes) return 'bytes';
  if (value instanceof List) return 'list';
  if (value instanceof Tuple) return 'tuple';
  if (value instanceof Dict) return 'dict';
  if (value instanceof PySet) return value.frozen ? 'frozenset' : 'set';
  if (value instanceof View) return `dict_${value.kind}`;
  if (value instanceof Range) return 'range';
  if (value instanceof Items) return 'iterator';
  if (value instanceof DefinedFunction) return 'function';
  if (value instanceof Builtin) return 'builtin';
  return value instanceof Imported ? (value.isModule ? 'module' : 'imported name') : 'object';
}

export function isTrue(value: Value): boolean {
  if (value instanceof Bytes) return value.text !== '';
  if (value instanceof List || value instanceof Tuple) return value.items.length > 0;
  if (value instanceof Dict) return value.entries.size > 0;
  if (value instanceof PySet) return value.items.size > 0;
  if (value instanceof View) return value.dict.entries.size > 0;
  if (value instanceof Range) return value.length > 0;
  // NaN is true in Python.
  return typeof value === 'number' ? value !== 0 : Boolean(value);
}

const identities = new WeakMap<object, number>();
let identityCount = 0;

/**
 * Equal values have equal texts, and no others; undefined where a value cannot be a key. `spend` hears of the characters
 * that are made: tuples that hold one tuple twice grow fast.
 */
export function hashOf(value: Value, spend: (length: number) => void = () => {}): string | undefined {
  if (typeof value === 'string') return hashOfText(value);
  if (value === null) return 'none';
  if (typeof value === 'boolean') return value ? 'n1' : 'n0';
  if (typeof value === 'bigint') return `n${value}`;
  if (typeof value === 'number') return Number.isInteger(value) ? `n${BigInt(value)}` : `n${value}`;
  if (value instanceof Bytes) return `b${value.text}`;
  if (value instanceof Tuple) return hashOfAll(value.items, 't', spend);
  if (value instanceof PySet)
    return value.frozen ? `f${[...value.items.keys()].sort().map(sized).join('')}` : undefined;
  if (value instanceof Imported) return `i${value.dotted}`;
  if (value instanceof List || value instanceof Dict || value instanceof View) return undefined;
  const known = identities.get(value) ?? ++identityCount;
  identities.set(value, known);
  return `o${known}`;
}

function hashOfText(text: string): string {
  return `s${text}`;
}

function hashOfAll(
  items: readonly Value[],
  mark: string,
  spend: (length: number) => void,
): string | undefined {
  const hashes = items.map((item) => {
    const hash = hashOf(item, spend);
    spend(hash?.length ?? 1);
    return hash;
  });
  return hashes.includes(undefined) ? undefined : mark + (hashes as string[]).map(sized).join('');
}

function sized(text: string): string {
  return `${text.length}:${text}`;
}

/** Characters as Python counts them: a pair of surrogates is one. */
export function characters(text: string): ArrayLike<string> & { slice(from: number, to?: number): unknown } {
  return /[\ud800-\udfff]/.test(text) ? [...text] : text;
}

export function lengthOf(text: string): number {
  return characters(text).length;
}
