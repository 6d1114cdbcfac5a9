/**
 * Model classes that do not ship. What the guide's `__init__.py` does, a folder does here: a class in a file beside the config, in
 * `./models/` or in the guide's own folders is found by its name. A module is loaded only where its text exports that name.
 */

import { basename, dirname, join, resolve, sep } from 'node:path';
import { nearest } from '../basics/nearest.ts';
import { detectAttr } from '../contract/base-model.ts';
import type { ModelClass } from '../contract/class-ref.ts';
import { AisBenchError, messageOf } from '../contract/errors.ts';
import type { Catalog, FoundClass, OwnClasses, PythonClasses } from './catalog.ts';
import { moduleName, noteClasses } from './class-source.ts';
import { listModules, listPythonFiles, type ModuleFile, moduleAt, shortPath } from './find.ts';
import { importFrom, loadConfig, type ModuleContext } from './load.ts';
import { pythonClassKind, pythonClassNames } from './python-classes.ts';
import type { RawEntry } from './validate.ts';

/** Where classes are looked for. */
interface ClassPlace {
  readonly folder: string;
  /** Whether the folders below it count too. */
  readonly deep: boolean;
}

/** Where AISBench's guide puts a model's file. */
const GUIDE_PLACES = [
  'ais_bench/benchmark/models/local_models',
  'ais_bench/benchmark/models/api_models',
] as const;

/** Below the user's folder: ours, then the guide's. */
const PLACES = ['models', ...GUIDE_PLACES] as const;

/** What classes are found with. */
export interface ClassSearch {
  /** The user's folder, absolute. */
  readonly folder: string;
  readonly context: ModuleContext;
  readonly python: PythonClasses;
  /** The classes that ship: what Python classes inherit from. */
  readonly models: Catalog['models'];
}

/** Finds the classes of a user's folders; one that is named several times is one class. */
export function ownClasses(search: ClassSearch): OwnClasses {
  const known = new Map<string, Promise<unknown>>();
  const once = <T>(key: readonly (string | undefined)[], find: () => Promise<T>): Promise<T> => {
    const name = JSON.stringify(key);
    const found = (known.get(name) as Promise<T> | undefined) ?? find();
    known.set(name, found);
    return found;
  };
  const beside = ({ file }: RawEntry) => file && dirname(file);
  return {
    find: (name, entry) => once([name, beside(entry)], () => findClass(name, entry, search)),
    fromFile: (file, name, entry) =>
      once([file, name, beside(entry)], () => classAt(file, name, entry, search)),
    fromPackage: (name, exported, entry) =>
      once([name, exported], () => exportOf(name, exported, { ...search, entry })),
    names: (entry) => placesOf(entry, search).flatMap(namesIn),
    ownNames: (entry) =>
      placesOf(entry, search)
        .filter(({ folder }) => !isGuides(folder))
        .flatMap(namesIn),
    places: (entry) => placesOf(entry, search).map(({ folder }) => shortPath(folder, search.folder)),
  };
}

function namesIn(place: ClassPlace): string[] {
  return [
    ...modulesIn(place).flatMap(({ text }) => classNames(text)),
    ...pythonIn(place).flatMap(({ text }) => pythonClassNames(text)),
  ];
}

function isGuides(folder: string): boolean {
  return GUIDE_PLACES.some((place) => folder.endsWith(join(sep, place)));
}

/** The places of an entry's class, nearest first: beside its config, those below the user's folder, then those of the config's AISBench tree. */
function placesOf({ file }: RawEntry, { folder, context }: ClassSearch): ClassPlace[] {
  const isOwn = file !== undefined && !file.startsWith(context.shipped + sep);
  const beside = isOwn ? [dirname(file)] : [];
  const places = [
    // The folder of a config may be a home folder: only its own files.
    ...beside.flatMap((one) => [
      { folder: one, deep: false },
      { folder: join(one, PLACES[0]), deep: true },
    ]),
    ...PLACES.map((place) => ({ folder: join(folder, place), deep: true })),
    ...beside
      .flatMap(treesOf)
      .flatMap((tree) => GUIDE_PLACES.map((place) => ({ folder: join(tree, place), deep: true }))),
  ];
  return places.filter((place, n) => places.findIndex((other) => other.folder === place.folder) === n);
}

/** The folder of the AISBench tree among whose configs a folder lies; none where it lies elsewhere. */
function treesOf(folder: string): string[] {
  const end = `${folder}${sep}`.lastIndexOf(join(sep, 'ais_bench', 'benchmark', 'configs', sep));
  return end < 0 ? [] : [folder.slice(0, end)];
}

function modulesIn({ folder, deep }: ClassPlace): ModuleFile[] {
  return listModules(folder, deep);
}

function pythonIn({ folder, deep }: ClassPlace): ModuleFile[] {
  return listPythonFiles(folder, deep);
}

async function findClass(
  name: string,
  entry: RawEntry,
  search: ClassSearch,
): Promise<FoundClass | undefined> {
  for (const place of placesOf(entry, search)) {
    const found = await findExport(name, place, search);
    if (found !== undefined) return found;
    const file = pythonIn(place).find(({ text }) => pythonClassNames(text).includes(name));
    if (file !== undefined) return pythonClass(file, name, entry, search);
  }
  return undefined;
}

