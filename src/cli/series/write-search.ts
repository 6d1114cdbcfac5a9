import { renderTerminal } from '../../report/terminal.ts';
import { say } from '../../report/words.ts';
import type { SearchResult } from '../../search/capacity.ts';
import type { LoadKind } from '../../search/load-points.ts';
import type { Objective } from '../../search/objectives.ts';
import { type PointRow, pointsCsv, pointTables } from '../../search/point-table.ts';
import { capacityLines } from '../../search/verdict.ts';
import { terminalOptions } from '../terminal-options.ts';
import type { SeriesFolder } from './series-folder.ts';
import { writeSeriesPage } from './write-page.ts';

interface Found {
  readonly result: SearchResult;
  readonly rows: readonly PointRow[];
  readonly objectives: readonly Objective[];
  readonly kind: LoadKind;
}

/** Prints the points and what they say, and writes both beside them. */
export function reportSearch(folder: SeriesFolder<unknown>, { result, rows, objectives, kind }: Found): void {
  const options = terminalOptions();
  folder.write('search.csv', pointsCsv(rows));
  folder.write('search.json', `${JSON.stringify({ kind, objectives, ...result, rows }, null, 2)}\n`);
  const tables = pointTables(rows, kind, options.width ?? 80);
  if (rows.length > 0) process.stdout.write(`\n${renderTerminal(tables, [], options)}`);
  const found = capacityLines(result, objectives, kind);
  const page = writeSeriesPage(folder, { kind, found }, rows);
  process.stdout.write(`\n${found.map((text) => say(text)).join('\n')}\n\nResults: ${folder.path}\n${page}`);
}
