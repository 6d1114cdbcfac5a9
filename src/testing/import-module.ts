import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importFrom } from '../config/load.ts';

/** Our own public entry, `.js` when built and `.ts` when not. */
const ENTRY = fileURLToPath(new URL(import.meta.url.replace(/(?<![^/])[^/]+(\.[a-z]+)$/, '../index$1')));

/**
 * Imports a module, TypeScript or JavaScript, in every Node that runs this package:
 *
 *     const { MyAPI } = await importModule('./my-api.ts', import.meta.url);
 *
 * A path that starts with `.` is taken from the module at `from`.
 */
export function importModule(path: string, from: string): Promise<Readonly<Record<string, any>>> {
  const importer = fileURLToPath(from);
  const absolute = path.startsWith('.') ? resolve(importer, '..', path) : path;
  return importFrom(importer, absolute, ENTRY);
}
