/** The few functions of Python's library that configs call; anything else that is imported is only named. */
import { collect, iterate, makeSet, numeric, setItem } from './access.ts';
import { BUILTINS } from './builtins.ts';
import { DICT_METHODS, LIST_METHODS, SET_METHODS, TUPLE_METHODS } from './container-methods.ts';
import { divideHalfEven, toFraction } from './format.ts';
import type { Machine } from './machine.ts';
import { applyBinary } from './operators.ts';
import { BYTES_METHODS, type PyMethod, TEXT_METHODS } from './text-methods.ts';
import {
  Builtin,
  Dict,
  List,
  type PyCall,
  PyException,
  PyImport,
  PyIterator,
  type PyObject,
  PySet,
  Tuple,
  take,
  toText,
  typeName,
} from './values.ts';

const LIBRARY: Readonly<Record<string, (call: PyCall) => PyObject>> = {
  'copy.deepcopy': (call) => deepCopy(take(call, 'x')[0] as PyObject, new Map(), call.machine),
  'copy.copy': (call) => shallowCopy(take(call, 'x')[0] as PyObject, call.machine),
  'os.path.join': (call) => call.args.map((part) => toText(part, call)).reduce(joinPath),
  'os.path.basename': (call) => splitPath(call)[1],
  'os.path.dirname': (call) => splitPath(call)[0],
  'os.path.splitext': (call) => {
    const [, stem = '', extension = ''] =
      /^([\s\S]*?[^/.][^/]*?)(\.[^./]*)?$/.exec(toText(take(call, 'p')[0], call)) ?? [];
    return new Tuple([stem, extension]);
  },
  'os.path.abspath': (call) => {
    const path = toText(take(call, 'path')[0], call);
    if (path.startsWith('/') && !/\/\.{0,2}(\/|$)/.test(path)) return path;
    return call.machine.refuse(`abspath("${path}") depends on where it is run`, 'write an absolute path');
  },
  'math.ceil': (call) => roundTo(call, 1n),
  'math.floor': (call) => roundTo(call, -1n),
  'math.sqrt': (call) => {
    const number = Number(numeric(take(call, 'x')[0] as PyObject) ?? Number.NaN);
    return number < 0 ? call.machine.fail('math domain error') : Math.sqrt(number);
  },
  'math.prod': (call) => {
    const [items, start = 1n] = take(call, 'iterable', 'start?');
    let product = start;
    for (const item of iterate(items as PyObject, call.machine))
      product = applyBinary('*', product, item, call.machine);
    return product;
  },
  'functools.reduce': (call) => {
    const [callee, items, start] = take(call, 'function', 'iterable', 'initial?');
    const source = iterate(items as PyObject, call.machine);
    const first = start === undefined ? source.next() : { value: start, done: false };
    if (first.done) return call.machine.fail('reduce() of empty iterable with no initial value', 'TypeError');
    let total = first.value as PyObject;
    for (const item of source) total = call.invoke(callee as PyObject, [total, item]);
    return total;
  },
  'textwrap.dedent': (call) => {
    const text = toText(take(call, 'text')[0], call);
    call.machine.text(text.length);
    return dedent(text);
  },
  'typing.cast': (call) => take(call, 'typ', 'val')[1] as PyObject,
  'os.path.normpath': (call) => normalised(toText(take(call, 'path')[0], call)),
  'itertools.chain.from_iterable': (call) =>
    new PyIterator(chained({ ...call, args: collect(take(call, 'iterable')[0] as PyObject, call.machine) })),
  'itertools.chain': (call) => new PyIterator(chained(call)),
  'itertools.product': (call) => new PyIterator(product(call)),
};

const CONSTANTS: Readonly<Record<string, PyObject>> = {
  'math.pi': Math.PI,
  'math.e': Math.E,
  'math.inf': Number.POSITIVE_INFINITY,
  'math.nan': Number.NaN,
  'os.sep': '/',
  'string.ascii_uppercase': 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  'string.ascii_lowercase': 'abcdefghijklmnopqrstuvwxyz',
  'string.ascii_letters': 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ',
  'string.digits': '0123456789',
  'typing.TYPE_CHECKING': false,
};

