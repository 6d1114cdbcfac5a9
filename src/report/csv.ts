import { findingText } from '../contract/finding.ts';
import type { ConversationRow } from '../metrics/conversations.ts';
import type { MetricRow } from '../metrics/rows.ts';
import type { Summary } from '../metrics/types.ts';
import { type AccuracyReport, COUNTS, furtherLines, type ScoreLine } from './accuracy.ts';
import { type Statistic, statistics } from './statistics.ts';
import { underLoadLines } from './under-load.ts';

type Cell = string | number | undefined;

/**
 * The per-request table as AISBench's CSV: the same columns first, but raw numbers, and behind them columns for the unit,
 * the number of pooled gaps and the reason of an empty row. Our own metrics follow AISBench's eight. Dialogues add rows whose stage is `turn 1`, `turn 2`, … and
 * `conversation`.
 */
export function performanceCsv({ rows, further, conversations, statistics: names }: Summary): string {
  const shown = statistics(names);
  const { rows: ofConversations = [], turns = [] } = conversations ?? {};
  return csvText([
    ['Performance Parameters', 'Stage', ...shown.map(({ head }) => head), 'N', 'Unit', 'Gaps', 'Reason'],
    ...[...rows, ...further].map((row) => csvRow(row, 'total', shown)),
    ...turns.flatMap(({ turn, rows: ofTurn }) => ofTurn.map((row) => csvRow(row, `turn ${turn}`, shown))),
    ...ofConversations.map((row) => csvRow(row, 'conversation', shown)),
  ]);
}

function csvRow(row: MetricRow | ConversationRow, stage: string, shown: readonly Statistic[]): Cell[] {
  const { name, stats, n, unit, reason } = row;
  const gaps = 'gaps' in row ? row.gaps : undefined;
  return [
    name,
    stage,
    ...shown.map((statistic) => stats && statistic.of(stats)),
    n,
    unit,
    gaps,
    reason && findingText(reason),
  ];
}

/** One line a number, the headlines with their counts; nothing is rounded. */
export function accuracyCsv(reports: readonly AccuracyReport[]): string {
  const counts = COUNTS.map(([, key]) => key);
  return csvText([
    ['dataset', 'model', 'metric', 'value', 'n', 'low', 'high', ...counts, 'aisbench_value', 'interval'],
    ...reports.flatMap((report) => {
      const { dataset, model, card, compatValue } = report;
      const { metric, value, n, interval } = card;
      const verdicts = counts.map((key) => card[key] ?? 0);
      return [
        scoreCells({ dataset, model, metric, value, n, interval, compat: compatValue }, verdicts),
        ...[...furtherLines(report), ...underLoadLines(report)].map((line) =>
          scoreCells(
            line,
            counts.map(() => undefined),
          ),
        ),
      ];
    }),
  ]);
}

function scoreCells(
  {
    dataset,
    model,
    metric,
    value,
    n,
    interval,
    compat,
  }: { readonly [key in keyof ScoreLine]?: ScoreLine[key] | undefined },
  verdicts: readonly Cell[],
): Cell[] {
  const { low, high, method } = interval ?? {};
  return [dataset, model, metric, value, n, low, high, ...verdicts, compat, method];
}

/** RFC 4180, except that lines end with LF, as AISBench's do. A missing cell is empty. */
export function csvText(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map(csvCell).join(',')}\n`).join('');
}

function csvCell(cell: Cell): string {
  const text = cell === undefined ? '' : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
