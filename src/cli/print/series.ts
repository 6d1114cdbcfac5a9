/** What commands that make several runs print and write. */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { toolVersion } from '../../basics/version.ts';
import { finding, findingText } from '../../contract/finding.ts';
import { pageTemplate, renderPage } from '../../report/page/render.ts';
import { renderTerminal } from '../../report/terminal.ts';
import { say } from '../../report/words.ts';
import type { SearchResult } from '../../search/capacity.ts';
import type { LoadKind } from '../../search/load-points.ts';
import type { Objective } from '../../search/objectives.ts';
import {
  capacityLines,
  type PointRow,
  pointsCsv,
  pointTables,
  type SweepPage,
  sweepPage,
} from '../../search/point-table.ts';
import type { SeriesFolder } from '../../search/series-folder.ts';
import { terminalOptions } from './output.ts';

/** Prints the table of points and writes it beside them. */
export function printSweep(folder: SeriesFolder<PointRow>, rows: readonly PointRow[], kind: LoadKind): void {
  if (rows.length === 0) return;
  folder.write('sweep.csv', pointsCsv(rows));
  folder.write('sweep.json', `${JSON.stringify({ kind, points: rows }, null, 2)}\n`);
  printPoints(rows, kind);
  const page = writePage(folder, { kind, found: [] }, rows);
  process.stdout.write(`\nResults: ${folder.path}\n${page}`);
}

interface SearchReport {
  readonly result: SearchResult;
  readonly rows: readonly PointRow[];
  readonly objectives: readonly Objective[];
  readonly kind: LoadKind;
}

/** Prints the points of a search and what they say, and writes both beside them. */
export function printSearch(
  folder: SeriesFolder<unknown>,
  { result, rows, objectives, kind }: SearchReport,
): void {
  folder.write('search.csv', pointsCsv(rows));
  folder.write('search.json', `${JSON.stringify({ kind, objectives, ...result, rows }, null, 2)}\n`);
  printPoints(rows, kind);
  const found = capacityLines(result, objectives, kind);
  const page = writePage(folder, { kind, found }, rows);
  process.stdout.write(`\n${found.map((text) => say(text)).join('\n')}\n\nResults: ${folder.path}\n${page}`);
}

function printPoints(rows: readonly PointRow[], kind: LoadKind): void {
  const options = terminalOptions();
  if (rows.length > 0)
    process.stdout.write(`\n${renderTerminal(pointTables(rows, kind, options.width ?? 80), [], options)}`);
}

/** Writes `report.html` beside the points and returns the line that says where it is. */
function writePage(
  folder: SeriesFolder<unknown>,
  { kind, found }: Pick<SweepPage, 'kind' | 'found'>,
  rows: readonly PointRow[],
): string {
  const template = pageTemplate();
  if (template === undefined) {
    process.stderr.write(`${findingText(finding('PAGE-MISSING', {}))}\n`);
    return '';
  }
  const name = basename(folder.path);
  const payload = sweepPage({ name, version: toolVersion(), kind, found }, rows);
  const page = renderPage(template, { kind: 'sweep', title: `ais_bench ${name}`, payload });
  return `Report: ${folder.write('report.html', page)}\n`;
}

/** Flags that change nothing that is measured. */
const NO_SETTINGS: ReadonlySet<string> = new Set([
  'workDir',
  'debug',
  'full',
  'strict',
  'failIf',
  'maxErrorRate',
]);

/** Returns what a series that goes on must have kept, by name: hashes, because a URL or a `--set` may hold a secret. */
export function seriesSettings(flags: object): Record<string, string> {
  const set = Object.entries(flags).filter(([name, value]) => value !== undefined && !NO_SETTINGS.has(name));
  return Object.fromEntries(
    set.map(([name, value]) => [
      name,
      createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16),
    ]),
  );
}
