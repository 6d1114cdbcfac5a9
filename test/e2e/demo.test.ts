/** `ais_bench demo`: one command, both results, nothing left running. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { emptyFolder, start } from './support.ts';

/** Processes that were started from a folder. */
function runningIn(folder: string): string[] {
  if (!existsSync('/proc/self/environ')) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`HOME=${folder}`);
      } catch {
        return false; // Gone meanwhile, or not ours to look at.
      }
    });
}