async function findExport(
  name: string,
  place: ClassPlace,
  { folder, context }: ClassSearch,
): Promise<FoundClass | undefined> {
  const named = new RegExp(`(?<![\\w$])${escaped(name)}(?![\\w$])`);
  // A module that defines it before one that only passes it on, and an index last: it may say `export * from …`.
  const rank = ({ path, text }: ModuleFile) =>
    classNames(text).includes(name) ? 0 : named.test(exportsOf(text)) ? 1 : isIndex(path) ? 2 : 3;
  const candidates = modulesIn(place)
    .map((module) => ({ path: module.path, rank: rank(module) }))
    .filter((module) => module.rank < 3)
    .sort((a, b) => a.rank - b.rank);
  for (const { path } of candidates) {
    const found = (await loadConfig(path, context)).values[name];
    if (detectAttr(found) !== undefined)
      return { modelClass: found as ModelClass, place: { module: moduleName(path, folder), export: name } };
  }
  return undefined;
}

function isIndex(path: string): boolean {
  return /^index\./.test(basename(path));
}

/** `$` is the one letter of a name that a pattern reads otherwise. */
function escaped(name: string): string {
  return name.replace(/\W/g, '\\$&');
}

/** Names that a module exports as classes, read from its text. */
function classNames(text: string): string[] {
  return [...text.matchAll(/^export\s+(?:default\s+)?class\s+([\w$]+)/gm)].map(([, name]) => name as string);
}

/** Returns the part of a text that exports something: a config that only names a class as its type does not have it. */
function exportsOf(text: string): string {
  const found = text.matchAll(
    /^[ \t]*export\s+(?:\{[^}]*\}|(?:const|let|var)\s+[\w$]+|default\s+[\w$]+)|^(?:module\.)?exports\b.*$/gm,
  );
  return [...found].map(([one]) => one).join('\n');
}

/**
 * The class of a file that a config names, relative to the config's folder or to the user's. Throws UTILS-CFG-003 where there is no such
 * file or class.
 */
async function classAt(
  path: string,
  name: string,
  entry: RawEntry,
  search: ClassSearch,
): Promise<FoundClass> {
  const { folder, context } = search;
  const beside = entry.file === undefined ? [] : [dirname(entry.file)];
  const places = [...new Set([...beside, folder].map((one) => resolve(one, path)))];
  const file = places.flatMap((one) => moduleAt(one) ?? []).at(0);
  if (file === undefined) {
    const looked = places.map((one) => shortPath(one, folder)).join(', ');
    const cure = `paths are relative to the folder of the config or to the one that the command runs in: ${looked}`;
    throw refusal(entry, `there is no file "${path}"`, cure);
  }
  const isPython = file.path.endsWith('.py');
  // A file may also pass on a class that it imports, or make one by a call.
  if (isPython && new RegExp(`(?<!\\w)${escaped(name)}(?!\\w)`).test(file.text))
    return pythonClass(file, name, entry, search);
  const values = isPython ? {} : (await loadConfig(file.path, context)).values;
  if (detectAttr(values[name]) !== undefined)
    return {
      modelClass: values[name] as ModelClass,
      place: { module: moduleName(file.path, folder), export: name },
    };
  const names = isPython
    ? pythonClassNames(file.text)
    : Object.keys(values).filter((key) => detectAttr(values[key]) !== undefined);
  const near = nearest(name, names);
  const there = names.length === 0 ? 'it defines none' : `it has: ${names.join(', ')}`;
  const cure = near === undefined ? there : `did you mean "${path}:${near}"?`;
  throw refusal(entry, `"${path}" has no class "${name}"`, cure);
}

interface PackageSearch extends ClassSearch {
  readonly entry: RawEntry;
}

async function exportOf(
  name: string,
  exported: string,
  { folder, context, entry }: PackageSearch,
): Promise<FoundClass> {
  const refuse = (message: string, cure: string, cause?: unknown) => refusal(entry, message, cure, cause);
  let values: Readonly<Record<string, unknown>>;
  try {
    values = await importFrom(join(folder, 'index.js'), name, context.entry);
  } catch (cause) {
    const missing = /MODULE_NOT_FOUND/.test(String((cause as NodeJS.ErrnoException).code));
    const message = missing ? `there is no package "${name}" here` : `package "${name}" cannot be loaded`;
    const cure = missing ? `install it: npm install ${name}` : 'correct or update the package';
    throw refuse(`${message}: ${messageOf(cause)}`, cure, cause);
  }
  if (detectAttr(values[exported]) !== undefined)
    return { modelClass: values[exported] as ModelClass, place: { module: name, export: exported } };
  const classes = Object.keys(values).filter((key) => detectAttr(values[key]) !== undefined);
  const near = nearest(exported, classes);
  const there = classes.length === 0 ? 'it exports none' : `it has: ${classes.join(', ')}`;
  const cure = near === undefined ? there : `did you mean "${name}/${near}"?`;
  throw refuse(`package "${name}" exports no model class "${exported}"`, cure);
}

/** `pkg/export`, `@scope/pkg/export`, `pkg/sub/export`: the module and what it exports. */
export function splitPackage(type: string): readonly [module: string, exported: string] {
  return [dirname(type), basename(type)];
}

async function pythonClass(
  file: ModuleFile,
  name: string,
  { values: { attr } }: RawEntry,
  { folder, python, models }: ClassSearch,
): Promise<FoundClass> {
  const { path } = file;
  const kind = await pythonClassKind(file, name, { folder, models });
  const service = (kind.attr ?? attr) === 'service' ? { service: kind.service } : {};
  const modelClass = await python({ file: path, name, folder, ...service });
  noteClasses({ [name]: modelClass }, path);
  return { modelClass, place: { module: moduleName(path, folder), export: name, ...service } };
}

function refusal(entry: RawEntry, message: string, cure: string, cause?: unknown): AisBenchError {
  return new AisBenchError('UTILS-CFG-003', `${entry.label}.type: ${message}`, {
    where: entry.where(['type']),
    cure,
    cause,
  });
}
