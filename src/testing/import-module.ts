import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ENTRY } from '../basics/package-folder.ts';
import { importFrom } from '../config/load.ts';

/**
 * Imports a module, TypeScript or JavaScript, on every version of Node that runs this package:
 *
 *     const { MyAPI } = await importModule('./my-api.ts', import.meta.url);
 *
 * A path that starts with `.` is relative to the module at `from`.
 */
export function importModule(path: string, from: string): Promise<Readonly<Record<string, any>>> {
  const importer = fileURLToPath(from);
  const absolute = path.startsWith('.') ? resolve(importer, '..', path) : path;
  return importFrom(importer, absolute, ENTRY);
}