/** Classes of dicts that are dicts here. */
const DICTS = ['collections.OrderedDict', 'mmengine.config.ConfigDict', 'mmengine.ConfigDict'];

const KNOWN: ReadonlyMap<string, PyObject> = new Map([
  ...Object.entries(LIBRARY).map(([name, call]): [string, PyObject] => [name, new Builtin(name, call)]),
  ...Object.entries(CONSTANTS),
  ...DICTS.map((name): [string, PyObject] => [name, BUILTINS.get('dict') as PyObject]),
]);

/** Returns a member of an imported module: its value, or a placeholder. Refuses what would reveal the machine. */
export function findMember(path: readonly string[], machine: Machine, isModule = false): PyObject {
  const dotted = path.join('.');
  if (/^os\.(environ|getenv)\b/.test(dotted)) {
    machine.refuse(
      'environment variables are not read by a Python config',
      'give the value on the command line, e.g. --api-key or --set, or use a TypeScript config',
    );
  }
  return KNOWN.get(dotted) ?? new PyImport(path, isModule);
}

function deepCopy(value: PyObject, made: Map<PyObject, PyObject>, machine: Machine): PyObject {
  const known = made.get(value);
  if (known !== undefined) return known;
  const inner = (one: PyObject) => machine.deeper(() => deepCopy(one, made, machine));
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
  return value instanceof PySet && !value.frozen ? makeSet(iterate(value, machine), machine) : value;
}

function shallowCopy(value: PyObject, machine: Machine): PyObject {
  if (value instanceof List) return new List(collect(value, machine));
  if (value instanceof PySet && !value.frozen) return makeSet(iterate(value, machine), machine);
  if (!(value instanceof Dict)) return value;
  const copy = new Dict(value.place);
  machine.items(3 * value.entries.size);
  for (const [hash, entry] of value.entries) copy.entries.set(hash, { ...entry });
  return copy;
}

/** Takes the blanks off that all lines but blank ones begin with. */
function dedent(text: string): string {
  const lines = text.replace(/^[ \t]+$/gm, '').split('\n');
  const margins = lines.filter((line) => /[^ \t]/.test(line)).map((line) => /^[ \t]*/.exec(line)![0]);
  let margin = margins[0] ?? '';
  for (const one of margins) while (!one.startsWith(margin)) margin = margin.slice(0, -1);
  return lines.map((line) => line.slice(line.startsWith(margin) ? margin.length : 0)).join('\n');
}

function normalised(path: string): string {
  const root = /^\/\/(?!\/)/.test(path) ? '//' : path.startsWith('/') ? '/' : '';
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..' || (root === '' && (parts.length === 0 || parts.at(-1) === '..'))) parts.push(part);
    else parts.pop();
  }
  return root + parts.join('/') || '.';
}

function joinPath(path: string, part: string): string {
  if (part.startsWith('/') || path === '') return part;
  return path.endsWith('/') ? path + part : `${path}/${part}`;
}

function splitPath(call: PyCall): readonly [folder: string, name: string] {
  const path = toText(take(call, 'p')[0], call);
  const slash = path.lastIndexOf('/') + 1;
  const folder = path.slice(0, slash);
  return [/^\/+$/.test(folder) ? folder : folder.replace(/(?<!\/)\/+$/, ''), path.slice(slash)];
}

function roundTo(call: PyCall, direction: 1n | -1n): bigint {
  const number = numeric(take(call, 'x')[0] as PyObject);
  if (typeof number === 'bigint') return number;
  if (number === undefined || !Number.isFinite(number))
    return call.machine.fail(`${call.name}() needs a finite number`);
  const whole = direction === 1n ? Math.ceil(number) : Math.floor(number);
  return whole < 0 ? -divideHalfEven(...toFraction(whole)) : divideHalfEven(...toFraction(whole));
}

