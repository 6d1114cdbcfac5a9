/** Where this package lies, whatever file of `dist` or `src` a module of it has become a part of. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OWN = fileURLToPath(import.meta.url);

const FOLDER = holding('package.json', dirname(OWN));

/** Returns the path of a file or folder that ships with this package: `configs`, `dist/cli/main.js`. */
export function shipped(path: string): string {
  return join(FOLDER, path);
}

/** The command as it is built: what a child process of ours runs. */
export const MAIN = shipped('dist/cli/main.js');

/** Our own public entry, the built one for what is built: what a user's class extends must be the class that we know. */
export const ENTRY = shipped(OWN.endsWith('.ts') ? 'src/index.ts' : 'dist/index.js');

function holding(file: string, folder: string): string {
  return existsSync(join(folder, file)) ? folder : holding(file, dirname(folder));
}
