import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type MatrixResult, MISSING } from '../report/matrix.ts';
import { readJsonOf, readTextOf, type SourceTask } from './source.ts';

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

/** What AISBench itself came to on a task; undefined where it left no result. Throws RUN-DATA-001 for a broken file. */
export function resultOf(task: SourceTask, versions: ReadonlyMap<string, string>): MatrixResult | undefined {
  if (task.result === undefined) return undefined;
  const result = readJsonOf(task.result);
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
export function versionsIn(folder: string): ReadonlyMap<string, string> {
  const place = join(folder, 'summary');
  const files = existsSync(place) ? readdirSync(place).filter((file) => /^summary_.*\.csv$/.test(file)) : [];
  const newest = files.sort().at(-1);
  if (newest === undefined) return new Map();
  const [head = '', ...lines] = readTextOf(join(place, newest)).split(/\r?\n/);
  if (!head.startsWith('dataset,version,')) return new Map();
  return new Map(
    lines.flatMap((line) => {
      const [dataset = '', version = ''] = line.split(',');
      return /^[0-9a-f]{6}$/.test(version) ? [[dataset, version] as const] : [];
    }),
  );
}
