import CliTable from 'cli-table3';
import { type FittedTable, fitTable } from './fit-table.ts';
import type { Table } from './table.ts';
import { wrap } from './text.ts';

export interface TerminalOptions {
  /** ANSI colours; false gives plain text. */
  readonly color: boolean;
  /** Columns of the terminal; 80 when absent. */
  readonly width?: number;
}

const RULES_ONLY = {
  top: '─',
  'top-mid': '─',
  'top-left': '',
  'top-right': '',
  bottom: '─',
  'bottom-mid': '─',
  'bottom-left': '',
  'bottom-right': '',
  mid: '─',
  'mid-mid': '─',
  'left-mid': '',
  'right-mid': '',
  left: '',
  right: '',
  middle: ' ',
};

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
  const { width = 80 } = options;
  const fitted = fitTable(table, width);
  const bold = (text: string) => paint('bold', text, options);
  const drawn = new CliTable({
    head: fitted.columns.map(({ head }) => bold(head)),
    colAligns: fitted.columns.map(({ align }) => align),
    chars: RULES_ONLY,
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 0 },
  });
  for (const { cells } of fitted.rows) drawn.push(cells.map((lines) => lines.join('\n')));
  const lines = drawn
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
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
