import type { Column, Table } from './table.ts';
import { displayWidth, wrap } from './text.ts';

export interface TerminalOptions {
  /** ANSI colours; false gives plain text. */
  readonly color: boolean;
  /** Columns of the terminal; 80 when absent. */
  readonly width?: number;
}

/** Columns that wrapping may not make narrower. */
const NARROWEST = 8;

/** Tables, one below the other, then the notes. Ends with a line break. */
export function renderTerminal(
  tables: readonly Table[],
  notes: readonly string[],
  options: TerminalOptions,
): string {
  const parts = tables.map((table) => renderTable(table, options));
  const marked = notes.flatMap((note) => indented(`note: ${note}`, options));
  if (marked.length > 0) parts.push(marked.map((line) => paint('yellow', line, options)).join('\n'));
  return `${parts.join('\n\n')}\n`;
}

/** One table with its title and footnotes. */
export function renderTable(table: Table, options: TerminalOptions): string {
  const widths = columnWidths(table, options.width ?? 80);
  const bold = (text: string) => paint('bold', text, options);
  const cells = table.rows.map((row) => row.map((cell, i) => wrap(cell, widths[i]!)));
  const lines = grid(
    table.columns,
    table.columns.map(({ head }) => [bold(head)]),
    cells,
  );
  const footnotes = table.footnotes.flatMap((note) => indented(note, options));
  const title = wrap(table.title, options.width ?? 80).map(bold);
  const headlines = (table.headlines ?? []).flatMap((line, i) => {
    const wrapped = indented(line, options);
    return i === 0 ? wrapped.map(bold) : wrapped;
  });
  return [...title, ...headlines, ...lines, ...footnotes].join('\n');
}

/** A cell, line by line. */
type Cell = readonly string[];

/** Head and rows between rules; a column is as wide as its widest line. */
function grid(
  columns: readonly Column[],
  head: readonly Cell[],
  rows: readonly (readonly Cell[])[],
): string[] {
  const widths = head.map((cell, i) =>
    Math.max(1, ...[cell, ...rows.map((row) => row[i]!)].flat().map(displayWidth)),
  );
  const rule = '─'.repeat(widths.reduce((sum, width) => sum + width, columns.length - 1));
  const linesOf = (cells: readonly Cell[]): string[] =>
    Array.from({ length: Math.max(...cells.map(({ length }) => length)) }, (_, n) =>
      cells
        .map((cell, i) => aligned(cell[n] ?? '', widths[i]!, columns[i]!))
        .join(' ')
        .trimEnd(),
    );
  return [rule, ...linesOf(head), rule, ...rows.flatMap(linesOf), ...(rows.length === 0 ? [] : [rule])];
}

function aligned(text: string, width: number, { align }: Column): string {
  const space = ' '.repeat(width - displayWidth(text));
  return align === 'left' ? text + space : space + text;
}

/** Natural widths, whichever text column is widest narrowed by one until the table fits: long columns share the loss. */
function columnWidths({ columns, rows }: Table, width: number): number[] {
  const widths = columns.map(({ head }, i) =>
    Math.max(displayWidth(head), ...rows.map((row) => displayWidth(row[i]!))),
  );
  for (;;) {
    const total = widths.reduce((sum, column) => sum + column, columns.length - 1);
    const widest = widestText(columns, widths);
    if (total <= width || widest === undefined) return widths;
    widths[widest] = widths[widest]! - 1;
  }
}

function widestText(columns: readonly Column[], widths: readonly number[]): number | undefined {
  const candidates = columns.flatMap((column, i) =>
    column.align === 'left' && widths[i]! > floorOf(column) ? [i] : [],
  );
  return candidates.sort((a, b) => widths[b]! - widths[a]!)[0];
}

function floorOf({ head }: Column): number {
  return Math.max(NARROWEST, displayWidth(head));
}

function indented(text: string, { width = 80 }: TerminalOptions): string[] {
  return wrap(text, width - 2).map((line, i) => (i === 0 ? line : `  ${line}`));
}

const CODES = { bold: [1, 22], yellow: [33, 39] } as const;

function paint(style: keyof typeof CODES, text: string, { color }: TerminalOptions): string {
  const [on, off] = CODES[style];
  return color ? `\x1b[${on}m${text}\x1b[${off}m` : text;
}
