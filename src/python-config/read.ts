/** Reads a config in Python without running Python: a small interpreter of what configs use. */

import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path';
import { messageOf } from '../contract/errors.ts';
import { floatRepr } from '../python-data/repr.ts';
import { evaluateExpression } from './expressions.ts';
import { callValue, type PyEvaluator } from './functions.ts';
import {
  type ConfigSource,
  LIMITS,
  lineAndColumn,
  Machine,
  type SourcePlace,
  unreadable,
} from './machine.ts';
import { parsePython } from './parse.ts';
import { assignTo, executeAll } from './statements.ts';
import type { ImportFrom, Stmt } from './syntax.ts';
import {
  Builtin,
  Bytes,
  DefinedFunction,
  Dict,
  ELLIPSIS,
  Foreign,
  List,
  PyImport,
  type PyObject,
  PySet,
  Range,
  Tuple,
  TypeExpression,
  typeName,
} from './values.ts';

/** A config as plain data. */
export interface ReadConfig {
  readonly values: Readonly<Record<string, unknown>>;
  /** `file:line` of a key. */
  where(keys: readonly (string | number)[]): string;
}

/**
 * Reads the variables of a Python config as plain data. `path` is absolute and without links. Throws TMAN-CFG-001 with file,
 * line and column for anything that is no Python, that Python would fail at, or that a config may not do (`LIMITS`).
 */
