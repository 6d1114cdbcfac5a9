/** The user's code that a class is made of: whether it is the same on another host, or was the same before. */

import { createHash } from 'node:crypto';
import { dirname, extname, join, relative, resolve, sep } from 'node:path';
import type { ModelClass } from '../contract/class-ref.ts';
import type { Catalog } from './catalog.ts';
import { classSource } from './class-source.ts';
import { realFile, realFolder } from './find.ts';
import { readNamedFile } from './load.ts';

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

/**
 * Hashes what of a part that does not ship is the user's: the text of the function, or of the object's methods, and the files that it came
 * from. A part is a dataset class, an evaluator, an inferencer, an arrival.
 */
export function partCode(part: object, base: string): string {
  return hashOf([part], base);
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

const SCRIPTS = ['.ts', '.mts', '.cts', '.tsx', '.js', '.mjs', '.cjs', '.jsx'];

/** Packages of ours, which come before a user's of the same name … */
const OURS: ReadonlySet<string> = new Set(['ais_bench', 'ais_bench_worker', 'ais_bench_sandbox']);
/** … but for what lies where AISBench's guide has users put classes. */
const GUIDE = /^(ais_bench\.benchmark\.models\.(?:local|api)_models)\.(.+)$/;

/**
 * The module and what it imports of the user's own files, one through the other: of JavaScript and TypeScript whatever is named by a
 * relative path, of Python relative imports and names of files beside the module or in `folder`, where they are looked for when it
 * runs. A package of the search path, and what is named only while the module runs, is none of them. Real paths, the module first.
 */
export function moduleFiles(module: string, folder: string): string[] {
  const first = realFile(module);
  if (first === undefined) return [];
  const roots = [dirname(first), resolve(folder)];
  const files = new Set([first]);
  for (const file of files) for (const imported of importsOf(file, roots)) files.add(imported);
  return [...files];
}

function importsOf(file: string, roots: readonly string[]): string[] {
  const extension = extname(file);
  const found = (paths: readonly string[]) => paths.flatMap((path) => realFile(path) ?? []);
  if (extension === '.py') return found(importedByPython(readNamedFile(file), file, roots));
  return SCRIPTS.includes(extension) ? found(importedByScript(readNamedFile(file), file)) : [];
}

function importedByScript(text: string, file: string): string[] {
  const names = text.matchAll(/\b(?:from|import|require)\s*\(?\s*(["'`])(\.{1,2}(?:\/[^"'`\n]*)?)\1/g);
  return [...names].flatMap(([, , name = '']) => {
    const path = resolve(dirname(file), name);
    // A package's own files are its code; what it depends on is not.
    if (packagesAbove(path) > packagesAbove(file)) return [];
    const candidates = [
      path,
      ...SCRIPTS.map((extension) => path + extension),
      // TypeScript may be named as what it is compiled to.
      ...(/\.[cm]?jsx?$/.test(path) ? [path.replace(/js(x?)$/, 'ts$1')] : []),
      `${path}.json`,
      ...SCRIPTS.map((extension) => join(path, `index${extension}`)),
    ];
    return candidates.find((candidate) => realFile(candidate) !== undefined) ?? [];
  });
}

function packagesAbove(path: string): number {
  return path.split(sep).filter((part) => part === 'node_modules').length;
}

function importedByPython(text: string, file: string, roots: readonly string[]): string[] {
  const lines = text.replace(/\\\r?\n/g, ' ');
  const found = lines.matchAll(
    /^[ \t]*(?:from[ \t]+(\.*)[ \t]*([\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n]*)|import[ \t]+([^\n]+))/gm,
  );
  return [...found].flatMap(([, dots = '', module = '', names = '', plain]) => {
    if (plain !== undefined) return namesIn(plain).flatMap((name) => absolute(name, roots));
    // What is imported of a module may be a module itself.
    const modules = [module, ...namesIn(names).map((name) => (module === '' ? name : `${module}.${name}`))];
    if (dots === '') return modules.flatMap((name) => absolute(name, roots));
    const from = resolve(dirname(file), ...Array.from({ length: dots.length - 1 }, () => '..'));
    return [join(from, '__init__.py'), ...modules.flatMap((name) => pythonModule(name, from))];
  });
}

/** `(a, b as c)  # …` */
function namesIn(list: string): string[] {
  const bare = list.replace(/#.*$/gm, '').replace(/[()]/g, '');
  return bare.split(',').flatMap((one) => /^\s*([\w.]+)/.exec(one)?.[1] ?? []);
}

function absolute(name: string, roots: readonly string[]): string[] {
  const [, place, own] = GUIDE.exec(name) ?? [];
  if (place !== undefined && own !== undefined)
    return absolute(own, [join(roots.at(-1)!, ...place.split('.'))]);
  if (OURS.has(name.split('.')[0]!)) return [];
  return roots.map((root) => pythonModule(name, root)).find((files) => files.length > 0) ?? [];
}

/** The file of a Python module below a folder, and those of the packages that it is in: they run too. */
function pythonModule(name: string, root: string): string[] {
  const files: string[] = [];
  let folder = root;
  for (const part of name.split('.').filter((one) => one !== '')) {
    const inside = join(folder, part);
    const file = [join(inside, '__init__.py'), `${inside}.py`].find((one) => realFile(one) !== undefined);
    if (file !== undefined) files.push(file);
    if (realFolder(inside) === undefined) break;
    folder = inside;
  }
  return files;
}
