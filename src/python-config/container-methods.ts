/** Methods of list, tuple, dict and set. */
import {
  collect,
  compare,
  getItem,
  hashKey,
  isEqual,
  iterate,
  keyError,
  makeSet,
  setItem,
} from './access.ts';
import type { PyMethod } from './text-methods.ts';
import {
  Dict,
  isTrue,
  List,
  type PyCall,
  type PyObject,
  PySet,
  Tuple,
  take,
  toIndex,
  typeName,
  View,
} from './values.ts';

/** Methods that tuples and lists share. */
export const TUPLE_METHODS: Readonly<Record<string, PyMethod<List | Tuple>>> = {
  index: (self, call) => {
    const at = findPosition(self, take(call, 'value')[0] as PyObject, call);
    return at < 0 ? call.machine.fail('the value is not in the list') : BigInt(at);
  },
  count: (self, call) => {
    const [value] = take(call, 'value');
    return BigInt(self.items.filter((item) => isEqual(item, value as PyObject, call.machine)).length);
  },
};

/** Methods of lists. */
export const LIST_METHODS: Readonly<Record<string, PyMethod<List>>> = {
  ...TUPLE_METHODS,
  append: (self, call) => {
    const [value] = take(call, 'value');
    call.machine.items(1);
    self.items.push(value as PyObject);
    return null;
  },
  extend: (self, call) => {
    for (const item of collect(take(call, 'iterable')[0] as PyObject, call.machine)) self.items.push(item);
    return null;
  },
  insert: (self, call) => {
    const [at, value] = take(call, 'index', 'value');
    call.machine.items(1);
    call.machine.step(Math.ceil(self.items.length / 64));
    self.items.splice(toIndex(at, call), 0, value as PyObject);
    return null;
  },
  remove: (self, call) => {
    const at = findPosition(self, take(call, 'value')[0] as PyObject, call);
    if (at < 0)
      call.machine.fail('list.remove(x): x not in list', 'ValueError', 'list.remove(x): x not in list');
    self.items.splice(at, 1);
    return null;
  },
  pop: (self, call) => {
    const [index = -1n] = take(call, 'index?');
    const given = toIndex(index, call);
    const at = given < 0 ? self.items.length + given : given;
    if (at < 0 || at >= self.items.length)
      call.machine.fail('pop index out of range', 'IndexError', 'pop index out of range');
    call.machine.step(Math.ceil(self.items.length / 64));
    return self.items.splice(at, 1)[0] as PyObject;
  },
  clear: (self, call) => {
    take(call);
    self.items = [];
    return null;
  },
  copy: (self, call) => {
    take(call);
    return new List(collect(self, call.machine));
  },
  reverse: (self, call) => {
    take(call);
    call.machine.step(self.items.length);
    self.items.reverse();
    return null;
  },
  sort: (self, call) => {
    if (call.args.length > 0) call.machine.fail('sort() takes no positional arguments');
    const [key, reverse] = take(call, 'key?', 'reverse?');
    self.items = sortValues(self, { key, reverse }, call);
    return null;
  },
};

/** Methods of dicts. */
export const DICT_METHODS: Readonly<Record<string, PyMethod<Dict>>> = {
  get: (self, call) => {
    const [key, fallback = null] = take(call, 'key', 'default?');
    const value = getItem(self, key as PyObject, call.machine);
    // None is a value too, so `??` would be wrong here.
    return value === undefined ? fallback : value;
  },
  keys: (self, call) => view(self, call, 'keys'),
  values: (self, call) => view(self, call, 'values'),
  items: (self, call) => view(self, call, 'items'),
  pop: (self, call) => {
    const [key, fallback] = take(call, 'key', 'default?');
    const hash = hashKey(key as PyObject, call.machine);
    const entry = self.entries.get(hash);
    const value = entry === undefined ? fallback : entry.value;
    self.entries.delete(hash);
    return value === undefined ? keyError(key as PyObject, call.machine) : value;
  },
  popitem: (self, call) => {
    take(call);
    const [hash, entry] = [...self.entries].at(-1) ?? call.machine.fail('popitem(): dictionary is empty');
    call.machine.step(self.entries.size);
    self.entries.delete(hash);
    return new Tuple([entry.key, entry.value]);
  },
  setdefault: (self, call) => {
    const [key, fallback = null] = take(call, 'key', 'default?');
    const value = getItem(self, key as PyObject, call.machine);
    if (value === undefined) setItem(self, key as PyObject, fallback, call.machine);
    return value === undefined ? fallback : value;
  },
  update: (self, call) => {
    fillDict(self, call);
    return null;
  },
  copy: (self, call) => {
    take(call);
    return copyDict(self, call);
  },
  clear: (self, call) => {
    take(call);
    self.entries.clear();
    return null;
  },
};

/** Methods of sets and frozensets. */
export const SET_METHODS: Readonly<Record<string, PyMethod<PySet>>> = {
  add: (self, call) => {
    const [value] = take(call, 'value');
    call.machine.items(1);
    const key = hashKey(value as PyObject, call.machine);
    if (!requireChangeable(self, call).items.has(key)) self.items.set(key, value as PyObject);
    return null;
  },
  discard: (self, call) => {
    requireChangeable(self, call).items.delete(hashKey(take(call, 'value')[0] as PyObject, call.machine));
    return null;
  },
  remove: (self, call) => {
    const value = take(call, 'value')[0] as PyObject;
    const isThere = requireChangeable(self, call).items.delete(hashKey(value, call.machine));
    return isThere ? null : keyError(value, call.machine);
  },
  update: (self, call) => {
    for (const other of call.args)
      for (const [key, value] of makeSet(iterate(other, call.machine), call.machine).items)
        if (!requireChangeable(self, call).items.has(key)) self.items.set(key, value);
    return null;
  },
  copy: (self, call) => makeSet(iterate(self, call.machine), call.machine, self.frozen),
  union: (self, call) => combineAll(self, call, '|'),
  intersection: (self, call) => combineAll(self, call, '&'),
  difference: (self, call) => combineAll(self, call, '-'),
  symmetric_difference: (self, call) => combineAll(self, call, '^'),
  issubset: (self, call) => isWithin(self, takeSet(call), call),
  issuperset: (self, call) => isWithin(takeSet(call), self, call),
  isdisjoint: (self, call) => combineSets(self, takeSet(call), '&', call.machine).items.size === 0,
};

