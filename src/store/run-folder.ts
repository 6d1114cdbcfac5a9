import { existsSync, mkdirSync, readlinkSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { unwritable } from './append.ts';
import { type Redactor, redactJson } from './redact.ts';

/** The folder of one run, laid out as AISBench's (§7.1). */
export interface RunFolder {
  /** `YYYYMMDD_HHMMSS`, and a number behind it where two runs began in the same second. */
  readonly name: string;
  readonly path: string;
  /** Metric records, without texts; a load worker (counted from 1) has a file of its own. */
  records(model: string, dataset: string, worker?: number): string;
  /** Prompts and answers; a load worker's until they are merged into the one file. */
  predictions(model: string, dataset: string, worker?: number): string;
  /** Path of a file of the run, by its parts. */
  file(...parts: string[]): string;
  /** Writes a file of the run, secrets masked. */
  write(path: string, text: string): void;
}

const PARTS = ['configs', 'logs', 'predictions', 'results', 'summary', 'performances'];

/** Makes `<workDir>/<time>/…` and points `<workDir>/latest` to it. */
export function createRunFolder(workDir: string, startedAt: Date, redact: Redactor): RunFolder {
  const name = claimName(workDir, timeStamp(startedAt));
  const path = join(workDir, name);
  try {
    for (const part of PARTS) mkdirSync(join(path, part), { recursive: true });
    linkLatest(workDir, name);
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
    predictions: (model, dataset, worker) =>
      join(path, 'predictions', fileName(model), `${fileName(dataset)}${ofWorker(worker)}.jsonl`),
    file: (...parts) => join(path, ...parts.map(fileName)),
    write: (file, text) => writeWhole(file, file.endsWith('.json') ? redactJson(text, redact) : redact(text)),
  };
}

function ofWorker(worker: number | undefined): string {
  return worker === undefined ? '' : `.w${worker}`;
}

/** Makes the run's own folder. Only one of two runs that begin in the same second can make it; the other counts on. */
function claimName(workDir: string, stamp: string): string {
  try {
    mkdirSync(workDir, { recursive: true });
    for (let n = 1; ; n++) {
      const name = n === 1 ? stamp : `${stamp}_${n}`;
      if (isMade(join(workDir, name))) return name;
    }
  } catch (cause) {
    throw unwritable(workDir, cause);
  }
}

function isMade(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw cause;
  }
}

/** A reader never sees half a file: it is written beside and then renamed. */
function writeWhole(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.part`, text);
    renameSync(`${path}.part`, path);
  } catch (cause) {
    throw unwritable(path, cause);
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

/** Local time as `YYYYMMDD_HHMMSS`. */
export function timeStamp(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}`;
  return `${day}_${two(date.getHours())}${two(date.getMinutes())}${two(date.getSeconds())}`;
}

/** An abbr as a file name: separators and names of parents cannot leave the folder. */
function fileName(part: string): string {
  const safe = part.replace(/[/\\:*?"<>|\u0000-\u001f]/g, '_');
  return /^\.*$/.test(safe) ? `_${safe}` : safe;
}
