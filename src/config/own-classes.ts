/**
 * Model classes that do not ship. What the guide's `__init__.py` does, a folder does here: a class exported from a module
 * of `./models/` is found by its name. A module is loaded only where its text holds the name that is looked for.
 */

import { basename, dirname, join, resolve } from 'node:path';
import { nearest } from '../basics/nearest.ts';
import { detectAttr } from '../contract/base-model.ts';
import type { ModelClass, PythonService } from '../contract/class-ref.ts';
import { AisBenchError, messageOf } from '../contract/errors.ts';
import type { FoundClass, OwnClasses, PythonClasses } from './catalog.ts';
import { moduleName, noteClasses } from './class-source.ts';
import { listModules, listPythonFiles, type ModuleFile, moduleAt } from './find.ts';
import { importFrom, loadConfig, type ModuleContext } from './load.ts';
import { serviceModelSchema } from './schema.ts';
import type { RawEntry } from './validate.ts';

/** The folder, below the user's, whose classes are found by their names. */
const CLASS_FOLDER = 'models';

/** Finds the classes of a user's folder; one that is named several times is one class. */
export function ownClasses(folder: string, context: ModuleContext, python: PythonClasses): OwnClasses {
  const modules = () => listModules(join(folder, CLASS_FOLDER));
  const known = new Map<string, Promise<unknown>>();
  const once = <T>(key: readonly string[], find: () => Promise<T>): Promise<T> => {
    const name = JSON.stringify(key);
    const found = (known.get(name) as Promise<T> | undefined) ?? find();
    known.set(name, found);
    return found;
  };
  return {
    find: (name, entry) =>
      once([name], async () => {
        const found = await findClass(name, modules(), { folder, context });
        return found ?? findPythonClass(name, { folder, entry, python });
      }),
    fromPython: (file, name, entry) =>
      once([file, name], () => pythonClassAt(file, name, { folder, entry, python })),
    fromPackage: (name, exported, entry) =>
      once([name, exported], () => exportOf(name, exported, { folder, context, entry })),
    names: () => [...modules().flatMap(({ text }) => classNames(text)), ...pythonNames(folder)],
  };
}

async function findClass(
  name: string,
  modules: readonly ModuleFile[],
  { folder, context }: Pick<PackageSearch, 'folder' | 'context'>,
): Promise<FoundClass | undefined> {
  const named = new RegExp(`(?<![\\w$])${escaped(name)}(?![\\w$])`);
  // A module that defines it before one that only passes it on, and an index last: it may say `export * from …`.
  const rank = ({ path, text }: ModuleFile) =>
    classNames(text).includes(name) ? 0 : named.test(text) ? 1 : isIndex(path) ? 2 : 3;
  const candidates = modules
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

interface PackageSearch {
  readonly folder: string;
  readonly context: ModuleContext;
  readonly entry: RawEntry;
}

async function exportOf(
  name: string,
  exported: string,
  { folder, context, entry }: PackageSearch,
): Promise<FoundClass> {
  const refuse = (message: string, cure: string, cause?: unknown) =>
    new AisBenchError('UTILS-CFG-003', `${entry.label}.type: ${message}`, {
      where: entry.where(['type']),
      cure,
      cause,
    });
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

/** Below the user's folder: ours, then where the guide puts a model's file. */
const PLACES = [
  'models',
  'ais_bench/benchmark/models/local_models',
  'ais_bench/benchmark/models/api_models',
] as const;

interface PythonSearch {
  /** The user's folder, which paths are relative to. */
  readonly folder: string;
  readonly entry: RawEntry;
  readonly python: PythonClasses;
}

/** The class of that name from the user's Python files; undefined where none defines it. */
async function findPythonClass(name: string, search: PythonSearch): Promise<FoundClass | undefined> {
  const file = pythonFiles(search.folder).find(({ text }) =>
    classesIn(text).some((one) => one.name === name),
  );
  return file === undefined ? undefined : classOf(file, name, search);
}

/** The class of a file that a config names. Throws UTILS-CFG-003 where there is no such file or class. */
async function pythonClassAt(path: string, name: string, search: PythonSearch): Promise<FoundClass> {
  const { folder, entry } = search;
  const file = moduleAt(resolve(folder, path));
  if (file === undefined) {
    const cure = `paths are relative to the folder that the command runs in: ${folder}`;
    throw refusal(entry, `there is no file "${path}"`, cure);
  }
  // A file may also pass on a class that it imports, or make one by a call.
  if (new RegExp(`(?<!\\w)${name.replace(/\W/g, '\\$&')}(?!\\w)`).test(file.text))
    return classOf(file, name, search);
  const names = classesIn(file.text).map((one) => one.name);
  const near = nearest(name, names);
  const there = names.length === 0 ? 'it defines none' : `it has: ${names.join(', ')}`;
  const cure = near === undefined ? there : `did you mean "${path}:${near}"?`;
  throw refusal(entry, `"${path}" has no class "${name}"`, cure);
}

/** Names of the classes in the user's Python files. */
function pythonNames(folder: string): string[] {
  return pythonFiles(folder).flatMap(({ text }) => classesIn(text).map(({ name }) => name));
}

function pythonFiles(folder: string): ModuleFile[] {
  return PLACES.flatMap((place) => listPythonFiles(join(folder, place)));
}

async function classOf(
  { path, text }: ModuleFile,
  name: string,
  { folder, python }: PythonSearch,
): Promise<FoundClass> {
  const found = classesIn(text).find((one) => one.name === name);
  const service = found?.isService ? { service: serviceIn(found.body, text) } : {};
  const modelClass = await python({ file: path, name, folder, ...service });
  noteClasses({ [name]: modelClass }, path);
  return { modelClass, place: { module: moduleName(path, folder), export: name, ...service } };
}

interface DefinedClass {
  readonly name: string;
  readonly isService: boolean;
  /** Its text, up to the next that is not indented. */
  readonly body: string;
}

/** Classes that a Python text defines at its top level. A service's inherits from BaseAPIModel, or from one that does. */
function classesIn(text: string): DefinedClass[] {
  const services = new Set(['BaseAPIModel']);
  const found = text.matchAll(/^class\s+(\w+)\s*(?:\(([^)]*)\))?\s*:(.*\n(?:[ \t#].*\n|\s*\n|$)*)/gm);
  return [...found].map(([, name = '', bases = '', body = '']) => {
    const isService = (bases.match(/\w+/g) ?? []).some((base) => services.has(base));
    if (isService) services.add(name);
    return { name, isService, body };
  });
}

/** A parser may also be inherited from another class of the file. */
function serviceIn(body: string, text: string): PythonService {
  const has = (method: string) => new RegExp(`^\\s+(async\\s+)?def\\s+${method}\\b`, 'm').test(text);
  return {
    parsesText: has('parse_text_response'),
    parsesStream: has('parse_stream_response'),
    extraOptions: parametersIn(body).filter((name) => !Object.hasOwn(serviceModelSchema.shape, name)),
  };
}

/** Names of what `__init__` takes. */
function parametersIn(body: string): string[] {
  const [, list = ''] = /def\s+__init__\s*\(([\s\S]*?)\)\s*(?:->[^:]*)?:\s*(?:#.*)?$/m.exec(body) ?? [];
  return [...list.replace(/#.*$/gm, '').matchAll(/(?:^|,)\s*(\w+)\s*(?=[:=,]|$)/g)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'self');
}

function refusal(entry: RawEntry, message: string, cure: string): AisBenchError {
  return new AisBenchError('UTILS-CFG-003', `${entry.label}.type: ${message}`, {
    where: entry.where(['type']),
    cure,
  });
}