function findPosition(self: List | Tuple, value: PyObject, call: PyCall): number {
  return self.items.findIndex((item) => item === value || isEqual(item, value, call.machine));
}

function view(self: Dict, call: PyCall, kind: View['kind']): View {
  take(call);
  return new View(self, kind);
}

/** Copies a dict with the places of its keys. */
export function copyDict(dict: Dict, { machine }: Pick<PyCall, 'machine'>): Dict {
  const copy = new Dict(machine.place);
  for (const { key, value, place } of dict.entries.values()) setItem(copy, key, value, machine, place);
  return copy;
}

/** What `dict(…)` and `update(…)` take: a mapping or pairs, then keywords. */
export function fillDict(dict: Dict, call: PyCall): void {
  const { machine, args, keywords } = call;
  if (args.length > 1) machine.fail(`${call.name}() takes at most 1 argument (${args.length} given)`);
  const [from] = args;
  if (from instanceof Dict) {
    for (const { key, value, place } of [...from.entries.values()]) setItem(dict, key, value, machine, place);
  } else if (from !== undefined) {
    for (const pair of iterate(from, machine)) {
      const [key, value, ...more] = collect(pair, machine);
      if (key === undefined || value === undefined || more.length > 0)
        machine.fail('a dict is made of pairs');
      setItem(dict, key as PyObject, value as PyObject, machine);
    }
  }
  for (const [name, value] of keywords) setItem(dict, name, value, machine, call.places?.get(name));
}

function requireChangeable(self: PySet, call: PyCall): PySet {
  return self.frozen ? call.machine.fail(`'frozenset' object has no attribute '${call.name}'`) : self;
}

function takeSet(call: PyCall): PySet {
  return makeSet(iterate(take(call, 'other')[0] as PyObject, call.machine), call.machine);
}

function isWithin(inner: PySet, outer: PySet, { machine }: PyCall): boolean {
  machine.step(inner.items.size);
  return [...inner.items.keys()].every((key) => outer.items.has(key));
}

function combineAll(self: PySet, call: PyCall, operator: string): PySet {
  const { machine, args } = call;
  return args.reduce(
    (set: PySet, one) => combineSets(set, makeSet(iterate(one, machine), machine), operator, machine),
    self,
  );
}

/** Set operators; undefined operators fail where they are read. */
export function combineSets(a: PySet, b: PySet, operator: string, machine: PyCall['machine']): PySet {
  machine.items(a.items.size + b.items.size);
  const kept = (from: PySet, inOther: PySet, wanted: boolean) =>
    [...from.items].filter(([key]) => inOther.items.has(key) === wanted);
  const entries =
    operator === '|'
      ? [...a.items, ...kept(b, a, false)]
      : operator === '&'
        ? kept(a, b, true)
        : operator === '-'
          ? kept(a, b, false)
          : operator === '^'
            ? [...kept(a, b, false), ...kept(b, a, false)]
            : machine.fail(
                `unsupported operand type(s) for ${operator}: '${typeName(a)}' and '${typeName(b)}'`,
              );
  return new PySet(new Map(entries), a.frozen);
}

interface SortOrder {
  readonly key: PyObject | undefined;
  readonly reverse: PyObject | undefined;
}

/** In order, equal ones as they stood; `key` makes what is compared. */
export function sortValues(values: PyObject, { key, reverse }: SortOrder, call: PyCall): PyObject[] {
  const { machine } = call;
  const items = collect(values, machine).map((value) => ({ value, by: keyed(value, key, call) }));
  const sign = reverse !== undefined && isTrue(reverse) ? -1 : 1;
  items.sort((a, b) => {
    const order = compare(a.by, b.by, '<', machine);
    return order === undefined ? machine.fail('nan cannot be sorted') : sign * order;
  });
  return items.map(({ value }) => value);
}

function keyed(value: PyObject, key: PyObject | undefined, call: PyCall): PyObject {
  return key === undefined || key === null ? value : call.invoke(key, [value]);
}

/** `min` and `max`: of the items of one argument, or of several. */
export function findExtreme(call: PyCall, operator: '<' | '>'): PyObject {
  const { machine, args, keywords, name } = call;
  for (const given of keywords.keys())
    if (given !== 'key' && given !== 'default')
      machine.fail(`${name}() got an unexpected keyword argument '${given}'`);
  const items = args.length === 1 ? collect(args[0] as PyObject, machine) : [...args];
  const [first] = items;
  if (first === undefined) {
    const fallback = keywords.get('default');
    return fallback === undefined ? machine.fail(`${name}() arg is an empty sequence`) : fallback;
  }
  const key = keywords.get('key');
  let best = { value: first, by: keyed(first, key, call) };
  for (const value of items.slice(1)) {
    const by = keyed(value, key, call);
    const order = compare(by, best.by, operator, machine);
    if (order !== undefined && (operator === '<' ? order < 0 : order > 0)) best = { value, by };
  }
  return best.value;
}
