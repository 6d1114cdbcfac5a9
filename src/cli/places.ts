/** The places of `config/places.ts` for the folder that the command runs in. */
import type { ConfigRoots } from '../config/find.ts';
import type { LoadContext } from '../config/load.ts';
import * as places from '../config/places.ts';

export function configRoots(configDir: string): ConfigRoots {
  return places.configRoots(configDir, process.cwd());
}

export const loadContext: LoadContext = places.loadContext(process.cwd());
