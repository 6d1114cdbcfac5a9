import { mkdtempSync, readdirSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeFolder } from '../store/growing-files.ts';

/** Names the host too: containers may share a folder for temporary files, and count their processes anew. */
const BEGIN = `ais-bench-agent-${hostname()}-`;

/** A folder for what the load workers of an agent write in a run. Throws what the file system says. */
export function newAgentFolder(): string {
  return mkdtempSync(join(tmpdir(), `${BEGIN}${process.pid}-`));
}

/** Removes what agents of this host left that were killed. */
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
    // Somebody else's process is one.
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
}
