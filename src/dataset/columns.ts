import { createHash } from 'node:crypto';
import { basename, dirname, extname, join } from 'node:path';
import type { LoadOptions, Row } from '../contract/dataset.ts';
import { AisBenchError } from '../contract/errors.ts';
import { type FolderContent, fileExists, locateFile, locateFolder } from './locate.ts';
import { badRow } from './read.ts';

// Checks that the rows of files have what a dataset class needs, and that its config says what it must.

/** The text in a column. Throws DSET-DATA-002 naming `where` and the column. */
export function textIn(row: Row, column: string, where: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw badRow(where, `it has no text in column '${column}'`);
  return value;
}

/** Whether a value is a list of texts. */
export function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

/** The texts in a column that holds a list, exactly `count` where that is given. Throws DSET-DATA-002. */
export function textsIn(row: Row, column: string, where: string, count?: number): string[] {
  const value = row[column];
  if (!isTexts(value) || (count !== undefined && value.length !== count)) {
    throw badRow(where, `column '${column}' is not a list of ${count === undefined ? '' : `${count} `}texts`);
  }
  return value;
}

/** One of a few letters. Throws DSET-DATA-002 that says which. */
export function checkedLetter(value: unknown, letters: string, where: string): string {
  if (typeof value === 'string' && value.length === 1 && letters.includes(value)) return value;
  throw badRow(where, `its answer ${JSON.stringify(value)} is none of ${[...letters].join(', ')}`);
}

/** A key of the dataset config that must be a text, such as the subject's `name`. Throws UTILS-CFG-002. */
export function textParam({ params }: Pick<LoadOptions, 'params'>, key: string, example: string): string {
  const value = params[key];
  if (typeof value === 'string' && value !== '') return value;
  throw badParam(key, value, `a text, for example ${key}: '${example}'`);
}

/** UTILS-CFG-002 for a key of the dataset config. */
export function badParam(key: string, value: unknown, wanted: string): AisBenchError {
  const what = value === undefined ? 'is missing' : `is ${JSON.stringify(value)}`;
  return new AisBenchError('UTILS-CFG-002', `the dataset config's ${key} ${what}`, {
    where: key,
    cure: `give ${wanted}`,
  });
}

interface SplitNames {
  readonly train: string;
  readonly test: string;
}

/** The splits that a config asks for, else the dataset's own. Throws UTILS-CFG-002 for one that the dataset has not. */
export function splitNames(
  { splits = {} }: Pick<LoadOptions, 'splits'>,
  { train, test, known }: SplitNames & { readonly known: readonly string[] },
): SplitNames {
  const chosen = { train: splits.train ?? train, test: splits.test ?? test };
  for (const [key, name] of Object.entries(chosen)) {
    if (known.includes(name)) continue;
    throw new AisBenchError('UTILS-CFG-002', `this dataset has no split '${name}'`, {
      where: `reader_cfg.${key}_split`,
      cure: `use one of: ${known.join(', ')}`,
    });
  }
  return chosen;
}

/** What a file holds, nothing where it is not there: only few-shot prompts need it, and their retriever says so. */
export async function ifThere<T>(file: string, read: (file: string) => Promise<T[]>): Promise<T[]> {
  return (await fileExists(file)) ? read(file) : [];
}

interface SplitFiles<T> extends Omit<FolderContent, 'files'> {
  readonly own: SplitNames & { readonly known: readonly string[] };
  /** The path of a split's file below the dataset's folder. */
  readonly file: (split: string) => string;
  readonly read: (file: string) => Promise<T[]>;
}

/** Reads the splits of a dataset with a file a split. Throws as `splitNames`, `locateFolder` and `read` do. */
export async function readSplits<T>(
  options: LoadOptions,
  { own, file, read, ...content }: SplitFiles<T>,
): Promise<{ train: T[]; test: T[] }> {
  const { train, test } = splitNames(options, own);
  const folder = await locateFolder(options, { ...content, files: [file(test)] });
  return {
    train: await ifThere(join(folder, file(train)), read),
    test: await read(join(folder, file(test))),
  };
}

/** A short mark of a long text that several rows share, the same for the same text. */
export function markOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

interface Sought {
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

/**
 * The one file of a dataset that is published under several names: looked for at the config's path, then in the usual places.
 * Throws as `findFiles`.
 */
export async function findFile(
  { path, roots }: Pick<LoadOptions, 'path' | 'roots'>,
  { usual = [], names, source }: { usual?: readonly string[]; names: readonly string[]; source: string },
): Promise<string> {
  const paths = path === '' ? usual : [...new Set([path, ...usual])];
  const [file] = await findFiles(roots, { paths, files: names.map((name) => [name]), source });
  return file!;
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
