import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { unwritable } from './append.ts';
import { makeFolders } from './make-folders.ts';

/**
 * Writes a file whose reader never sees half of it: it is written beside and then renamed. A link in its place is replaced, not
 * followed. Throws RUN-FILE-001.
 */
export function writeWhole(path: string, text: string): void {
  const part = `${path}.part`;
  try {
    makeFolders(dirname(path));
    rmSync(part, { force: true });
    writeFileSync(part, text, { flag: 'wx' });
    renameSync(part, path);
  } catch (cause) {
    throw unwritable(path, cause);
  }
}
