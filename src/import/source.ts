/** Where the files of a finished AISBench run lie (aisbench.md §7.1). */

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AisBenchError, messageOf } from '../contract/errors.ts';
import { type MatrixResult, MISSING } from '../report/matrix.ts';
import { requirePlain } from '../store/plain-folder.ts';
import type { ImportedTaskName } from './convert.ts';

/** One model on one dataset. */
export interface SourceTask extends ImportedTaskName {
  /** Absent where it was not a performance run. */
  readonly details?: string;
  readonly predictions?: string;
  /** Requests that failed, listed apart. */
  readonly failed?: string;
  /** Folder of the arrays that `details` refer to. */
  readonly arrays: string;
  /** AISBench's own result, where it got that far. */
  readonly result?: string;
  readonly performance: { readonly json?: string; readonly csv?: string };
}

const DETAILS = '_details.jsonl';
const FAILED = '_failed.jsonl';
/** What a judge model said, before AISBench put it in order. */
const RAW_JUDGEMENTS = '-cached.jsonl';

/** Every task of the run, by model and dataset. Throws RUN-DATA-001 where the folder is no run of AISBench's, or not a plain one. */
export function listTasks(folder: string): SourceTask[] {
  requirePlain(folder);
  refuseOwn(folder);
  const names = new Map<string, ImportedTaskName>();
  const found = (part: string, datasetOf: (file: string) => string | undefined) => {
    for (const { model, file } of listFiles(join(folder, part))) {
      const dataset = datasetOf(file);
      if (dataset !== undefined) names.set(JSON.stringify([model, dataset]), { model, dataset });
    }
  };
  found('performances', (file) => without(file, DETAILS));
  found('predictions', (file) =>
    [FAILED, RAW_JUDGEMENTS].some((end) => file.endsWith(end)) ? undefined : without(file, '.jsonl'),
  );
  found('results', (file) => without(file, '.json'));
  if (names.size === 0) throw noRun(folder);
  return [...names.values()]
    .sort((a, b) => a.model.localeCompare(b.model) || a.dataset.localeCompare(b.dataset))
    .map((name) => locateTask(folder, name));
}

function locateTask(folder: string, { model, dataset }: ImportedTaskName): SourceTask {
  const file = <K extends string>(key: K, part: string, end: string) => {
    const path = join(folder, part, model, `${dataset}${end}`);
    return (existsSync(path) ? { [key]: path } : {}) as Partial<Record<K, string>>;
  };
  const details = file('details', 'performances', DETAILS);
  const place = details.details === undefined ? 'predictions' : 'performances';
  return {
    model,
    dataset,
    ...details,
    ...file('predictions', 'predictions', '.jsonl'),
    ...file('failed', place, FAILED),
    ...file('result', 'results', '.json'),
    arrays: join(folder, 'performances', model, 'db_data'),
    performance: { ...file('json', 'performances', '.json'), ...file('csv', 'performances', '.csv') },
  };
}

/** The config that the run wrote down, the newest where it was resumed. */
export function findConfig(folder: string): string | undefined {
  const place = join(folder, 'configs');
  if (!existsSync(place)) return undefined;
  const newest = readdirSync(place)
    .filter((file) => file.endsWith('.py'))
    .sort()
    .at(-1);
  return newest === undefined ? undefined : join(place, newest);
}

/** A JSON file of AISBench's. Throws RUN-DATA-001 naming it. */
export function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new AisBenchError('RUN-DATA-001', `this file of AISBench's is not readable: ${messageOf(cause)}`, {
      where: path,
      cure: 'copy the run folder of AISBench again, or take the file out',
      cause,
    });
  }
}

/** The text of a file of AISBench's. */
export function readText(path: string): string {
  return readFileSync(path, 'utf8');
}

function listFiles(folder: string): { model: string; file: string }[] {
  if (!isFolder(folder)) return [];
  return readdirSync(folder)
    .filter((model) => isFolder(join(folder, model)))
    .flatMap((model) => readdirSync(join(folder, model)).map((file) => ({ model, file })));
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

function without(file: string, end: string): string | undefined {
  return file.endsWith(end) && file.length > end.length ? file.slice(0, -end.length) : undefined;
}

function refuseOwn(folder: string): void {
  const own = listFiles(join(folder, 'performances')).find(({ file }) =>
    /_records(\.w\d+)?\.jsonl$/.test(file),
  );
  if (own === undefined) return;
  throw new AisBenchError('TMAN-CMD-002', 'this run was made by ais_bench itself, or imported already', {
    where: folder,
    cure: 'name a run folder of AISBench; explain reads this one as it is',
  });
}

function noRun(folder: string): AisBenchError {
  const why = existsSync(folder)
    ? 'it has no predictions, performances or results'
    : 'there is no such folder';
  return new AisBenchError('RUN-DATA-001', `this is no run folder of AISBench: ${why}`, {
    where: folder,
    cure: 'name the folder with the time stamp, e.g. outputs/default/20260105_070809',
  });
}

/** Keys of a result that are no metrics (aisbench.md §7.3), and counts behind them. */
const NO_METRICS = new Set([
  'bp',
  'sys_len',
  'ref_len',
  'type',
  'details',
  'error',
  'correct_count',
  'total_count',
]);

/** Reads AISBench's own result of a task; undefined where it left none. Throws RUN-DATA-001 for a broken file. */
export function readResult(
  task: SourceTask,
  versions: ReadonlyMap<string, string>,
): MatrixResult | undefined {
  if (task.result === undefined) return undefined;
  const result = readJson(task.result);
  if (typeof result !== 'object' || result === null) return undefined;
  const { model, dataset } = task;
  const scores = Object.fromEntries(
    Object.entries(result).filter(
      ([key, value]) => !NO_METRICS.has(key) && (typeof value === 'number' || typeof value === 'string'),
    ),
  ) as Record<string, number | string>;
  const mode = 'type' in result ? String(result.type).toLowerCase() : 'unknown';
  return { model, dataset, version: versions.get(dataset) ?? MISSING, mode, scores };
}

/** Versions of the datasets as the run's summary has them. */
export function readVersions(folder: string): ReadonlyMap<string, string> {
  const place = join(folder, 'summary');
  const files = existsSync(place) ? readdirSync(place).filter((file) => /^summary_.*\.csv$/.test(file)) : [];
  const newest = files.sort().at(-1);
  if (newest === undefined) return new Map();
  const [head = '', ...lines] = readText(join(place, newest)).split(/\r?\n/);
  if (!head.startsWith('dataset,version,')) return new Map();
  return new Map(
    lines.flatMap((line) => {
      const [dataset = '', version = ''] = line.split(',');
      return /^[0-9a-f]{6}$/.test(version) ? [[dataset, version] as const] : [];
    }),
  );
}
