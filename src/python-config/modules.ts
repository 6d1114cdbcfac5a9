/** The few functions of Python's library that configs call; anything else that is imported is only named. */
import { collect, iterate, numeric, setOf } from './access.ts';
import { take, textArgument } from './arguments.ts';
import { BUILTINS } from './builtins.ts';
import { divideHalfEven, fractionOf } from './decimals.ts';
import type { Machine } from './machine.ts';
import { Builtin, type Call, Dict, Imported, Items, List, PySet, Tuple, type Value } from './values.ts';

const FUNCTIONS: Readonly<Record<string, (call: Call) => Value>> = {
  'copy.deepcopy': (call) => deepCopy(take(call, 'x')[0] as Value, new Map(), call.machine),
  'copy.copy': (call) => shallowCopy(take(call, 'x')[0] as Value, call.machine),
  'os.path.join': (call) => call.args.map((part) => textArgument(part, call)).reduce(joinPath),
  'os.path.basename': (call) => splitPath(call)[1],
  'os.path.dirname': (call) => splitPath(call)[0],
  'os.path.splitext': (call) => {
    const [, stem = '', extension = ''] =
      /^([\s\S]*?[^/.][^/]*?)(\.[^./]*)?$/.exec(textArgument(take(call, 'p')[0], call)) ?? [];
    return new Tuple([stem, extension]);
  },
  'os.path.abspath': (call) => {
    const path = textArgument(take(call, 'path')[0], call);
    if (path.startsWith('/') && !/\/\.{0,2}(\/|$)/.test(path)) return path;
    return call.machine.refuse(`abspath("${path}") depends on where it is run`, 'write an absolute path');
  },
  'math.ceil': (call) => roundTo(call, 1n),
  'math.floor': (call) => roundTo(call, -1n),
  'math.sqrt': (call) => {
    const number = Number(numeric(take(call, 'x')[0] as Value) ?? Number.NaN);
    return number < 0 ? call.machine.fail('math domain error') : Math.sqrt(number);
  },
  'itertools.chain': (call) => new Items(chained(call)),
  'itertools.product': (call) => new Items(product(call)),
};

const CONSTANTS: Readonly<Record<string, Value>> = {
  'math.pi': Math.PI,
  'math.e': Math.E,
  'math.inf': Number.POSITIVE_INFINITY,
  'math.nan': Number.NaN,
  'os.sep': '/',
};

/** Classes of dicts that are dicts here. */
const DICTS = ['collections.OrderedDict', 'mmengine.config.ConfigDict', 'mmengine.ConfigDict'];

const KNOWN: ReadonlyMap<string, Value> = new Map([
  ...Object.entries(FUNCTIONS).map(([name, call]): [string, Value] => [name, new Builtin(name, call)]),
  ...Object.entries(CONSTANTS),
  ...DICTS.map((name): [string, Value] => [name, BUILTINS.get('dict') as Value]),
]);

/** A member of an imported module: known, or its name alone. Refuses what would tell about the machine. */
export function member(path: readonly string[], machine: Machine, isModule = false): Value {
  const dotted = path.join('.');
  if (/^os\.(environ|getenv)\b/.test(dotted)) {
    machine.refuse(
      'environment variables are not read by a Python config',
      'give the value on the command line, e.g. --api-key or --set, or use a TypeScript config',
    );
  }
  return KNOWN.get(dotted) ?? new Imported(path, isModule);
}

function deepCopy(value: Value, made: Map<Value, Value>, machine: Machine): Value {
  const known = made.get(value);
  if (known !== undefined) return known;
  const inner = (one: Value) => machine.deeper(() => deepCopy(one, made, machine));
  if (value instanceof List) {
    const copy = new List();
    made.set(value, copy);
    machine.items(value.items.length);
    for (const item of value.items) copy.items.push(inner(item));
    return copy;
  }
  if (value instanceof Dict) {
    const copy = new Dict(value.place);
    made.set(value, copy);
    machine.items(3 * value.entries.size);
    for (const [hash, { key, value: old, place }] of value.entries)
      copy.entries.set(hash, { key, value: inner(old), place });
    return copy;
  }
  if (value instanceof Tuple) return new Tuple(collect(value, machine).map(inner));
  return value instanceof PySet && !value.frozen ? setOf(iterate(value, machine), machine) : value;
}

function shallowCopy(value: Value, machine: Machine): Value {
  if (value instanceof List) return new List(collect(value, machine));
  if (value instanceof PySet && !value.frozen) return setOf(iterate(value, machine), machine);
  if (!(value instanceof Dict)) return value;
  const copy = new Dict(value.place);
  machine.items(3 * value.entries.size);
  for (const [hash, entry] of value.entries) copy.entries.set(hash, { ...entry });
  return copy;
}

function joinPath(path: string, part: string): string {
  if (part.startsWith('/') || path === '') return part;
  return path.endsWith('/') ? path + part : `${path}/${part}`;
}

function splitPath(call: Call): readonly [folder: string, name: string] {
  const path = textArgument(take(call, 'p')[0], call);
  const slash = path.lastIndexOf('/') + 1;
  const folder = path.slice(0, slash);
  return [/^\/+$/.test(folder) ? folder : folder.replace(/(?<!\/)\/+$/, ''), path.slice(slash)];
}

function roundTo(call: Call, direction: 1n | -1n): bigint {
  const number = numeric(take(call, 'x')[0] as Value);
  if (typeof number === 'bigint') return number;
  if (number === undefined || !Number.isFinite(number))
    return call.machine.fail(`${call.name}() needs a finite number`);
  const whole = direction === 1n ? Math.ceil(number) : Math.floor(number);
  return whole < 0 ? -divideHalfEven(...fractionOf(whole)) : divideHalfEven(...fractionOf(whole));
}

function* chained({ args, machine }: Call): Generator<Value, void> {
  for (const one of args) yield* iterate(one, machine);
}

function* product(call: Call): Generator<Value, void> {
  const { args, keywords, machine } = call;
  if (keywords.size > 0) machine.refuse('product(repeat=…) is not read', 'name the lists one by one');
  const lists = args.map((one) => collect(one, machine));
  const at = lists.map(() => 0);
  if (lists.some((list) => list.length === 0)) return;
  for (;;) {
    machine.items(lists.length);
    yield new Tuple(lists.map((list, index) => list[at[index] as number] as Value));
    let index = lists.length - 1;
    for (; index >= 0; index--) {
      at[index] = ((at[index] as number) + 1) % (lists[index] as Value[]).length;
      if (at[index] !== 0) break;
    }
    if (index < 0) return;
  }
}
