/** Which file of a user a model class came from, as far as it was loaded by its name. */
import { attrOf } from '../models/kind.ts';

const files = new WeakMap<object, string>();

/** Remembers it for every model class among these exports; the first file that exported a class counts. */
export function noteClassFile(exported: Readonly<Record<string, unknown>>, path: string): void {
  for (const value of Object.values(exported)) {
    if (attrOf(value) !== undefined && !files.has(value as object)) files.set(value as object, path);
  }
}

/** Undefined for a class that ships, or that no file exported. */
export function classFile(modelClass: object): string | undefined {
  return files.get(modelClass);
}
