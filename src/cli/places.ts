/** What the command finds where it runs: configs, plan, caches. */
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { ConfigRoots } from '../config/find.ts';
import type { RunFlags } from '../config/flags.ts';
import type { ModuleContext } from '../config/load.ts';
import * as places from '../config/places.ts';
import type { Plan } from '../config/plan.ts';
import { resolveConfig } from '../resolve.ts';

/** Returns the config folders for the working directory. */
export function configRoots(configDir: string): ConfigRoots {
  return places.configRoots(configDir, process.cwd());
}

/** Modules of configs are found from the working directory. */
export const loadContext: ModuleContext = places.loadContext(process.cwd());

/** Returns the user's cache folder: `XDG_CACHE_HOME` if it is an absolute path, as its standard says, else `~/.cache`. */
export function userCacheFolder(): string {
  const named = process.env['XDG_CACHE_HOME'] ?? '';
  return isAbsolute(named) ? named : join(homedir(), '.cache');
}

/** Makes the plan of a run from its flags: configs and classes of the working directory, then the shipped ones. */
export function readPlan(flags: RunFlags): Promise<Plan> {
  return resolveConfig(flags, { cwd: process.cwd(), env: process.env });
}
