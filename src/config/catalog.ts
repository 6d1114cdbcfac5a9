import { nearest } from '../basics/nearest.ts';
import { plainData } from '../basics/plain-data.ts';
import type { ClassRef, ModelClass, PythonService } from '../contract/class-ref.ts';
import type { DatasetType } from '../contract/dataset.ts';
import { AisBenchError } from '../contract/errors.ts';
import { maskSecrets } from '../store/redact.ts';
import type { Origins } from './plan.ts';
import type { RawEntry } from './validate.ts';

/** A model class that does not ship, and where it was found. */
export interface FoundClass {
  readonly modelClass: ModelClass;
  readonly place: Pick<ClassRef, 'module' | 'export' | 'service'>;
}

/** Model classes that do not ship: the user's own, and those of packages that the user installed. */
export interface OwnClasses {
  /** Finds the class of that name in the places of an entry. Throws TMAN-CFG-001 where its file cannot be loaded. */
  find(name: string, entry: RawEntry): Promise<FoundClass | undefined>;
  /** Finds the class that `file.py:Class` or `file.ts:Class` names. Throws UTILS-CFG-003 where there is no such file or class. */
  fromFile(file: string, name: string, entry: RawEntry): Promise<FoundClass>;
  /** Finds what a package exports under a name. Throws UTILS-CFG-003 where there is no such package or export. */
  fromPackage(name: string, exported: string, entry: RawEntry): Promise<FoundClass>;
  /** Returns the names of the classes in the places of an entry, as far as their files show them without being loaded. */
  names(entry: RawEntry): readonly string[];
  /** The same without those in AISBench's folders, where classes of its own may lie. */
  ownNames(entry: RawEntry): readonly string[];
  /** Returns the folders where an entry's class is looked for, in order, relative to the user's folder. */
  places(entry: RawEntry): readonly string[];
}

/** What a plugin may hold. */
export type PluginKind = 'models' | 'datasets' | 'evaluators' | 'inferencers' | 'arrivals' | 'exporters';

/** A part that does not ship, and where it was found. */
export interface FoundPart {
  readonly value: object;
  readonly place: Pick<ClassRef, 'module' | 'export'>;
}

/** The parts of all plugins of a run. */
export interface PluginParts {
  find(kind: PluginKind, name: string): FoundPart | undefined;
  names(kind: PluginKind): readonly string[];
}

/** A class of a Python plugin, and its name in a plan. */
export interface FoundPythonClass {
  readonly modelClass: ModelClass;
  readonly ref: ClassRef;
}

/** Model classes of Python packages with the entry point `ais_bench.benchmark_plugins`. */
export interface PythonPlugins {
  /** Finds the class of that name in the entry's Python. Throws PLUGIN-NAME-001 where two packages have one. */
  find(name: string, entry: RawEntry): Promise<FoundPythonClass | undefined>;
  names(entry: RawEntry): Promise<readonly string[]>;
  /** Returns the plugins that were looked in, and why one cannot be. */
  places(entry: RawEntry): Promise<readonly string[]>;
}

/** A class that a user wrote in Python. */
export interface PythonClass {
  /** Absolute; or the name of a module that the interpreter can import. */
  readonly file: string;
  readonly name: string;
  /** The user's folder, absolute: what else the file imports is looked for there. */
  readonly folder: string;
  /** Absent: a local model's class. */
  readonly service?: PythonService;
}

/** Makes the model class that runs a Python class, without running Python. */
export type PythonClasses = (place: PythonClass) => Promise<ModelClass>;

/** What short names mean; filled where the parts are put together. */
export interface Catalog {
  readonly models: Readonly<Record<string, () => Promise<ModelClass>>>;
  /** Where a model class is looked for that `models` lacks. */
  readonly own?: OwnClasses;
  /** What plugins add to all of these tables. */
  readonly plugins?: PluginParts;
  /** Where a model class is looked for last. */
  readonly pythonPlugins?: PythonPlugins;
  readonly datasets: Readonly<Record<string, () => Promise<DatasetType>>>;
  /** Only the names matter before there are answers. */
  readonly evaluators: Readonly<Record<string, unknown>>;
  readonly predPostprocessors: Readonly<Record<string, unknown>>;
  readonly datasetPostprocessors: Readonly<Record<string, unknown>>;
}

/** What is known of a name that was not found. */
interface KnownNames {
  /** Names that there are. */
  readonly known: readonly string[];
  /** Folders that were searched beside what ships. */
  readonly places?: readonly string[];
}

/** Returns the error for a name that means nothing: the nearest one, and where it was looked for. */
export function unknownName(
  what: string,
  name: unknown,
  { known, places = [] }: KnownNames,
  entry: RawEntry,
  keys = ['type'],
): AisBenchError {
  const near = typeof name === 'string' ? nearest(name, known) : undefined;
  const looked =
    places.length === 0 ? 'among the shipped ones' : `among the shipped ones, in ${places.join(', ')}`;
  const given =
    name === undefined ? `no ${what} is given` : `there is no ${what} ${JSON.stringify(name)} ${looked}`;
  return new AisBenchError('UTILS-CFG-003', `${entry.label}.${keys.join('.')}: ${given}`, {
    where: entry.where(keys),
    cure: near === undefined ? `use one of: ${known.join(', ')}` : `did you mean "${near}"?`,
  });
}

/** Where each of these keys got its value. */
export function originsOf(entry: RawEntry, keys: readonly string[]): Origins {
  const origin = (key: string) =>
    entry.overridden[key] ?? (Object.hasOwn(entry.values, key) ? entry.where([key]) : 'default');
  return Object.fromEntries(keys.map((key) => [key, origin(key)]));
}

/** Returns a config's values for a person to read: secrets masked, code by its name, the class left to its own line. */
export function shownFields({
  type: _class,
  ...values
}: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const shown = plainData(values, (value) => (typeof value === 'function' ? value.name : String(value)));
  return maskSecrets(shown) as Readonly<Record<string, unknown>>;
}
