import { mkdtempSync, readdirSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeFolder } from './growing-files.ts';

/** Names the host too: containers may share a folder for temporary files, and count their processes from 1 each. */
const BEGIN = `ais-bench-worker-${hostname()}-`;

/** Makes a folder for the files that the processes of a remote worker write in a run. Throws what the file system says. */
export function newWorkerFolder(): string {
  return mkdtempSync(join(tmpdir(), `${BEGIN}${process.pid}-`));
}

/** Removes the folders of killed workers of this host. */
export function removeLeftFolders(): void {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(BEGIN)) continue;
    const pid = Number(/^(\d+)-/.exec(name.slice(BEGIN.length))?.[1]);
    if (pid > 0 && !isThere(pid)) removeFolder(join(tmpdir(), name));
  }
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (cause) {
    // A process of another user is there.
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
}
