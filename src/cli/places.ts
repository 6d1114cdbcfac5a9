import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ConfigRoots } from '../config/find.ts';
import type { LoadContext } from '../config/load.ts';

const SHIPPED = fileURLToPath(new URL('../../configs', import.meta.url));

/** The user's config folder, then the shipped one, then AISBench's place below the folder that the command runs in. */
export function configRoots(configDir: string): ConfigRoots {
  return { own: resolve(configDir), shipped: SHIPPED, guide: resolve('ais_bench/benchmark/configs') };
}

export const loadContext: LoadContext = {
  shipped: SHIPPED,
  entry: fileURLToPath(new URL('../index.js', import.meta.url)),
};
