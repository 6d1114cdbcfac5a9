import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Returns the paths of the files below a folder, relative to it. Links are listed and not followed: one may lead back up, and then
 * Node's own recursion has no end (it follows links without file types, and from version 24 on with them).
 */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? filesBelow(join(folder, entry.name)).map((path) => join(entry.name, path))
      : [entry.name],
  );
}
