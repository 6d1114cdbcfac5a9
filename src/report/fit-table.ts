/** A table in the width of a screen. Numbers stay whole, and so do names: they are there to be copied. */
import type { Column, PlainTable } from './table.ts';
import { displayWidth, wrap } from './text.ts';

export interface FittedTable {
  /** What every row would say, said once. */
  readonly common: readonly string[];
  readonly columns: readonly Column<string>[];
  readonly rows: readonly FittedRow[];
}

interface FittedRow {
  /** The names of a row in which they found no room; their cells are empty. */
  readonly names: readonly string[];
  /** Lines of each cell. */
  readonly cells: readonly (readonly string[])[];
}

/** Columns that may become narrower keep so much. */
const NARROWEST = 8;

/**
 * Where a table with names is too wide, what stands in every row is said once; then texts are wrapped; then names that are too long
 * get a line above their row.
 */
export function fitTable(table: PlainTable, width: number): FittedTable {
  const { kept, left } = partColumns(table, width);
  const columns = kept.map((i) => table.columns[i]!);
  const rows = table.rows.map((row) => kept.map((i) => row[i]!));
  const widths = narrowed(columns, naturalWidths(columns, rows), width);
  return {
    common: left.map((i) => `${table.columns[i]!.head} ${table.rows[0]![i]}`),
    columns,
    rows: rows.map((row) => fittedRow(row, columns, { widths, width })),
  };
}

/** Columns that leave until the others fit: names that are all the same, widest first, then counts that are all zero; never the first. */
function partColumns({ columns, rows }: PlainTable, width: number): { kept: number[]; left: number[] } {
  const widths = naturalWidths(columns, rows);
  const all = columns.map((_, i) => i);
  const isSame = (i: number) => rows.length > 0 && rows.every((row) => row[i] === rows[0]![i]);
  const isName = (i: number) => columns[i]!.isName === true;
  const mayLeave = all
    .slice(1)
    .filter((i) => isSame(i) && (isName(i) || rows[0]![i] === '0'))
    .sort((a, b) => Number(isName(b)) - Number(isName(a)) || widths[b]! - widths[a]!);
  const left: number[] = [];
  const kept = () => all.filter((i) => !left.includes(i));
  const hasNames = columns.some(({ isName }) => isName);
  while (hasNames && mayLeave.length > 0 && totalOf(kept().map((i) => widths[i]!)) > width)
    left.push(mayLeave.shift()!);
  return { kept: kept(), left };
}

function naturalWidths(columns: readonly Column<string>[], rows: readonly (readonly string[])[]): number[] {
  return columns.map(({ head }, i) =>
    Math.max(displayWidth(head), ...rows.map((row) => displayWidth(row[i]!))),
  );
}

/** With a space between two. */
function totalOf(widths: readonly number[]): number {
  return widths.reduce((sum, own) => sum + own, widths.length - 1);
}

/** Whichever text is widest is narrowed by one until the table fits, so long columns share the loss; names come last. */
function narrowed(columns: readonly Column<string>[], natural: readonly number[], width: number): number[] {
  const widths = [...natural];
  while (totalOf(widths) > width) {
    const [widest] = columns
      .flatMap(({ head, align }, i) =>
        align === 'left' && widths[i]! > Math.max(NARROWEST, displayWidth(head)) ? [i] : [],
      )
      .sort(
        (a, b) =>
          Number(columns[a]!.isName ?? false) - Number(columns[b]!.isName ?? false) ||
          widths[b]! - widths[a]!,
      );
    if (widest === undefined) break;
    widths[widest] = widths[widest]! - 1;
  }
  return widths;
}

function fittedRow(
  row: readonly string[],
  columns: readonly Column<string>[],
  { widths, width }: { readonly widths: readonly number[]; readonly width: number },
): FittedRow {
  const isName = (i: number) => columns[i]!.isName === true;
  const isTooLong = row.some((cell, i) => isName(i) && displayWidth(cell) > widths[i]!);
  if (!isTooLong) return { names: [], cells: row.map((cell, i) => wrap(cell, widths[i]!)) };
  const names = row.filter((_, i) => isName(i));
  const line = names.join('  ');
  return {
    names: displayWidth(line) <= width ? [line] : names,
    cells: row.map((cell, i) => (isName(i) ? [''] : wrap(cell, widths[i]!))),
  };
}
