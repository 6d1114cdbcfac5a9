/** Several models on several datasets as one table, as AISBench's summary (aisbench.md §7.2, §7.3). */
import type { ReportedInterval } from './accuracy.ts';
import { csvText } from './csv.ts';
import { nameColumn, reasonNotes, right, type Table } from './table.ts';
import { displayWidth, oneLine } from './text.ts';
import type { Text } from './words.ts';

/** What one model came to on one dataset. */
export interface MatrixResult {
  readonly model: string;
  readonly dataset: string;
  /** First six hex digits of a hash of the `infer_cfg`; `-` where it is not known. */
  readonly version: string;
  /** `gen`, `ppl`, … */
  readonly mode: string;
  /** By metric, the first one leading; percent where AISBench has percent. */
  readonly scores: Readonly<Record<string, number | string>>;
  /** By metric, how sure its number is, in the same unit; absent where nobody knows. */
  readonly intervals?: Readonly<Record<string, ReportedInterval>>;
}

interface MatrixRow {
  readonly dataset: string;
  readonly version: string;
  readonly metric: string;
  readonly mode: string;
  /** One a model; undefined: missing. */
  readonly values: readonly (number | string | undefined)[];
}

export interface Matrix {
  readonly models: readonly string[];
  readonly rows: readonly MatrixRow[];
  /** A sentence a missing cell's reason. */
  readonly missing: readonly Text[];
}

/** What stands in a cell without a value, as AISBench has it. */
export const MISSING = '-';

/** AISBench's order of metrics; others follow in the order of the results. */
const METRICS = [
  'score',
  'auc_score',
  'accuracy',
  'humaneval_pass@1',
  'rouge1',
  'avg_toxicity_score',
  'bleurt_diff',
  'matthews_correlation',
  'truth',
  'f1',
  'exact_match',
  'extract_rate',
];

/** The metrics of a dataset, in the order in which they are told. */
export function metricsOf(results: readonly MatrixResult[]): string[] {
  const found = [...new Set(results.flatMap(({ scores }) => Object.keys(scores)))];
  const rank = (metric: string) => (METRICS.indexOf(metric) + METRICS.length + 1) % (METRICS.length + 1);
  return found.sort((a, b) => rank(a) - rank(b));
}

/** What a run was to score, and how its summary is laid out. */
interface PlannedMatrix {
  readonly models: readonly string[];
  readonly datasets: readonly string[];
  /** The rows that come first: datasets, groups, or one metric of them; any other name is a heading. */
  readonly listed?: readonly ListedRow[];
  /** Datasets that have no row unless they are listed: a row of their group stands for them. */
  readonly grouped?: ReadonlySet<string>;
}

/** A dataset or group with all of its metrics, or with one. */
export type ListedRow = string | readonly [dataset: string, metric: string];

/** Every dataset's metrics against every model: those that are listed, then the others in the order in which they are first named. */
export function matrixOf(
  results: readonly MatrixResult[],
  planned: PlannedMatrix = { models: [], datasets: [] },
): Matrix {
  const { listed = [], grouped = new Set() } = planned;
  const models = [...new Set([...planned.models, ...results.map(({ model }) => model)])];
  const datasets = [...new Set([...planned.datasets, ...results.map(({ dataset }) => dataset)])];
  const named = new Set(listed.map((row) => (typeof row === 'string' ? row : row[0])));
  const first = listed.flatMap((row) => {
    const [dataset, metric] = typeof row === 'string' ? [row] : row;
    if (!datasets.includes(dataset)) return [emptyRow(dataset, metric, models)];
    const own = rowsOf(dataset, models, results);
    const chosen = metric === undefined ? own : own.filter((one) => one.metric === metric);
    return chosen.length > 0 ? chosen : [emptyRow(dataset, metric, models)];
  });
  const others = datasets.filter((dataset) => !named.has(dataset) && !grouped.has(dataset));
  const rows = [...first, ...others.flatMap((dataset) => rowsOf(dataset, models, results))];
  // What was not to be scored is not missing.
  const wanted = rows.filter(({ dataset }) => datasets.includes(dataset));
  const holes = wanted.flatMap(({ dataset, metric, values }) =>
    values.flatMap((value, n) =>
      value === undefined
        ? [{ name: oneLine(models[n]!), reason: oneLine(`no ${metric} of ${dataset}`) }]
        : [],
    ),
  );
  return { models, rows, missing: reasonNotes(holes) };
}

/** The row of a dataset that has no result, or of a heading. */
function emptyRow(dataset: string, metric: string = MISSING, models: readonly string[]): MatrixRow {
  return { dataset, version: MISSING, metric, mode: MISSING, values: models.map(() => undefined) };
}

function rowsOf(dataset: string, models: readonly string[], all: readonly MatrixResult[]): MatrixRow[] {
  const results = all.filter((result) => result.dataset === dataset);
  const of = (model: string) => results.find((result) => result.model === model);
  const metrics = metricsOf(results);
  const common = {
    dataset,
    version: results[0]?.version ?? MISSING,
    mode: new Set(results.map(({ mode }) => mode)).size > 1 ? 'mixed' : (results[0]?.mode ?? 'unknown'),
  };
  if (metrics.length === 0) return [{ ...common, metric: 'score', values: models.map(() => undefined) }];
  return metrics.map((metric) => ({
    ...common,
    metric,
    values: models.map((model) => of(model)?.scores[metric]),
  }));
}

/** Cells as text, AISBench's head and columns first. */
export function matrixCells({ models, rows }: Matrix): string[][] {
  return [
    ['dataset', 'version', 'metric', 'mode', ...models],
    ...rows.map(({ dataset, version, metric, mode, values }) => [
      dataset,
      version,
      metric,
      mode,
      ...values.map(cellText),
    ]),
  ];
}

/** One number says no more than its own line. */
export function isSingle({ models, rows }: Matrix): boolean {
  return models.length * rows.length <= 1;
}

/** Two decimals, as AISBench prints scores. */
function cellText(value: number | string | undefined): string {
  if (value === undefined) return MISSING;
  return typeof value === 'number' ? value.toFixed(2) : value;
}

/** The matrix for a terminal: as many tables as its width needs, each with some of the models. */
export function matrixTables(matrix: Matrix, width: number): Table[] {
  const [head, ...rows] = matrixCells(matrix).map((cells) => cells.map(oneLine));
  const widths = head!.map((name, n) =>
    Math.max(displayWidth(name), ...rows.map((row) => displayWidth(row[n]!))),
  );
  const parts = partsOf(widths, width);
  return parts.map((columns, part) => ({
    title: parts.length === 1 ? 'Results' : `Results, models ${part + 1} of ${parts.length}`,
    columns: [0, 1, 2, 3, ...columns].map((n) => (n < 4 ? nameColumn(head![n]!) : right(head![n]!))),
    rows: rows.map((row) => [0, 1, 2, 3, ...columns].map((n) => row[n]!)),
    footnotes: part === parts.length - 1 ? matrix.missing : [],
  }));
}

/** Columns of models, as many beside each other as fit; a single one that is too wide stands alone. */
function partsOf(widths: readonly number[], width: number): number[][] {
  const fixed = widths.slice(0, 4).reduce((sum, own) => sum + own + 1, 0);
  const parts: number[][] = [];
  let used = Number.POSITIVE_INFINITY;
  for (let n = 4; n < widths.length; n++) {
    const own = widths[n]! + 1;
    if (used + own - 1 > width) {
      parts.push([]);
      used = fixed;
    }
    parts.at(-1)!.push(n);
    used += own;
  }
  return parts;
}

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