export async function readPython(path: string, files: ConfigFiles, nameOf: NameImport): Promise<ReadConfig> {
  const gathered = await gather(path, files);
  const source = gathered.python.get(path)?.source ?? { path, text: '' };
  const machine = new Machine(source);
  try {
    const globals = new Evaluation(gathered, machine).run(path);
    const converter = new Converter(machine, nameOf);
    const values = converter.variables(globals);
    return { values, where: (keys) => locateKey(keys, { values, path }, converter.places) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw unreadable(machine.place, 'it nests too deeply', `keep below ${LIMITS.depth} levels`);
  }
}

/** One config with all that it imports; each file is evaluated once. */
class Evaluation implements PyEvaluator {
  readonly machine: Machine;
  readonly #gathered: Gathered;
  readonly #done = new Map<string, Dict | 'running'>();

  constructor(gathered: Gathered, machine: Machine) {
    this.#gathered = gathered;
    this.machine = machine;
  }

  readonly evaluate: PyEvaluator['evaluate'] = (expression, scope) =>
    evaluateExpression(expression, scope, this);
  readonly execute: PyEvaluator['execute'] = (body, scope) => executeAll(body, scope, this);
  readonly assign: PyEvaluator['assign'] = (target, value, scope) => assignTo(target, value, scope, this);
  readonly call: PyEvaluator['call'] = (callee, given) => callValue(callee, given, this);

  base(statement: ImportFrom): Dict | undefined {
    const found = this.#gathered.imports.get(statement);
    if (found === undefined) return undefined;
    this.machine.at = statement.at;
    return 'path' in found ? this.run(found.path) : this.machine.fail(found.problem, 'ModuleNotFoundError');
  }

  run(path: string): Dict {
    const { machine } = this;
    const before = this.#done.get(path);
    if (before === 'running') machine.fail(`"${path}" imports itself`);
    if (before !== undefined) return before as Dict;
    const { source, at } = machine;
    this.#done.set(path, 'running');
    let globals: Dict;
    try {
      globals = machine.deeper(() => this.#evaluated(path));
    } catch (error) {
      this.#done.delete(path);
      throw error;
    }
    this.#done.set(path, globals);
    machine.source = source;
    machine.at = at;
    return globals;
  }

  #evaluated(path: string): Dict {
    const { machine } = this;
    const other = this.#gathered.others.get(path);
    if (other !== undefined) return toValue(other, machine) as Dict;
    const file = this.#gathered.python.get(path);
    if (file === undefined) return machine.fail(`"${path}" was not read`);
    machine.source = file.source;
    const globals = new Dict();
    globals.setText('__name__', basename(path, '.py'));
    globals.setText('__file__', path);
    const flow = this.execute(file.statements, { variables: globals, outer: undefined, globals });
    if (flow !== 'next')
      machine.fail(`'${typeof flow === 'string' ? flow : 'return'}' is outside of a loop or function`);
    return globals;
  }
}

/** Where the keys of each table were given. */
type KeyPlaces = WeakMap<
  object,
  { readonly own: SourcePlace | undefined; readonly keys: ReadonlyMap<string, SourcePlace> }
>;

/** Returns the name of the class or function that a dotted path imports. */
type NameImport = (path: readonly string[]) => string;

class Converter {
  readonly places: KeyPlaces = new WeakMap();
  readonly #made = new Map<PyObject, 'begun' | { readonly data: unknown; readonly size: number }>();
  #counted = 0;
  readonly #machine: Machine;
  readonly #nameOf: NameImport;

  constructor(machine: Machine, nameOf: NameImport) {
    this.#machine = machine;
    this.#nameOf = nameOf;
  }

  /** The variables of a config that are data; what it imported, its functions and `__names__` are not. */
  variables(globals: Dict): Record<string, unknown> {
    const data = new Dict();
    for (const { key, value, place } of globals.entries.values()) {
      const isCode =
        value instanceof PyImport ||
        value instanceof DefinedFunction ||
        value instanceof Builtin ||
        (value instanceof TypeExpression && value !== ELLIPSIS);
      if (typeof key === 'string' && !key.startsWith('__') && !isCode) data.setText(key, value, place);
    }
    return this.#table(data);
  }

  #data(value: PyObject, place: SourcePlace | undefined): unknown {
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
      // Written out, it appears here again, with all that it holds.
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

  #object(value: PyObject & object, place: SourcePlace | undefined): unknown {
    const each = (items: Iterable<PyObject>) => Array.from(items, (item) => this.#data(item, place));
    if (value instanceof Dict) return this.#table(value);
    if (value instanceof List || value instanceof Tuple) return each(value.items);
    if (value instanceof PySet) return each(value.items.values());
    if (value instanceof Foreign) return value.value;
    if (value instanceof PyImport && !value.isModule) return this.#nameOf(value.path);
    if (value instanceof Range) {
      this.#machine.items(value.length);
      return Array.from({ length: value.length }, (_, index) => value.start + index * value.step);
    }
    const what = value instanceof Bytes ? 'bytes' : value === ELLIPSIS ? '`...`' : `a ${typeName(value)}`;
    return this.#machine.refuse(`${what} is no data of a config`, 'write a text, a number, a list or a dict');
  }

  #table(dict: Dict): Record<string, unknown> {
    const table: Record<string, unknown> = {};
    const keys = new Map<string, SourcePlace>();
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

  #key(key: PyObject): string {
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
function locateKey(
  keys: readonly (string | number)[],
  root: { readonly values: unknown; readonly path: string },
  places: KeyPlaces,
): string {
  let found: SourcePlace | undefined;
  let at: unknown = root.values;
  for (const key of keys) {
    if (typeof at !== 'object' || at === null) break;
    found = places.get(at)?.keys.get(String(key)) ?? found;
    at = Object.hasOwn(at, key) ? (at as Record<string | number, unknown>)[key] : undefined;
    // An item of a list has the place where its table was made.
    if (typeof key === 'number' && typeof at === 'object' && at !== null)
      found = places.get(at)?.own ?? found;
  }
  return found === undefined ? root.path : `${found.source.path}:${lineAndColumn(found).line}`;
}

/** What another config holds, as Python's values. */
function toValue(data: unknown, machine: Machine, made = new Map<object, PyObject>()): PyObject {
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

/** Whether it is a table whose functions are classes, e.g. `type`; an object with methods stays whole. */
function isPlainWithClasses(data: unknown): boolean {
  if (typeof data !== 'object' || data === null) return false;
  if (![Object.prototype, null].includes(Object.getPrototypeOf(data))) return false;
  return Object.values(data).every((inner) => typeof inner !== 'function' || /^class\b/.test(String(inner)));
}

/** Access to files and to the other forms of configs, given by the caller. */
interface ConfigFiles {
  /** Config folders, absolute, in the order in which they are searched. */
  readonly folders: readonly string[];
  /** The file without links; undefined where there is no such file. */
  realPath(path: string): string | undefined;
  readText(path: string): string;
  /** Variables of a config in another form: JavaScript, TypeScript, JSON, YAML. */
  readOther(path: string): Promise<Readonly<Record<string, unknown>>>;
}

interface PythonFile {
  readonly source: ConfigSource;
  readonly statements: readonly Stmt[];
}

/** All files of a config, parsed. */
interface Gathered {
  readonly python: ReadonlyMap<string, PythonFile>;
  readonly others: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  /** The file that an import names, or why there is none. Absent: it does not import a config. */
  readonly imports: ReadonlyMap<ImportFrom, { readonly path: string } | { readonly problem: string }>;
}

/** Where AISBench keeps its configs: imports from there are looked for in the config folders. */
const CONFIG_PACKAGE = ['ais_bench', 'benchmark', 'configs'];

/** Where it keeps data, and the values of its synthetic dataset. */
const DATA_PACKAGE = ['ais_bench', 'datasets'];

/** In the order in which they are preferred. */
const EXTENSIONS = ['.py', '.ts', '.mts', '.js', '.mjs', '.cjs', '.json', '.yaml', '.yml'];

/**
 * Reads a config and everything that it imports before anything is evaluated: the evaluation itself touches no file. Only
 * files in the config folders are read, links followed. Throws TMAN-CFG-001.
 */
async function gather(main: string, files: ConfigFiles): Promise<Gathered> {
  const python = new Map<string, PythonFile>();
  const others = new Map<string, Readonly<Record<string, unknown>>>();
  const imports = new Map<ImportFrom, { path: string } | { problem: string }>();
  const finder = new Finder(dirname(main), files);
  const waiting: { path: string; from: SourcePlace | undefined }[] = [{ path: main, from: undefined }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { path, from } = next;
    if (python.has(path) || others.has(path)) continue;
    if (python.size + others.size >= LIMITS.files && from !== undefined)
      throw unreadable(from, `it imports more than ${LIMITS.files} files`, 'join some of them');
    if (extname(path) !== '.py' && path !== main) others.set(path, await files.readOther(path));
    else {
      const file = parseFile(path, files);
      python.set(path, file);
      for (const statement of listImports(file.statements)) {
        const found = finder.find(statement, path);
        if (found === undefined) continue;
        imports.set(statement, found);
        if ('path' in found)
          waiting.push({ path: found.path, from: { source: file.source, at: statement.at } });
      }
    }
  }
  return { python, others, imports };
}

function parseFile(path: string, files: ConfigFiles): PythonFile {
  let text: string;
  try {
    text = files.readText(path).replace(/^\ufeff/, '');
  } catch (error) {
    throw unreadable({ source: { path, text: '' }, at: 0 }, messageOf(error), 'check the path');
  }
  const source = { path, text };
  return { source, statements: parsePython(source) };
}

function* listImports(statements: readonly Stmt[]): Generator<ImportFrom, void> {
  for (const one of statements) {
    if (one.kind === 'from') yield one;
    else if (one.kind === 'if') {
      for (const { body } of one.branches) yield* listImports(body);
      yield* listImports(one.otherwise);
    } else if ('body' in one) {
      yield* listImports(one.body);
      if ('otherwise' in one) yield* listImports(one.otherwise);
      if (one.kind !== 'try') continue;
      for (const { body } of one.handlers) yield* listImports(body);
      yield* listImports(one.final);
    }
  }
}

class Finder {
  readonly #files: ConfigFiles;
  readonly #folders: readonly string[];
  readonly #real: readonly string[];

  /** The folder of the config that was named is one of the config folders too. */
  constructor(ownFolder: string, files: ConfigFiles) {
    this.#files = files;
    this.#folders = files.folders;
    this.#real = [ownFolder, ...files.folders];
  }

  find(statement: ImportFrom, from: string): { path: string } | { problem: string } | undefined {
    const { level, module } = statement;
    if (level === 0) {
      if (DATA_PACKAGE.every((name, index) => module[index] === name)) return this.#beside(module);
      if (!CONFIG_PACKAGE.every((name, index) => module[index] === name)) return undefined;
      const below = module.slice(CONFIG_PACKAGE.length);
      return this.#first(
        this.#folders.map((folder) => join(folder, ...below)),
        module.join('.'),
      );
    }
    const target = resolve(dirname(from), ...Array<string>(level - 1).fill('..'), ...module);
    const dotted = `${'.'.repeat(level)}${module.join('.')}`;
    if (module.length === 0) return { problem: `"from ${dotted} import …" names no file` };
    const home = this.#folders.find((folder) => isBelow(from, folder));
    const elsewhere =
      home === undefined ? [] : this.#folders.map((folder) => join(folder, relative(home, target)));
    return this.#first([target, ...elsewhere], dotted);
  }

  /** A file of AISBench's data folder, where the config folder is that of a checkout; undefined where it is not there. */
  #beside(module: readonly string[]): { path: string } | undefined {
    const end = join(sep, ...CONFIG_PACKAGE);
    for (const folder of this.#folders.filter((one) => one.endsWith(end))) {
      const data = join(folder.slice(0, -end.length), ...DATA_PACKAGE);
      const path = this.#files.realPath(`${join(data, ...module.slice(DATA_PACKAGE.length))}.py`);
      if (path !== undefined && isBelow(path, data)) return { path };
    }
    return undefined;
  }

  /** The first of these places, without their extension, where a file lies. */
  #first(places: readonly string[], dotted: string): { path: string } | { problem: string } {
    for (const place of places) {
      for (const candidate of [
        ...EXTENSIONS.map((extension) => place + extension),
        join(place, '__init__.py'),
      ]) {
        const path = this.#files.realPath(candidate);
        if (path === undefined) continue;
        if (this.#real.some((folder) => isBelow(path, folder))) return { path };
        return { problem: `"${dotted}" lies outside of the config folders` };
      }
    }
    return { problem: `there is no config "${dotted}"` };
  }
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
