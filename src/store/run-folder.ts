import { existsSync, lstatSync, readdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { filesBelow } from '../basics/files-below.ts';
import { makeFolder, makeFolders, unwritable, writeWhole } from './append.ts';
import { fileName } from './file-name.ts';
import { type Redactor, redactJson } from './redact.ts';

/** The folder of one run, laid out as AISBench's (§7.1). */
export interface RunFolder {
  /** `YYYYMMDD_HHMMSS`, and a number behind it where that, or a later one, was taken. */
  readonly name: string;
  readonly path: string;
  /** Metric records, without texts; a load worker (counted from 1) has a file of its own. */
  records(model: string, dataset: string, worker?: number): string;
  /** The record files that are there: this process's, load workers'. */
  recordFiles(model: string, dataset: string): readonly string[];
  /** Prompts and answers; a load worker's until they are merged into the one file. */
  predictions(model: string, dataset: string, worker?: number): string;
  /** Path of a file of the run, by its parts. */
  file(...parts: string[]): string;
  /** Writes a file of the run, secrets masked. */
  write(path: string, text: string): void;
  /** Takes the run's secrets out of a text. */
  readonly redact: Redactor;
  /** Writes a file of the run that holds packed data, in which chance may spell a secret: its texts are masked before. */
  writeMasked(path: string, text: string): void;
  /** Points `latest`, beside the folder, to it: for a run that has something to show. */
  becomeLatest(): void;
}

const PARTS = ['configs', 'logs', 'predictions', 'results', 'summary', 'performances'];

/** Makes `<workDir>/<name>/…`; without a name a run is named by its time (`nextStamp`). */
export function createRunFolder(
  workDir: string,
  startedAt: Date,
  redact: Redactor,
  name?: string,
): RunFolder {
  const nameOf = (n: number) =>
    name === undefined ? nextStamp(startedAt, readdirSync(workDir)) : n === 1 ? name : `${name}_${n}`;
  return runFolder(workDir, claimName(workDir, nameOf), redact);
}

/** The folder of that name, which is there, with every part of it. */
export function runFolder(workDir: string, name: string, redact: Redactor): RunFolder {
  const path = join(workDir, name);
  try {
    for (const part of PARTS) makeFolders(join(path, part));
  } catch (cause) {
    throw unwritable(path, cause);
  }
  return openRunFolder(path, redact);
}

/** The folder of a run that has begun: what a load worker writes into. */
export function openRunFolder(path: string, redact: Redactor): RunFolder {
  return {
    name: basename(path),
    path,
    records: (model, dataset, worker) =>
      join(path, 'performances', fileName(model), `${fileName(dataset)}_records${ofWorker(worker)}.jsonl`),
    recordFiles: (model, dataset) =>
      recordFiles(join(path, 'performances', fileName(model)), `${fileName(dataset)}_records`),
    predictions: (model, dataset, worker) =>
      join(path, 'predictions', fileName(model), `${fileName(dataset)}${ofWorker(worker)}.jsonl`),
    file: (...parts) => join(path, ...parts.map(fileName)),
    redact,
    writeMasked: writeWhole,
    write: (file, text) => writeWhole(file, file.endsWith('.json') ? redactJson(text, redact) : redact(text)),
    becomeLatest: () => linkLatest(dirname(path), basename(path)),
  };
}

/** Where records, answers and verdicts lie: everything else is made of them, or says how the run was started. */
const HELD = [
  ['performances', '.jsonl'],
  ['predictions', ''],
  ['results', ''],
] as const;

/** Whether any request of the run is still known. */
export function isUsed({ path }: Pick<RunFolder, 'path'>): boolean {
  return HELD.some(([part, ending]) => {
    const folder = join(path, part);
    if (!existsSync(folder)) return false;
    return filesBelow(folder).some((file) => file.endsWith(ending) && lstatSync(join(folder, file)).size > 0);
  });
}

/** Takes away the folder of a run that broke off before its first record; one that is used, or cannot be taken away, stays. */
export function removeUnused(folder: Pick<RunFolder, 'path'>): void {
  try {
    if (!isUsed(folder)) rmSync(folder.path, { recursive: true, force: true });
  } catch {
    // Why the run broke off is what its user needs to hear.
  }
}

/** One file, or one a load worker in their order. */
function recordFiles(folder: string, name: string): string[] {
  const numberOf = (file: string): number | undefined => {
    if (file === `${name}.jsonl`) return 0;
    const rest = file.startsWith(`${name}.w`) ? file.slice(name.length) : '';
    const worker = /^\.w(\d+)\.jsonl$/.exec(rest)?.[1];
    return worker === undefined ? undefined : Number(worker);
  };
  const found = (existsSync(folder) ? readdirSync(folder) : []).filter(
    (file) => numberOf(file) !== undefined,
  );
  return found.sort((a, b) => numberOf(a)! - numberOf(b)!).map((file) => join(folder, file));
}

function ofWorker(worker: number | undefined): string {
  return worker === undefined ? '' : `.w${worker}`;
}

/** Makes a folder that is new and returns its name: of two runs that want the same one only one can make it, and the other tries the next. */
export function claimName(workDir: string, nameOf: (n: number) => string): string {
  try {
    makeFolders(workDir);
    for (let n = 1; ; n++) {
      const name = nameOf(n);
      if (makeFolder(join(workDir, name))) return name;
    }
  } catch (cause) {
    throw unwritable(workDir, cause);
  }
}

function linkLatest(workDir: string, name: string): void {
  const link = join(workDir, 'latest');
  try {
    readlinkSync(link);
    rmSync(link);
  } catch {
    if (existsSync(link)) return; // Somebody's own file or folder of that name is left alone.
  }
  try {
    symlinkSync(name, link, 'dir');
  } catch {
    // Windows allows symbolic links to administrators only; the link is a convenience.
  }
}

/** Names that bear the time at which something began: `YYYYMMDD_HHMMSS`, and a number behind it where one name was not enough. */

const STAMP = /^(\d{8}_\d{6})(?:_(\d+))?$/;

/** Local time as `YYYYMMDD_HHMMSS`. */
export function timeStamp(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}`;
  return `${day}_${two(date.getHours())}${two(date.getMinutes())}${two(date.getSeconds())}`;
}

/** Sorts stamps as they were given (`…_10` after `…_9`); undefined for a name that is none. */
export function stampOrder(name: string): string | undefined {
  const [, stamp, count = '1'] = STAMP.exec(name) ?? [];
  return stamp === undefined ? undefined : `${stamp}_${count.padStart(9, '0')}`;
}

/**
 * The stamp of what begins now: it comes after all that there are, also where the clock shows an earlier time than it did for them,
 * because it was set, or summer time has ended.
 */
export function nextStamp(now: Date, there: readonly string[]): string {
  const own = timeStamp(now);
  const newest = there.reduce(
    (latest, name) => ((stampOrder(name) ?? '') > stampOrder(latest)! ? name : latest),
    own,
  );
  const [, stamp, count = '1'] = STAMP.exec(newest)!;
  return newest === own && !there.includes(own) ? own : `${stamp}_${Number(count) + 1}`;
}
