import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { ENTRY, shipped } from '../basics/package-folder.ts';
import type { ConfigRoots } from '../config/find.ts';
import type { LoadContext } from '../config/load.ts';

const SHIPPED = shipped('configs');

/** The user's config folder, then the shipped one, then AISBench's place below the folder that the command runs in. */
export function configRoots(configDir: string): ConfigRoots {
  return { own: resolve(configDir), shipped: SHIPPED, guide: resolve('ais_bench/benchmark/configs') };
}

export const loadContext: LoadContext = {
  shipped: SHIPPED,
  entry: ENTRY,
};

/** Returns the user's cache folder: `XDG_CACHE_HOME` if it is an absolute path, as its standard says, else `~/.cache`. */
export function userCacheFolder(): string {
  const named = process.env['XDG_CACHE_HOME'] ?? '';
  return isAbsolute(named) ? named : join(homedir(), '.cache');
}
