import { renderTerminal } from '../../report/terminal.ts';
import type { LoadKind } from '../../search/load-points.ts';
import { type PointRow, pointsCsv, pointTables } from '../../search/point-table.ts';
import type { SeriesFolder } from '../../search/series-folder.ts';
import { terminalOptions } from '../print/terminal-options.ts';
import { writeSeriesPage } from './write-page.ts';

/** Prints the table of points and writes it beside them. */
export function reportSweep(folder: SeriesFolder<PointRow>, rows: readonly PointRow[], kind: LoadKind): void {
  const options = terminalOptions();
  folder.write('sweep.csv', pointsCsv(rows));
  folder.write('sweep.json', `${JSON.stringify({ kind, points: rows }, null, 2)}\n`);
  if (rows.length > 0)
    process.stdout.write(`\n${renderTerminal(pointTables(rows, kind, options.width ?? 80), [], options)}`);
  const page = writeSeriesPage(folder, { kind, found: [] }, rows);
  process.stdout.write(`\nResults: ${folder.path}\n${page}`);
}
