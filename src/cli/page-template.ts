import { existsSync, readFileSync } from 'node:fs';

/** The built viewer (`viewer/`), beside this file's folder in `dist`; undefined where it was not built. */
export function pageTemplate(): string | undefined {
  const file = new URL('../viewer/page.html', import.meta.url);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** What a command says that cannot write its page. */
export const NO_VIEWER = 'no report page is written: the viewer is not built (npm run build)';
