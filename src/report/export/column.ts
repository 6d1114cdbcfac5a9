import { csvText } from '../csv.ts';

export type CellValue = string | number | boolean | Date;

/** `int64` is a whole number; `timestamp` a UTC instant to the millisecond. */
export type ColumnType = 'string' | 'int64' | 'double' | 'boolean' | 'timestamp';

/** A column of an exported table as data: what writes files, and the table of `docs/export.md`, come from here. */
export interface ExportColumn<Row> {
  /** Ends with its unit where it has one. */
  readonly name: string;
  readonly type: ColumnType;
  readonly meaning: string;
  /** Undefined where the row has none: an empty cell, a null. */
  readonly of: (row: Row) => CellValue | undefined;
}

/** The line of names. */
export function csvHead<Row>(columns: readonly ExportColumn<Row>[]): string {
  return csvText([columns.map(({ name }) => name)]);
}

/** Lines of rows: numbers as they are, instants as ISO 8601, nothing where there is nothing. */
export function csvRows<Row>(columns: readonly ExportColumn<Row>[], rows: readonly Row[]): string {
  return csvText(rows.map((row) => columns.map(({ of }) => cellOf(of(row)))));
}

function cellOf(value: CellValue | undefined): string | number | undefined {
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'boolean' ? String(value) : value;
}
