import { basename, dirname, join } from 'node:path';
import type { LoadOptions } from '../../contract/dataset.ts';
import { AisBenchError } from '../../contract/errors.ts';
import { locateFolder } from '../locate.ts';

/** Rows are published plain or packed. */
const ENDINGS = /\.(?:jsonl|json)(?:\.gz)?$/;

/**
 * The file of a dataset that is one: `path` is its folder, or the file; `names` are what it is called where the folder is
 * given, or where the named file is not there. Throws DSET-FILE-001 as `locateFolder` does, for the first of the names.
 */
export async function locateOneOf(
  { path, roots }: Pick<LoadOptions, 'path' | 'roots'>,
  { names, source }: { readonly names: readonly string[]; readonly source: string },
): Promise<string> {
  const isFile = ENDINGS.test(path);
  const folder = isFile ? dirname(path) : path;
  let missing: unknown;
  for (const file of isFile ? [basename(path), ...names] : names) {
    try {
      return join(await locateFolder({ path: folder, roots }, { files: [file], source }), file);
    } catch (error) {
      if (!(error instanceof AisBenchError)) throw error;
      missing ??= error;
    }
  }
  throw missing;
}
