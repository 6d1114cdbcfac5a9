/** The user's code that a class is made of: whether it is the same on another host, or was the same before. */
import { createHash } from 'node:crypto';
import { dirname, relative, sep } from 'node:path';
import type { ModelClass } from '../contract/class-ref.ts';
import type { Catalog } from './catalog.ts';
import { classSource } from './class-source.ts';
import { readNamedFile } from './load.ts';
import { moduleFiles } from './module-files.ts';

/**
 * Hashes what of a model class is the user's: its text and that of those that it extends, the files that export them, and whatever
 * these import of the user's own files (`moduleFiles`). Undefined for a class that ships.
 */
export async function modelCode(
  modelClass: ModelClass,
  { models }: Pick<Catalog, 'models'>,
  base: string,
): Promise<string | undefined> {
  const own: object[] = [];
  for (let one: unknown = modelClass; await isOwn(one, models); one = Object.getPrototypeOf(one)) {
    own.push(one as object);
    // What runs a Python class is ours.
    if (isPython(one as object)) break;
  }
  return own.length === 0 ? undefined : hashOf(own, base);
}

/** Hashes what of a dataset class that does not ship is the user's: its methods' text and the files that it came from. */
export function datasetCode(type: object, base: string): string {
  return hashOf([type], base);
}

function hashOf(own: readonly object[], base: string): string {
  const hash = createHash('sha256');
  const seen = new Set<string>();
  for (const one of own) {
    for (const { name, file } of filesOf(one, base)) {
      if (seen.has(file)) continue;
      seen.add(file);
      hash.update(`${name}\0`).update(readNamedFile(file));
    }
    for (const text of textsOf(one)) hash.update(text);
  }
  return hash.digest('hex');
}

function isPython(type: object): boolean {
  return classSource(type)?.path.endsWith('.py') === true;
}

/** The text of a class; of a dataset that is an object, that of its methods. */
function textsOf(type: object): string[] {
  if (isPython(type)) return [];
  if (typeof type === 'function') return [Function.prototype.toString.call(type)];
  const methods = Object.values(type).filter((value) => typeof value === 'function');
  return methods.map((method) => Function.prototype.toString.call(method));
}

/** Names are relative to the class's file: hosts keep it in different places. */
function filesOf(type: object, base: string): { readonly name: string; readonly file: string }[] {
  const source = classSource(type);
  const [first, ...imported] = source === undefined ? [] : moduleFiles(source.path, base);
  if (first === undefined) return [];
  return [...(source?.isConfig ? [] : [first]), ...imported].map((file) => ({
    name: relative(dirname(first), file).replaceAll(sep, '/'),
    file,
  }));
}

const BASES: ReadonlySet<string> = new Set(['BaseAPIModel', 'BaseModel']);

/** A class that no file of a user exported may still be a user's: of a package, or of a config's own. */
async function isOwn(type: unknown, models: Catalog['models']): Promise<boolean> {
  if (typeof type !== 'function' || type.name === '') return false;
  if (classSource(type) !== undefined) return true;
  return !BASES.has(type.name) && !(await isShipped(type, models));
}

/** Whether a class is the shipped one of its name. */
export async function isShipped(
  type: { readonly name: string },
  models: Catalog['models'],
): Promise<boolean> {
  return Object.hasOwn(models, type.name) && (await models[type.name]!()) === (type as unknown);
}
