import type { ConversationRow } from '../metrics/conversations.ts';
import type { MetricRow } from '../metrics/rows.ts';
import type { Summary } from '../metrics/types.ts';
import { type AccuracyReport, COUNTS } from './accuracy.ts';
import { STATISTICS } from './statistics.ts';

type Cell = string | number | undefined;

/**
 * The per-request table as AISBench's CSV: the same columns first, but raw numbers, and behind them columns for the unit,
 * the number of ITL gaps and the reason of an empty row. Dialogues add rows whose stage is `turn 1`, `turn 2`, … and
 * `conversation`.
 */
export function performanceCsv({ rows, conversations }: Summary): string {
  const statistics = STATISTICS.map(([head]) => head);
  const { rows: ofConversations = [], turns = [] } = conversations ?? {};
  return csvText([
    ['Performance Parameters', 'Stage', ...statistics, 'N', 'Unit', 'Gaps', 'Reason'],
    ...rows.map((row) => csvRow(row, 'total')),
    ...turns.flatMap(({ turn, rows: ofTurn }) => ofTurn.map((row) => csvRow(row, `turn ${turn}`))),
    ...ofConversations.map((row) => csvRow(row, 'conversation')),
  ]);
}

function csvRow(row: MetricRow | ConversationRow, stage: string): Cell[] {
  const { name, stats, n, unit, reason } = row;
  const gaps = 'gaps' in row ? row.gaps : undefined;
  return [name, stage, ...STATISTICS.map(([, key]) => stats?.[key]), n, unit, gaps, reason];
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
      ...counts.map((key) => card[key]),
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
