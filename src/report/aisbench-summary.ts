/** AISBench's summary files: `summary_<time>.txt`, `.csv` and `.md`, to the letter of what its users' scripts read. */
import { csvText } from './csv.ts';
import { type Matrix, type MatrixResult, matrixCells } from './matrix.ts';
import { displayWidth } from './text.ts';

const BEGIN = '^'.repeat(128);
const END = '$'.repeat(128);
const DIVIDER = `${'-'.repeat(128)} THIS IS A DIVIDER ${'-'.repeat(128)}`;

/** The table as AISBench's CSV. */
export function summaryCsv(matrix: Matrix): string {
  return csvText(matrixCells(matrix));
}

/** The table as AISBench's Markdown. */
export function summaryMarkdown(matrix: Matrix): string {
  const [head, ...rows] = matrixCells(matrix).map((cells) =>
    cells.map((cell) => cell.replaceAll('|', '\\|')),
  );
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  return `${line(head!)}|${head!.map(() => '-----').join(' | ')}|\n${rows.map(line).join('')}`;
}

/** The text file: the table in three forms, then every model's results. `time`: the stamp of the run. */
export function summaryText(time: string, matrix: Matrix, results: readonly MatrixResult[]): string {
  const section = (name: string, body: string) => `${name} format\n${BEGIN}\n${body}\n${END}\n`;
  return [
    `${time}\n`,
    section('tabulate', columnsOf(matrix)),
    `\n${DIVIDER}\n\n`,
    section('csv', summaryCsv(matrix).trimEnd()),
    '\n',
    section('markdown', summaryMarkdown(matrix)),
    `${DIVIDER}\n\n`,
    section('raw', rawOf(matrix.models, results)),
  ].join('');
}

/** As the package tabulate draws it: two spaces between columns, two more behind a head, numbers to the right. */
function columnsOf(matrix: Matrix): string {
  const [head, ...rows] = matrixCells(matrix);
  const widths = head!.map((name, n) =>
    Math.max(displayWidth(name) + 2, ...rows.map((row) => displayWidth(row[n]!))),
  );
  const pad = (cells: readonly string[]) =>
    cells
      .map((cell, n) => {
        const space = ' '.repeat(widths[n]! - displayWidth(cell));
        return n < 4 ? cell + space : space + cell;
      })
      .join('  ')
      .trimEnd();
  return [pad(head!), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(pad)].join('\n');
}

function rawOf(models: readonly string[], results: readonly MatrixResult[]): string {
  return models
    .map((model) => {
      const own = results.filter((result) => result.model === model);
      const lines = own.map(
        ({ dataset, scores, mode }) => `${dataset}: ${pythonDict({ ...scores, type: mode.toUpperCase() })}`,
      );
      return ['-------------------------------', `Model: ${model}`, ...lines].join('\n');
    })
    .join('\n');
}

/** As Python prints a dict of numbers and texts. */
function pythonDict(values: Readonly<Record<string, number | string>>): string {
  const text = (value: string) => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const number = (value: number) => (Number.isInteger(value) ? `${value}.0` : String(value));
  const entries = Object.entries(values).map(
    ([key, value]) => `${text(key)}: ${typeof value === 'number' ? number(value) : text(value)}`,
  );
  return `{${entries.join(', ')}}`;
}
