/** Places of the host that the command runs on. */
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { ConfigRoots } from '../config/find.ts';
import type { LoadContext } from '../config/load.ts';
import * as places from '../config/places.ts';

/** Returns the config folders for the working directory. */
export function configRoots(configDir: string): ConfigRoots {
  return places.configRoots(configDir, process.cwd());
}

/** Modules of configs are found from the working directory. */
export const loadContext: LoadContext = places.loadContext(process.cwd());

/** Returns the user's cache folder: `XDG_CACHE_HOME` if it is an absolute path, as its standard says, else `~/.cache`. */
export function userCacheFolder(): string {
  const named = process.env['XDG_CACHE_HOME'] ?? '';
  return isAbsolute(named) ? named : join(homedir(), '.cache');
}
