import { nearest } from '../basics/nearest.ts';
import type { DatasetType } from '../contract/dataset.ts';
import { AisBenchError } from '../contract/errors.ts';
import { maskSecrets } from '../store/redact.ts';
import type { APIModelClass, LocalModelClass, Origins } from './plan.ts';
import type { RawEntry } from './validate.ts';

export type ModelClass = APIModelClass | LocalModelClass;

/** Model classes that are not shipped: the user's own, and those of packages that the user installed. */
export interface OwnClasses {
  /** The class of that name from the user's folder. Throws TMAN-CFG-001 where its file cannot be loaded. */
  find(name: string, entry: RawEntry): Promise<unknown>;
  /** The class that `file.py:Class` names. Throws UTILS-CFG-003 where there is no such file or class. */
  fromPython(file: string, name: string, entry: RawEntry): Promise<unknown>;
  /** What a package exports under a name. Throws UTILS-CFG-003 where there is no such package or export. */
  fromPackage(name: string, exported: string, entry: RawEntry): Promise<unknown>;
  /** Names of the classes in the user's folder, as far as they can be told without loading them. */
  names(): readonly string[];
}

/** Where a class stands that a user wrote in Python. */
export interface PythonClass {
  /** Absolute. */
  readonly file: string;
  readonly name: string;
  /** The user's folder, absolute: what else the file imports is looked for there. */
  readonly folder: string;
  /** What the text of a class for a service tells; absent: a local model's. */
  readonly service?: {
    readonly parsesText: boolean;
    readonly parsesStream: boolean;
    /** Config keys that its `__init__` takes and no other class. */
    readonly extraOptions: readonly string[];
  };
}

/** Makes the model class that runs a Python class; Python itself is not asked. */
export type PythonClasses = (place: PythonClass) => Promise<ModelClass>;

/** What short names stand for; filled where the parts are put together. */
export interface Catalog {
  readonly models: Readonly<Record<string, () => Promise<ModelClass>>>;
  /** Asked for a model class that `models` has not. */
  readonly own?: OwnClasses;
  readonly datasets: Readonly<Record<string, () => Promise<DatasetType>>>;
  /** Only the names matter before there are answers. */
  readonly evaluators: Readonly<Record<string, unknown>>;
  readonly predPostprocessors: Readonly<Record<string, unknown>>;
  readonly datasetPostprocessors: Readonly<Record<string, unknown>>;
}

export function unknownName(
  what: string,
  name: unknown,
  known: readonly string[],
  entry: RawEntry,
  keys = ['type'],
): AisBenchError {
  const near = typeof name === 'string' ? nearest(name, known) : undefined;
  const given = name === undefined ? `no ${what} is given` : `there is no ${what} ${JSON.stringify(name)}`;
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

/** A config's values as a person may read them: secrets masked, the class left to its own line. */
export function shownFields({
  type: _class,
  ...values
}: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return maskSecrets(values) as Readonly<Record<string, unknown>>;
}
