import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ConfigRoots } from '../config/find.ts';
import type { LoadContext } from '../config/load.ts';

const SHIPPED = fileURLToPath(new URL('../../configs', import.meta.url));

/** The user's config folder, then the shipped one. */
export function configRoots(configDir: string): ConfigRoots {
  return { own: resolve(configDir), shipped: SHIPPED };
}

export const loadContext: LoadContext = {
  shipped: SHIPPED,
  entry: fileURLToPath(new URL('../index.js', import.meta.url)),
};
