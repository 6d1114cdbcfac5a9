/**
 * Model classes that do not ship. What the guide's `__init__.py` does, a folder does here: a class exported from a module
 * of `./models/` is found by its name. A module is loaded only where its text holds the name that is looked for.
 */
import { basename, dirname, join } from 'node:path';
import { nearest } from '../basics/nearest.ts';
import { detectAttr } from '../contract/base-model.ts';
import type { ModelClass } from '../contract/class-ref.ts';
import { AisBenchError, messageOf } from '../contract/errors.ts';
import type { FoundClass, OwnClasses, PythonClasses } from './catalog.ts';
import { moduleName } from './class-source.ts';
import { listModules, type ModuleFile } from './find.ts';
import { importFrom, type LoadContext, loadConfig } from './load.ts';
import { findPythonClass, pythonClassAt, pythonNames } from './python-classes.ts';
import type { RawEntry } from './validate.ts';

/** The folder, below the user's, whose classes are found by their names. */
const CLASS_FOLDER = 'models';

/** Finds the classes of a user's folder; one that is named several times is one class. */
export function ownClasses(folder: string, context: LoadContext, python: PythonClasses): OwnClasses {
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
  readonly context: LoadContext;
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
