/** Methods of list, tuple, dict and set. */
import { collect, getItem, isEqual, iterate, keyOf, setItem, setOf } from './access.ts';
import { indexArgument, take } from './arguments.ts';
import { sorted } from './sorting.ts';
import type { Method } from './text-methods.ts';
import { type Call, Dict, List, PySet, Tuple, typeName, type Value, View } from './values.ts';

export const TUPLE_METHODS: Readonly<Record<string, Method<List | Tuple>>> = {
  index: (self, call) => {
    const at = positionOf(self, take(call, 'value')[0] as Value, call);
    return at < 0 ? call.machine.fail('the value is not in the list') : BigInt(at);
  },
  count: (self, call) => {
    const [value] = take(call, 'value');
    return BigInt(self.items.filter((item) => isEqual(item, value as Value, call.machine)).length);
  },
};

export const LIST_METHODS: Readonly<Record<string, Method<List>>> = {
  ...TUPLE_METHODS,
  append: (self, call) => {
    const [value] = take(call, 'value');
    call.machine.items(1);
    self.items.push(value as Value);
    return null;
  },
  extend: (self, call) => {
    for (const item of collect(take(call, 'iterable')[0] as Value, call.machine)) self.items.push(item);
    return null;
  },
  insert: (self, call) => {
    const [at, value] = take(call, 'index', 'value');
    call.machine.items(1);
    call.machine.step(Math.ceil(self.items.length / 64));
    self.items.splice(indexArgument(at, call), 0, value as Value);
    return null;
  },
  remove: (self, call) => {
    const at = positionOf(self, take(call, 'value')[0] as Value, call);
    if (at < 0) call.machine.fail('list.remove(x): x not in list');
    self.items.splice(at, 1);
    return null;
  },
  pop: (self, call) => {
    const [index = -1n] = take(call, 'index?');
    const given = indexArgument(index, call);
    const at = given < 0 ? self.items.length + given : given;
    if (at < 0 || at >= self.items.length) call.machine.fail('pop index out of range');
    call.machine.step(Math.ceil(self.items.length / 64));
    return self.items.splice(at, 1)[0] as Value;
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
    self.items = sorted(self, { key, reverse }, call);
    return null;
  },
};

export const DICT_METHODS: Readonly<Record<string, Method<Dict>>> = {
  get: (self, call) => {
    const [key, fallback = null] = take(call, 'key', 'default?');
    const value = getItem(self, key as Value, call.machine);
    // None is a value too, so `??` would be wrong here.
    return value === undefined ? fallback : value;
  },
  keys: (self, call) => view(self, call, 'keys'),
  values: (self, call) => view(self, call, 'values'),
  items: (self, call) => view(self, call, 'items'),
  pop: (self, call) => {
    const [key, fallback] = take(call, 'key', 'default?');
    const hash = keyOf(key as Value, call.machine);
    const entry = self.entries.get(hash);
    const value = entry === undefined ? fallback : entry.value;
    self.entries.delete(hash);
    return value === undefined ? call.machine.fail('KeyError: there is no such key to pop') : value;
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
    const value = getItem(self, key as Value, call.machine);
    if (value === undefined) setItem(self, key as Value, fallback, call.machine);
    return value === undefined ? fallback : value;
  },
  update: (self, call) => {
    fillDict(self, call);
    return null;
  },
  copy: (self, call) => {
    take(call);
    return copyOfDict(self, call);
  },
  clear: (self, call) => {
    take(call);
    self.entries.clear();
    return null;
  },
};

export const SET_METHODS: Readonly<Record<string, Method<PySet>>> = {
  add: (self, call) => {
    const [value] = take(call, 'value');
    call.machine.items(1);
    const key = keyOf(value as Value, call.machine);
    if (!changeable(self, call).items.has(key)) self.items.set(key, value as Value);
    return null;
  },
  discard: (self, call) => {
    changeable(self, call).items.delete(keyOf(take(call, 'value')[0] as Value, call.machine));
    return null;
  },
  remove: (self, call) => {
    if (!changeable(self, call).items.delete(keyOf(take(call, 'value')[0] as Value, call.machine)))
      call.machine.fail('KeyError: the set has no such element');
    return null;
  },
  update: (self, call) => {
    for (const other of call.args)
      for (const [key, value] of setOf(iterate(other, call.machine), call.machine).items)
        if (!changeable(self, call).items.has(key)) self.items.set(key, value);
    return null;
  },
  copy: (self, call) => setOf(iterate(self, call.machine), call.machine, self.frozen),
  union: (self, call) => folded(self, call, '|'),
  intersection: (self, call) => folded(self, call, '&'),
  difference: (self, call) => folded(self, call, '-'),
  symmetric_difference: (self, call) => folded(self, call, '^'),
  issubset: (self, call) => isWithin(self, other(call), call),
  issuperset: (self, call) => isWithin(other(call), self, call),
  isdisjoint: (self, call) => combined(self, other(call), '&', call.machine).items.size === 0,
};

function positionOf(self: List | Tuple, value: Value, call: Call): number {
  return self.items.findIndex((item) => item === value || isEqual(item, value, call.machine));
}

function view(self: Dict, call: Call, kind: View['kind']): View {
  take(call);
  return new View(self, kind);
}

export function copyOfDict(dict: Dict, { machine }: Pick<Call, 'machine'>): Dict {
  const copy = new Dict(machine.place);
  for (const { key, value, place } of dict.entries.values()) setItem(copy, key, value, machine, place);
  return copy;
}

/** What `dict(…)` and `update(…)` take: a mapping or pairs, then keywords. */
export function fillDict(dict: Dict, call: Call): void {
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
      setItem(dict, key as Value, value as Value, machine);
    }
  }
  for (const [name, value] of keywords) setItem(dict, name, value, machine, call.places?.get(name));
}

function changeable(self: PySet, call: Call): PySet {
  return self.frozen ? call.machine.fail(`'frozenset' object has no attribute '${call.name}'`) : self;
}

function other(call: Call): PySet {
  return setOf(iterate(take(call, 'other')[0] as Value, call.machine), call.machine);
}

function isWithin(inner: PySet, outer: PySet, { machine }: Call): boolean {
  machine.step(inner.items.size);
  return [...inner.items.keys()].every((key) => outer.items.has(key));
}

function folded(self: PySet, call: Call, operator: string): PySet {
  const { machine, args } = call;
  return args.reduce(
    (set: PySet, one) => combined(set, setOf(iterate(one, machine), machine), operator, machine),
    self,
  );
}

/** Set operators; undefined operators fail where they are read. */
export function combined(a: PySet, b: PySet, operator: string, machine: Call['machine']): PySet {
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
