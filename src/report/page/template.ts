import { existsSync, readFileSync } from 'node:fs';
import { shipped } from '../../basics/package-folder.ts';

/** The built viewer (`viewer/`); undefined where it was not built. */
export function pageTemplate(): string | undefined {
  const file = shipped('dist/viewer/page.html');
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
