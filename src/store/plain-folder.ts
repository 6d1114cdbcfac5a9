import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AisBenchError } from '../contract/errors.ts';

/**
 * A run folder may come from anybody, and a run makes files and folders only: a link would be read, or written into, somewhere
 * else, and a pipe never ends. Throws RUN-DATA-001 naming the first thing below the folder that is neither; the folder itself may be a link.
 */
export function requirePlain(folder: string): void {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) requirePlain(path);
    else if (!entry.isFile()) throw notPlain(path, entry.isSymbolicLink());
  }
}

function notPlain(where: string, isLink: boolean): AisBenchError {
  const what = isLink ? 'a link' : 'neither a file nor a folder';
  return new AisBenchError('RUN-DATA-001', `this run folder is not as a run makes it: here is ${what}`, {
    where,
    cure: 'put the file itself there, or take this away',
  });
}
