import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AisBenchError } from '../contract/errors.ts';
import { requirePlain } from '../store/plain-folder.ts';

const RECORDS = /_records(?:\.w\d+)?\.jsonl$/;

/**
 * The folder of a run: a path, or the name of a run in the usual folder. Throws RUN-DATA-001 where runs lie in it, and as
 * `requirePlain` does.
 */
export function folderOf(run: string): string {
  const usual = join('outputs', 'default', run);
  const folder = !existsSync(run) && existsSync(usual) ? usual : run;
  const newest = join(folder, 'latest');
  if (lstatSync(newest, { throwIfNoEntry: false })?.isSymbolicLink()) throw runsIn(folder, newest);
  requirePlain(folder);
  return folder;
}

function runsIn(folder: string, newest: string): AisBenchError {
  return new AisBenchError('RUN-DATA-001', 'this folder holds runs and is none itself', {
    where: folder,
    cure: `name one of them, e.g. ${newest}`,
  });
}

/** One model on one dataset: its record files, one a load worker, share the path before `_records`. */
export interface Load {
  readonly stem: string;
  readonly files: readonly string[];
}

export function loadsIn(folder: string): Load[] {
  const place = join(folder, 'performances');
  if (!existsSync(place)) return [];
  const files = readdirSync(place, { recursive: true, encoding: 'utf8' })
    .filter((name) => RECORDS.test(name))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map((name) => join(place, name));
  const stems = new Set(files.map((file) => file.replace(RECORDS, '')));
  return [...stems].map((stem) => ({
    stem,
    files: files.filter((file) => file.replace(RECORDS, '') === stem),
  }));
}

export function noRecords(run: string): AisBenchError {
  return new AisBenchError('RUN-DATA-001', 'there are no records of a run here', {
    where: run,
    cure: 'name the folder that the run printed as Results, e.g. outputs/default/latest',
  });
}
