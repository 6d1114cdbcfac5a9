import { resolve } from 'node:path';
import { ENTRY, shipped } from '../basics/package-folder.ts';
import type { ConfigRoots } from './find.ts';
import type { ModuleContext } from './load.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What of its surroundings a config may read. */
export interface Surroundings {
  readonly env: Environment;
  /** The folder, absolute, that relative paths begin at. */
  readonly cwd: string;
}

const SHIPPED = shipped('configs');

/** Returns where configs are looked for: in the user's folders and in AISBench's place below the base folder, then among the shipped ones. */
export function configRoots(configDir: string, base: string): ConfigRoots {
  return {
    base,
    own: resolve(base, configDir),
    models: resolve(base, 'models'),
    guide: resolve(base, 'ais_bench/benchmark/configs'),
    shipped: SHIPPED,
  };
}

/** Returns what config files and the user's modules are loaded with. */
export function loadContext(base: string): ModuleContext {
  return { shipped: SHIPPED, entry: ENTRY, base };
}
