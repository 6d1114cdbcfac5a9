/** The pages of the documentation as tests read them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Reads a page by its path from the root of the repository. */
export const read = (page: string) => readFileSync(join(root, page), 'utf8');

/** Returns the code blocks of a page in a language, '' for none. */
export function blocks(page: string, language: string): string[] {
  const all = [...read(page).matchAll(/^```(\w*)\n(.*?)^```$/gms)];
  return all.filter(([, own]) => own === language).map(([, , content]) => content!);
}
