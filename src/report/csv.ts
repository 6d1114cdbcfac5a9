import type { ConversationRow } from '../metrics/conversations.ts';
import type { MetricRow } from '../metrics/rows.ts';
import type { Summary } from '../metrics/types.ts';
import { type AccuracyReport, COUNTS } from './accuracy.ts';
import { type Statistic, statistics } from './statistics.ts';

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
  return [name, stage, ...shown.map((statistic) => stats && statistic.of(stats)), n, unit, gaps, reason];
}

/** One line a score card, raw numbers. */
export function accuracyCsv(reports: readonly AccuracyReport[]): string {
  const counts = COUNTS.map(([, key]) => key);
  return csvText([
    ['dataset', 'model', 'metric', 'value', 'n', 'low', 'high', ...counts, 'aisbench_value'],
    ...reports.map(({ dataset, model, card, compatValue }) => [
      dataset,
      model,
      card.metric,
      card.value,
      card.n,
      card.interval?.low,
      card.interval?.high,
      ...counts.map((key) => card[key] ?? 0),
      compatValue,
    ]),
  ]);
}

/** RFC 4180, except that lines end with LF, as AISBench's do. A missing cell is empty. */
export function csvText(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map(csvCell).join(',')}\n`).join('');
}

function csvCell(cell: Cell): string {
  const text = cell === undefined ? '' : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
