import { basename, dirname, extname, join } from 'node:path';
import type { LoadOptions } from '../../contract/dataset.ts';
import { AisBenchError } from '../../contract/errors.ts';
import { fileExists, locateFile, locateFolder } from '../locate.ts';

export interface Sought {
  /** Folders or files, in the order in which they are looked for. */
  readonly paths: readonly string[];
  /** Names that the data goes by: each is all the files that make it up. The first that is complete is taken. */
  readonly files: readonly (readonly string[])[];
  readonly source: string;
}

/**
 * The files of a dataset that is published under several names. A path that is a file is looked for as it is, and then by its
 * name in its folder. Throws DSET-FILE-001 that names the first of each.
 */
export async function findFiles(
  roots: LoadOptions['roots'],
  { paths, files, source }: Sought,
): Promise<string[]> {
  let first: unknown;
  for (const path of paths) {
    const extension = extname(path);
    const found =
      extension === ''
        ? await anyOf(path, roots, files, source)
        : await attempt(async () => [
            await locateFile({ path, roots }, { file: basename(path), extension, source }),
          ]);
    if (Array.isArray(found)) return found;
    first ??= found;
    const inFolder =
      extension === '' ? undefined : await anyOf(dirname(path), roots, [[basename(path)]], source);
    if (Array.isArray(inFolder)) return inFolder;
  }
  throw first;
}

async function anyOf(
  path: string,
  roots: LoadOptions['roots'],
  names: Sought['files'],
  source: string,
): Promise<string[] | AisBenchError> {
  let first: AisBenchError | undefined;
  for (const files of names) {
    const folder = await attempt(() => locateFolder({ path, roots }, { files, source }));
    if (typeof folder === 'string') return files.map((file) => join(folder, file));
    first ??= folder;
  }
  return first!;
}

/** A file beside another, where there is one. */
export async function besides(file: string, name: string): Promise<string | undefined> {
  const other = join(dirname(file), name);
  return (await fileExists(other)) ? other : undefined;
}

async function attempt<T>(look: () => Promise<T>): Promise<T | AisBenchError> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof AisBenchError && error.code === 'DSET-FILE-001') return error;
    throw error;
  }
}
