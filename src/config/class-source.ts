/** Where the classes and functions of this process came from, as far as a module of a user was read for them. */
import { isAbsolute, relative, sep } from 'node:path';
import { detectAttr } from '../contract/base-model.ts';
import { type ClassRef, INLINE } from '../contract/class-ref.ts';

export interface ClassSource {
  /** The file that exports the class or function, or the config that holds it as a `type`. */
  readonly path: string;
  /** The name of the export, or the place in the config: `models.0.type`. */
  readonly export: string;
  /** Such a config: the class is not in it, or is there as a text that the class itself has, and what else it holds are options. */
  readonly isConfig: boolean;
}

const sources = new WeakMap<object, ClassSource>();

/** Returns where a class was found; undefined for one that ships, or that no file exported. */
export function classSource(type: object): ClassSource | undefined {
  return sources.get(type);
}

/** Remembers the file of every class, function and evaluator that a module exports or holds as a `type`; the first place of a class counts. */
export function noteClasses(exported: Readonly<Record<string, unknown>>, path: string): void {
  for (const [name, value] of Object.entries(exported)) note(value, { path, export: name, isConfig: false });
  for (const [place, value] of typesIn(exported, '', new Set()))
    note(value, { path, export: place, isConfig: true });
}

function note(value: unknown, source: ClassSource): void {
  if (isPart(value) && !sources.has(value)) sources.set(value, source);
}

/** Remembers where a part of a plugin lies; the first place of a part counts. */
export function notePart(part: object, path: string, place: string): ClassSource {
  const source = sources.get(part) ?? { path, export: place, isConfig: false };
  sources.set(part, source);
  return source;
}

/** Whether a value is a class, a function, or an evaluator: what a plan names instead of holding it. */
function isPart(value: unknown): value is object {
  return isClass(value) || isEvaluator(value);
}

/** Returns whether a value is an evaluator, or a function, which may make one. */
export function isEvaluator(value: unknown): value is object {
  if (typeof value === 'function') return true;
  return typeof (value as { readonly grade?: unknown } | null | undefined)?.grade === 'function';
}

/** Whether a value is a model class or a dataset class. */
export function isClass(value: unknown): value is object {
  if (typeof value === 'object' && value !== null)
    return typeof (value as { load?: unknown }).load === 'function';
  return detectAttr(value) !== undefined;
}

/** Every class, function and evaluator under a key `type` or `arrival`, however deep, with its place. */
function* typesIn(value: unknown, place: string, within: Set<unknown>): Generator<[string, object]> {
  if (!isTable(value) || within.has(value)) return;
  within.add(value);
  for (const [key, inner] of Object.entries(value)) {
    const at = place === '' ? key : `${place}.${key}`;
    if ((key === 'type' || key === 'arrival') && isPart(inner)) yield [at, inner];
    else yield* typesIn(inner, at, within);
  }
}

/** Returns what is exported under a name, or lies at such a place. */
export function valueAt(values: Readonly<Record<string, unknown>>, place: string): unknown {
  if (Object.hasOwn(values, place)) return values[place];
  return place
    .split('.')
    .reduce<unknown>(
      (inner, key) => (isTable(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined),
      values,
    );
}

/** Returns whether a value is what configs are made of: a list or a plain object, and nothing that a program made. */
export function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}

/** Returns a file's name in a ref: relative where it lies inside the base folder. */
export function moduleName(path: string, base: string): string {
  const inside = relative(base, path);
  return inside === '' || inside.startsWith('..') || isAbsolute(inside)
    ? path
    : `./${inside.split(sep).join('/')}`;
}

const inline = new Map<string, object>();
const inlineNames = new WeakMap<object, string>();

/** Names a class that a program handed over; the ref is good in this process alone. */
export function inlineRef(type: object): ClassRef {
  const { name } = type as { readonly name?: unknown };
  const known = inlineNames.get(type) ?? `${inline.size + 1}`;
  inlineNames.set(type, known);
  inline.set(known, type);
  return {
    module: INLINE,
    export: known,
    name: typeof name === 'string' && name !== '' ? name : 'anonymous',
  };
}

/** Returns the class that an inline ref of this process names. */
export function inlineClass(ref: ClassRef): object | undefined {
  return inline.get(ref.export);
}

const loaded = new Map<string, Promise<object>>();

/** Returns the class of a ref, loaded once in this process. */
export function loadOnce(ref: ClassRef, base: string, load: () => Promise<object>): Promise<object> {
  const key = JSON.stringify([base, ref]);
  const found = loaded.get(key) ?? load();
  loaded.set(key, found);
  found.catch(() => loaded.delete(key));
  return found;
}

/** `MyCustomAPI` → `my_custom_api`: the guide's name of a class's file, config and abbr. */
export function snakeCase(className: string): string {
  return className
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .replace(/[-_ ]+/g, '_')
    .toLowerCase();
}

/** `my_custom_api` → `MyCustomAPI`, as the guide spells it. */
export function classNameOf(snake: string): string {
  const word = (text: string) => (text === 'api' ? 'API' : text.charAt(0).toUpperCase() + text.slice(1));
  return snake.split('_').map(word).join('');
}

/** `max_out_len` → `maxOutLen`: a config's key as a class's options have it. */
export function camelCase(key: string): string {
  return key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
