/** Python's values as they are while a config is evaluated: `bigint` is int, `number` is float. */
import type { Machine, SourcePlace } from './machine.ts';
import type { Expr, ParameterSyntax, Stmt } from './syntax.ts';

/** Any Python value. */
export type PyObject =
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
  | PyIterator
  | DefinedFunction
  | Builtin
  | PyImport
  | PyException
  | TypeExpression
  | Foreign;

/** Each character is a byte. */
export class Bytes {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** A list. */
export class List {
  items: PyObject[];
  constructor(items: PyObject[] = []) {
    this.items = items;
  }
}

/** A tuple. */
export class Tuple {
  readonly items: readonly PyObject[];
  constructor(items: readonly PyObject[]) {
    this.items = items;
  }
}

/** A key of a dict with its value. */
export interface DictEntry {
  readonly key: PyObject;
  value: PyObject;
  /** Where the value was given. */
  place: SourcePlace | undefined;
}

/** Identifies keys by `hashValue`, never by an object's own property names, so `__proto__` is a key like any other. */
export class Dict {
  readonly entries = new Map<string, DictEntry>();
  /** Where it was made. */
  readonly place: SourcePlace | undefined;
  constructor(place?: SourcePlace) {
    this.place = place;
  }

  text(key: string): PyObject | undefined {
    return this.entries.get(hashText(key))?.value;
  }

  /** Whether there was one. */
  deleteText(key: string): boolean {
    return this.entries.delete(hashText(key));
  }

  placeOf(key: string): SourcePlace | undefined {
    return this.entries.get(hashText(key))?.place;
  }

