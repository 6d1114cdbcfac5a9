import { writeFileSync } from 'node:fs';
import { AisBenchError } from '../../errors.ts';

/** Writes a file that a flag named; nothing where it was not given. Throws RUN-FILE-001. */
export function writeAsked(flag: string, path: string | undefined, text: () => string): void {
  if (path === undefined) return;
  try {
    writeFileSync(path, text());
  } catch (cause) {
    throw new AisBenchError('RUN-FILE-001', 'the file cannot be written', {
      where: `${flag} ${path}`,
      cure: 'name a file in a folder that is there and may be written',
      cause,
    });
  }
}