function* chained({ args, machine }: PyCall): Generator<PyObject, void> {
  for (const one of args) yield* iterate(one, machine);
}

function* product(call: PyCall): Generator<PyObject, void> {
  const { args, keywords, machine } = call;
  if (keywords.size > 0) machine.refuse('product(repeat=…) is not read', 'name the lists one by one');
  const lists = args.map((one) => collect(one, machine));
  const at = lists.map(() => 0);
  if (lists.some((list) => list.length === 0)) return;
  for (;;) {
    machine.items(lists.length);
    yield new Tuple(lists.map((list, index) => list[at[index] as number] as PyObject));
    let index = lists.length - 1;
    for (; index >= 0; index--) {
      at[index] = ((at[index] as number) + 1) % (lists[index] as PyObject[]).length;
      if (at[index] !== 0) break;
    }
    if (index < 0) return;
  }
}

const METHODS: ReadonlyMap<string, ReadonlyMap<string, PyMethod<never>>> = new Map(
  Object.entries({
    str: TEXT_METHODS,
    bytes: BYTES_METHODS,
    list: LIST_METHODS,
    tuple: TUPLE_METHODS,
    dict: DICT_METHODS,
    set: SET_METHODS,
    frozenset: SET_METHODS,
  }).map(([type, methods]) => [type, new Map(Object.entries(methods as Record<string, PyMethod<never>>))]),
);

/** Evaluates `value.name`: a method of data, or a member of an imported module. Nothing else has attributes. */
export function getAttribute(value: PyObject, name: string, machine: Machine): PyObject {
  if (name.startsWith('__'))
    machine.refuse(`the attribute '${name}' may not be used in it`, 'keep to data and its methods');
  if (value instanceof PyImport) return importMember(value, name, machine);
  const own = value instanceof Builtin ? memberOf(value, name) : undefined;
  if (own !== undefined) return own;
  const method = METHODS.get(typeName(value))?.get(name);
  if (method !== undefined) return new Builtin(name, (call) => method(value as never, call));
  if (value instanceof Builtin) {
    if (value.name === 'dict' && name === 'fromkeys') return new Builtin(name, fromKeys);
    const unbound = METHODS.get(value.name)?.get(name);
    if (unbound !== undefined) return new Builtin(name, (call) => callUnbound(unbound, value.name, call));
  }
  if (value instanceof PyException && name === 'args' && value.args.length > 0) return new Tuple(value.args);
  const cure = value instanceof Dict ? `write ["${name}"]` : 'keep to data and its methods';
  return machine.refuse(`'${typeName(value)}' object has no attribute '${name}'`, cure);
}

/** A function of a function of the library, such as `chain.from_iterable`. */
function memberOf(value: Builtin, name: string): PyObject | undefined {
  const [path] = [...KNOWN].find(([, one]) => one === value) ?? [];
  return path === undefined ? undefined : KNOWN.get(`${path}.${name}`);
}

/** A name that begins with a small letter may be a module; of a class nothing can be known. */
function importMember({ path, isModule, dotted }: PyImport, name: string, machine: Machine): PyObject {
  if (!isModule && !/^[a-z_]/.test(path.at(-1) ?? ''))
    machine.refuse(`${dotted} is imported, not run: ${name} has no value here`, 'write the value itself');
  return findMember([...path, name], machine, /^[a-z_]/.test(name));
}

/** `str.upper(text)` */
function callUnbound(method: PyMethod<never>, type: string, call: PyCall): PyObject {
  const [self, ...args] = call.args;
  if (self === undefined || typeName(self) !== type)
    return call.machine.fail(`${type}.${call.name}() needs a '${type}'`);
  return method(self as never, { ...call, args });
}

function fromKeys(call: PyCall): Dict {
  const [keys, value = null] = take(call, 'iterable', 'value?');
  const dict = new Dict(call.machine.place);
  for (const key of iterate(keys as PyObject, call.machine)) setItem(dict, key, value, call.machine);
  return dict;
}
