/** The page of a sweep or a search: what `viewer/src/sweep` shows. */
import type { Table } from '../report/table.ts';
import type { Text } from '../report/words.ts';
import type { LoadKind } from './load-points.ts';
import { type PointRow, pointTables } from './point-table.ts';

/** Columns of a table that has room. */
const WIDE = 200;

export interface SweepPage {
  /** Name of the folder. */
  readonly name: string;
  /** Version of the tool that made the page. */
  readonly version: string;
  readonly kind: LoadKind;
  /** What a search found, in sentences, the capacity first; empty of a sweep. */
  readonly found: readonly Text[];
  readonly tasks: readonly SweepTask[];
}

/** One model on one dataset. */
export interface SweepTask {
  readonly title: string;
  /** Ascending in what was asked. */
  readonly points: readonly PointRow[];
  readonly table: Table;
}

export function sweepPage(
  head: Pick<SweepPage, 'name' | 'version' | 'kind' | 'found'>,
  rows: readonly PointRow[],
): SweepPage {
  const tables = pointTables(rows, head.kind, WIDE);
  const tasks = tables.map((table, n) => {
    const first = rows.filter((row) => isFirstOfItsTask(row, rows))[n]!;
    const points = rows
      .filter(({ model, dataset }) => model === first.model && dataset === first.dataset)
      .sort((a, b) => a.asked - b.asked);
    return { title: `${first.model} × ${first.dataset}`, points, table };
  });
  return { ...head, tasks };
}

function isFirstOfItsTask(row: PointRow, rows: readonly PointRow[]): boolean {
  return row === rows.find(({ model, dataset }) => model === row.model && dataset === row.dataset);
}
