import { access, readdir, realpath } from 'node:fs/promises';
import { basename, isAbsolute, join, resolve, sep } from 'node:path';
import type { LoadOptions } from '../contract/dataset.ts';
import { AisBenchError } from '../contract/errors.ts';

/** Environment variable that names the folder of datasets (AISBench §4.1). */
const DATASETS_VARIABLE = 'AIS_BENCH_DATASETS_CACHE';

/** What the paths of AISBench's configs begin with. */
const GUIDE_FOLDER = 'ais_bench/datasets/';

export interface FolderContent {
  /** Files that the folder must hold. */
  readonly files: readonly string[];
  /** Where a person gets them, for the error. */
  readonly source: string;
  /** Paths that this dataset usually has: where the given one is empty or one of them, all of them are tried. */
  readonly usual?: readonly string[];
}

/** Folders that relative dataset paths are looked for in: the one in the environment, then `./datasets`. */
export function rootsFromEnv(env: Readonly<Record<string, string | undefined>>, cwd: string): string[] {
  const named = env[DATASETS_VARIABLE]?.trim();
  return [...(named ? [resolve(cwd, named)] : []), join(cwd, 'datasets')];
}

/**
 * The folder of a dataset. An absolute path is taken as it is; a relative one is looked for under each root, in full
 * and then by its last part, so that `<root>/gsm8k/` serves `ais_bench/datasets/gsm8k`.
 * Throws DSET-FILE-001 naming the missing file, every place looked at and the source.
 */
export async function locateFolder(
  { path, roots }: Pick<LoadOptions, 'path' | 'roots'>,
  wanted: FolderContent,
): Promise<string> {
  const places = pathsOf(path, wanted.usual).flatMap((one) => candidateFolders(one, roots));
  const missing: string[] = [];
  for (const place of new Set(places)) {
    const lacks = await firstMissing(place, wanted.files);
    if (lacks === undefined) return place;
    missing.push(join(place, lacks));
  }
  throw notFound(path, missing, wanted);
}

export interface WantedFile {
  /** Its name, where a folder is given. */
  readonly file: string;
  /** What a path ends with that is the file itself. */
  readonly extension: string;
  readonly source: string;
}

/**
 * The file of a dataset whose `path` is the file itself, or the folder that holds it. Looks where `locateFolder` looks.
 * Throws DSET-FILE-001.
 */
export async function locateFile(
  { path, roots }: Pick<LoadOptions, 'path' | 'roots'>,
  { file, extension, source }: WantedFile,
): Promise<string> {
  if (!path.endsWith(extension))
    return join(await locateFolder({ path, roots }, { files: [file], source }), file);
  const places = candidateFolders(path, roots);
  for (const place of places) if (await fileExists(place)) return place;
  throw notFound(path, places, { files: [basename(path)], source });
}

/**
 * The same for traffic that is mostly a file of the user's own: a path that ends so is then looked for below the folder that the user works
 * in too. Throws DSET-FILE-001.
 */
export async function locateOwn(
  { path, roots, base }: Pick<LoadOptions, 'path' | 'roots' | 'base'>,
  wanted: WantedFile,
): Promise<string> {
  return locateFile({ path, roots: base === undefined ? roots : [...roots, base] }, wanted);
}

/** Places of a dataset path, in the order in which they are looked at. */
export function candidateFolders(path: string, roots: readonly string[]): string[] {
  if (isAbsolute(path)) return [path];
  const name = path.split(/[\\/]/).findLast((part) => part !== '' && part !== '.') ?? '';
  const below = path.startsWith(GUIDE_FOLDER) ? path.slice(GUIDE_FOLDER.length) : path;
  return [...new Set(roots.flatMap((root) => [path, below, name].map((one) => resolve(root, one))))];
}

/** Places of a file of the user's own: those of a dataset, then below the folder that the user works in. */
export function candidateFiles(path: string, { roots, base }: Pick<LoadOptions, 'roots' | 'base'>): string[] {
  const own = base === undefined ? [] : [resolve(base, path)];
  return [...new Set([...candidateFolders(path, roots), ...own])];
}

/** Names of the files in a folder that end so, sorted; none where there is no such folder. */
export async function filesIn(folder: string, extension: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => name.endsWith(extension)).sort();
}

function pathsOf(path: string, usual: readonly string[] = []): readonly string[] {
  const given = path.replace(/(?<!\/)\/+$/, '');
  if (given === '') return usual.length === 0 ? [path] : usual;
  return usual.includes(given) ? [given, ...usual.filter((one) => one !== given)] : [path];
}

/** Whether there is something at this path that can be opened. */
export async function fileExists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Whether a file lies in one of these folders or below, links followed. Throws what the file system says where there is no such file. */
export async function liesBelow(file: string, folders: readonly string[]): Promise<boolean> {
  const real = await realpath(file);
  for (const folder of folders) {
    const root = await realpath(folder).catch(() => undefined);
    if (root !== undefined && real.startsWith(root.endsWith(sep) ? root : root + sep)) return true;
  }
  return false;
}

async function firstMissing(folder: string, files: readonly string[]): Promise<string | undefined> {
  for (const file of files) {
    if (!(await fileExists(join(folder, file)))) return file;
  }
  return undefined;
}

function notFound(path: string, missing: readonly string[], { files, source }: FolderContent): AisBenchError {
  const name = files.join(' and ');
  return new AisBenchError('DSET-FILE-001', `the dataset '${path}' is not there: no ${name} found`, {
    where: `looked for ${missing.join(', ')}`,
    cure: isAbsolute(path)
      ? `put ${name} from ${source} there, or correct the dataset config's path`
      : `get ${name} from ${source} and set ${DATASETS_VARIABLE} to the folder that holds its folder`,
  });
}
