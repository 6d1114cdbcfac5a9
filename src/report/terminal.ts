import { type FittedTable, fitTable } from './fit-table.ts';
import { type Column, plainTable, type Table } from './table.ts';
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
type Cell = readonly string[];

/** Head and rows between rules; a column is as wide as its widest line. */
function grid(
  columns: readonly Column<string>[],
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

function aligned(text: string, width: number, { align }: Column<string>): string {
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