  setText(key: string, value: PyObject, place?: SourcePlace): void {
    const entry = this.entries.get(hashText(key));
    if (entry === undefined) this.entries.set(hashText(key), { key, value, place });
    else Object.assign(entry, { value, place });
  }
}

/** A set or frozenset. */
export class PySet {
  readonly items: Map<string, PyObject>;
  readonly frozen: boolean;
  constructor(items: Map<string, PyObject> = new Map(), frozen = false) {
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

  pick({ key, value }: DictEntry): PyObject {
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

/** The rest of an iteration: of a generator, `zip`, `map` and others. */
export class PyIterator {
  readonly iterator: Iterator<PyObject>;
  constructor(iterator: Iterator<PyObject>) {
    this.iterator = iterator;
  }
}

/** Variables of a module or a function, or of a comprehension. */
export interface PyScope {
  readonly variables: Dict;
  readonly outer: PyScope | undefined;
  readonly globals: Dict;
  /** `:=` in a comprehension gives its name to what holds the comprehension. */
  readonly isComprehension?: boolean;
  /** Names that a function assigns: they never mean those outside of it. */
  readonly own?: ReadonlySet<string>;
  readonly shared?: ReadonlyMap<string, 'global' | 'nonlocal'>;
}

/** A function that a config defines. */
export class DefinedFunction {
  readonly name: string;
  readonly parameters: readonly (ParameterSyntax & { readonly value: PyObject | undefined })[];
  readonly body: readonly Stmt[] | Expr;
  readonly scope: PyScope;
  readonly place: SourcePlace;
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

/** The call of a built-in: its arguments, and the way back into the evaluation. */
export interface PyCall {
  readonly machine: Machine;
  readonly name: string;
  readonly args: readonly PyObject[];
  readonly keywords: ReadonlyMap<string, PyObject>;
  /** Places of the keywords in the file. */
  readonly places?: ReadonlyMap<string, SourcePlace>;
  invoke(callee: PyObject, args: readonly PyObject[]): PyObject;
}

/** A function implemented here. */
export class Builtin {
  readonly name: string;
  readonly call: (call: PyCall) => PyObject;
  constructor(name: string, call: (call: PyCall) => PyObject) {
    this.name = name;
    this.call = call;
  }
}

/** `dict[str, int]`: a built-in type with its parameters, called as the type itself. */
export class GenericAlias extends Builtin {}

/** A type that only annotations use, such as `int | None` or `typing.Any`: it has no value. */
export class TypeExpression {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** `...` */
export const ELLIPSIS = new TypeExpression('...');

/** An exception that a config made, or caught. */
export class PyException {
  /** Name of its class. */
  readonly kind: string;
  readonly args: readonly PyObject[];
  /** What `str()` of it gives; undefined where Python's wording is not known here. */
  readonly text: string | undefined;
  constructor(kind: string, args: readonly PyObject[], text: string | undefined) {
    this.kind = kind;
    this.args = args;
    this.text = text;
  }
}

/** A name imported from a module that is not a config: never loaded. */
export class PyImport {
  readonly path: readonly string[];
  /** Whether the import shows that it is a module. */
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

/** Returns the name of a value's type, as Python prints it. */
export function typeName(value: PyObject): string {
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
  if (value instanceof PyIterator) return 'iterator';
  if (value instanceof DefinedFunction) return 'function';
  if (value instanceof PyException) return value.kind;
  if (value instanceof TypeExpression) return 'type';
  if (value instanceof GenericAlias) return 'types.GenericAlias';
  if (value instanceof Builtin) return 'builtin';
  return value instanceof PyImport ? (value.isModule ? 'module' : 'imported name') : 'object';
}

/** Returns a value's truth, as `bool()` does. */
export function isTrue(value: PyObject): boolean {
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
 * Returns the same text for equal values only; undefined where a value cannot be a key. `spend` gets the number of characters
 * that are made: tuples that hold one tuple twice grow fast.
 */
export function hashValue(value: PyObject, spend: (length: number) => void = () => {}): string | undefined {
  if (typeof value === 'string') return hashText(value);
  if (value === null) return 'none';
  if (typeof value === 'boolean') return value ? 'n1' : 'n0';
  if (typeof value === 'bigint') return `n${value}`;
  if (typeof value === 'number') return Number.isInteger(value) ? `n${BigInt(value)}` : `n${value}`;
  if (value instanceof Bytes) return `b${value.text}`;
  if (value instanceof Tuple) return hashAll(value.items, 't', spend);
  if (value instanceof PySet)
    return value.frozen ? `f${[...value.items.keys()].sort().map(sized).join('')}` : undefined;
  if (value instanceof PyImport) return `i${value.dotted}`;
  if (value instanceof List || value instanceof Dict || value instanceof View) return undefined;
  const known = identities.get(value) ?? ++identityCount;
  identities.set(value, known);
  return `o${known}`;
}

function hashText(text: string): string {
  return `s${text}`;
}

function hashAll(
  items: readonly PyObject[],
  mark: string,
  spend: (length: number) => void,
): string | undefined {
  const hashes = items.map((item) => {
    const hash = hashValue(item, spend);
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

/** Counts characters as Python does. */
export function countCharacters(text: string): number {
  return characters(text).length;
}

/**
 * Returns the arguments of a built-in by its parameters' names, `name?` for an optional one; undefined where it is absent.
 * Fails as Python does for too many, too few or unknown ones.
 */
export function take(call: PyCall, ...names: readonly string[]): (PyObject | undefined)[] {
  const { args, keywords, machine } = call;
  const plain = names.map((name) => name.replace('?', ''));
  if (args.length > names.length)
    machine.fail(`${call.name}() takes at most ${names.length} arguments (${args.length} given)`);
  for (const key of keywords.keys()) {
    const index = plain.indexOf(key);
    if (index < 0) machine.fail(`${call.name}() got an unexpected keyword argument '${key}'`);
    if (index < args.length) machine.fail(`${call.name}() got several values for '${key}'`);
  }
  return names.map((name, index) => {
    const value = index < args.length ? args[index] : keywords.get(plain[index] as string);
    if (value === undefined && !name.endsWith('?'))
      machine.fail(`${call.name}() lacks its argument '${plain[index]}'`);
    return value;
  });
}

/** Requires a str. */
export function toText(value: PyObject | undefined, call: PyCall): string {
  return typeof value === 'string'
    ? value
    : call.machine.fail(`${call.name}() needs a str, not '${describeType(value)}'`);
}

/** A whole number within JavaScript's exact range. */
export function toIndex(value: PyObject | undefined, call: PyCall): number {
  const int = typeof value === 'boolean' ? BigInt(value) : value;
  if (typeof int !== 'bigint')
    return call.machine.fail(`${call.name}() needs an int, not '${describeType(value)}'`);
  const number = Number(int);
  return Number.isSafeInteger(number)
    ? number
    : call.machine.refuse(`${call.name}() was given ${int}`, 'write a smaller number');
}

function describeType(value: PyObject | undefined): string {
  return value === undefined ? 'nothing' : typeName(value);
}
