/** Which file of a user a model class came from, as far as it was loaded by its name. */
import { detectAttr } from '../contract/base-model.ts';

export interface ClassSource {
  /** The file that exports it, or the config that has it as a `type`. */
  readonly path: string;
  /** Such a config: the class is not in it, or is there as a text that the class itself has, and what else it holds are settings. */
  readonly isConfig: boolean;
}

const sources = new WeakMap<object, ClassSource>();

/** Remembers it for every model class among these exports; the first file that exported a class counts. */
export function noteClassFile(exported: Readonly<Record<string, unknown>>, path: string): void {
  note(Object.values(exported), { path, isConfig: false });
}

/** Remembers it for the classes that a config's entries have as their `type`, and does not export. */
export function noteNamedClasses(entries: unknown, path: string): void {
  const types = (Array.isArray(entries) ? entries : []).map(
    (entry) => (entry as { type?: unknown } | null)?.type,
  );
  note(types, { path, isConfig: true });
}

function note(values: readonly unknown[], source: ClassSource): void {
  for (const value of values)
    if (detectAttr(value) !== undefined && !sources.has(value as object))
      sources.set(value as object, source);
}

/** Undefined for a class that ships, or that no file exported. */
export function classSource(modelClass: object): ClassSource | undefined {
  return sources.get(modelClass);
}
