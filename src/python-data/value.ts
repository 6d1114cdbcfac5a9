/**
 * Values of Python, kept apart as Python keeps them: `7` is no `7.0`, and `(1,)` no `[1]`. An int is a bigint, a float a number,
 * a list an array.
 */
export type PyValue =
  | null
  | boolean
  | bigint
  | number
  | string
  | readonly PyValue[]
  | PyTuple
  | PyDict
  | PyOpaque;

export class PyTuple {
  readonly items: readonly PyValue[];

  constructor(items: readonly PyValue[]) {
    this.items = items;
  }
}

/** A value that is only carried and compared: bytes, a complex number, an undefined name of a template. */
export class PyOpaque {
  readonly type: 'bytes' | 'complex' | 'Undefined';
  /** Its `repr`. */
  readonly text: string;

  constructor(type: PyOpaque['type'], text: string) {
    this.type = type;
    this.text = text;
  }
}

/** A dict: insertion order, and `1`, `1.0` and `True` are one key. */
export class PyDict {
  readonly #entries = new Map<string, readonly [PyValue, PyValue]>();

  constructor(entries: Iterable<readonly [PyValue, PyValue]> = []) {
    for (const [key, value] of entries) this.set(key, value);
  }

  /** A key that is there already keeps its place and its own form. Throws TypeError for a key that cannot be hashed. */
  set(key: PyValue, value: PyValue): void {
    const hash = hashOf(key);
    this.#entries.set(hash, [this.#entries.get(hash)?.[0] ?? key, value]);
  }

  get(key: PyValue): PyValue | undefined {
    return this.#entries.get(hashOf(key))?.[1];
  }

  has(key: PyValue): boolean {
    return this.#entries.has(hashOf(key));
  }

  get size(): number {
    return this.#entries.size;
  }

  entries(): IterableIterator<readonly [PyValue, PyValue]> {
    return this.#entries.values();
  }
}

export function isPyList(value: PyValue | undefined): value is readonly PyValue[] {
  return Array.isArray(value);
}

/** `type(value).__name__`. */
export function pyTypeName(value: PyValue): string {
  if (value === null) return 'NoneType';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return 'float';
  if (typeof value === 'string') return 'str';
  if (value instanceof PyTuple) return 'tuple';
  if (value instanceof PyDict) return 'dict';
  return value instanceof PyOpaque ? value.type : 'list';
}

/** `a == b`: an int, a float and a bool of the same worth are equal, a list and a tuple never. */
export function pyEqual(a: PyValue, b: PyValue): boolean {
  const [x, y] = [numberIn(a), numberIn(b)];
  if (x !== undefined || y !== undefined) return x !== undefined && x === y;
  if (isPyList(a)) return isPyList(b) && sameItems(a, b);
  if (a instanceof PyTuple) return b instanceof PyTuple && sameItems(a.items, b.items);
  if (a instanceof PyDict) return b instanceof PyDict && sameEntries(a, b);
  if (a instanceof PyOpaque) return b instanceof PyOpaque && a.type === b.type && a.text === b.text;
  return a === b;
}

function sameItems(a: readonly PyValue[], b: readonly PyValue[]): boolean {
  return a.length === b.length && a.every((one, index) => pyEqual(one, b[index]!));
}

function sameEntries(a: PyDict, b: PyDict): boolean {
  if (a.size !== b.size) return false;
  return [...a.entries()].every(([key, value]) => {
    const other = b.get(key);
    return other !== undefined && pyEqual(value, other);
  });
}

/** What a number is worth, alike for int, float and bool; undefined for anything else. NaN is unequal to itself. */
function numberIn(value: PyValue): bigint | number | undefined {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value;
  return typeof value === 'bigint' ? value : undefined;
}

function hashOf(value: PyValue): string {
  const number = numberIn(value);
  if (number !== undefined) return `${typeof number === 'bigint' ? 'i' : 'f'}${number}`;
  if (typeof value === 'string') return `s${value}`;
  if (value instanceof PyTuple) return `t${JSON.stringify(value.items.map(hashOf))}`;
  if (value instanceof PyOpaque) return `${value.type} ${value.text}`;
  if (value === null) return 'none';
  throw new TypeError(`unhashable type: '${pyTypeName(value)}'`);
}
