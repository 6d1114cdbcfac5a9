import { readFileSync } from 'node:fs';
import { shipped } from './package-folder.ts';

/** Version of this package. */
export function toolVersion(): string {
  return (JSON.parse(readFileSync(shipped('package.json'), 'utf8')) as { version: string }).version;
}
