import { writeFileSync } from 'node:fs';
import { cannotWrite } from '../output.ts';

/** Writes a file that a flag named; nothing where it was not given. Throws RUN-FILE-001. */
export function writeAsked(flag: string, path: string | undefined, text: () => string): void {
  if (path === undefined) return;
  try {
    writeFileSync(path, text());
  } catch (cause) {
    throw cannotWrite(`${flag} ${path}`, cause);
  }
}
