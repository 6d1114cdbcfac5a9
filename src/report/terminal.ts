import { type PlainTable, plainTable, type ReportColumn, type Table } from './table.ts';
import { displayWidth, oneLine, wrap } from './text.ts';
import { say, type Text } from './words.ts';

export interface TerminalOptions {
  /** ANSI colours; false gives plain text. */
  readonly color: boolean;
  /** Columns of the terminal; 80 when absent. */
  readonly width?: number;
}

/** Tables, one below the other, then the notes. Ends with a line break. */
export function renderTerminal(
  tables: readonly Table[],
  notes: readonly Text[],
  options: TerminalOptions,
): string {
  const parts = tables.map((table) => renderTable(table, options));
  const marked = notes.flatMap((note) => indented(`note: ${oneLine(say(note))}`, options));
  if (marked.length > 0) parts.push(marked.map((line) => paint('yellow', line, options)).join('\n'));
  return `${parts.join('\n\n')}\n`;
}

/** One table with its title and footnotes. */
export function renderTable(given: Table, options: TerminalOptions): string {
  const table = plainTable(given);
  const { width = 80 } = options;
  const fitted = fitTable(table, width);
  const bold = (text: string) => paint('bold', text, options);
  const lines = grid(
    fitted.columns,
    fitted.columns.map(({ head }) => [bold(head)]),
    fitted.rows.map(({ cells }) => cells),
  );
  const headlines = (table.headlines ?? []).flatMap((line, i) => {
    const wrapped = indented(line, options);
    return i === 0 ? wrapped.map(bold) : wrapped;
  });
  return [
    ...wrap(table.title, width).map(bold),
    ...headlines,
    ...(fitted.common.length === 0 ? [] : indented(`in every row: ${fitted.common.join(', ')}`, options)),
    ...withNames(lines, fitted.rows),
    ...table.footnotes.flatMap((note) => indented(note, options)),
  ].join('\n');
}

/** A cell, line by line. */
type CellLines = readonly string[];

/** Head and rows between rules; a column is as wide as its widest line. */
function grid(
  columns: readonly ReportColumn<string>[],
  head: readonly CellLines[],
  rows: readonly (readonly CellLines[])[],
): string[] {
  const widths = head.map((cell, i) =>
    Math.max(1, ...[cell, ...rows.map((row) => row[i]!)].flat().map(displayWidth)),
  );
  const rule = '─'.repeat(widths.reduce((sum, width) => sum + width, columns.length - 1));
  const linesOf = (cells: readonly CellLines[]): string[] =>
    Array.from({ length: Math.max(...cells.map(({ length }) => length)) }, (_, n) =>
      cells
        .map((cell, i) => aligned(cell[n] ?? '', widths[i]!, columns[i]!))
        .join(' ')
        .trimEnd(),
    );
  return [rule, ...linesOf(head), rule, ...rows.flatMap(linesOf), ...(rows.length === 0 ? [] : [rule])];
}

function aligned(text: string, width: number, { align }: ReportColumn<string>): string {
  const space = ' '.repeat(width - displayWidth(text));
  return align === 'left' ? text + space : space + text;
}

/** Rule, heads and rule stand above the rows. */
const LINES_ABOVE = 3;

/** Names that have a line of their own stand above their row. */
function withNames(lines: readonly string[], rows: FittedTable['rows']): string[] {
  const all = lines.slice(0, LINES_ABOVE);
  let next = LINES_ABOVE;
  for (const { names, cells } of rows) {
    const end = next + Math.max(...cells.map((own) => own.length));
    all.push(...names, ...lines.slice(next, end));
    next = end;
  }
  return [...all, ...lines.slice(next)];
}

function indented(text: string, { width = 80 }: TerminalOptions): string[] {
  return wrap(text, width - 2).map((line, i) => (i === 0 ? line : `  ${line}`));
}

const CODES = { bold: [1, 22], yellow: [33, 39] } as const;

function paint(style: keyof typeof CODES, text: string, { color }: TerminalOptions): string {
  const [on, off] = CODES[style];
  return color ? `\x1b[${on}m${text}\x1b[${off}m` : text;
}

interface FittedTable {
  /** What every row would say, said once. */
  readonly common: readonly string[];
  readonly columns: readonly ReportColumn<string>[];
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
function fitTable(table: PlainTable, width: number): FittedTable {
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

function naturalWidths(
  columns: readonly ReportColumn<string>[],
  rows: readonly (readonly string[])[],
): number[] {
  return columns.map(({ head }, i) =>
    Math.max(displayWidth(head), ...rows.map((row) => displayWidth(row[i]!))),
  );
}

/** With a space between two. */
function totalOf(widths: readonly number[]): number {
  return widths.reduce((sum, own) => sum + own, widths.length - 1);
}

/** Whichever text is widest is narrowed by one until the table fits, so long columns share the loss; names come last. */
function narrowed(
  columns: readonly ReportColumn<string>[],
  natural: readonly number[],
  width: number,
): number[] {
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
  columns: readonly ReportColumn<string>[],
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
