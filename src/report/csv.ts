import type { Summary } from '../metrics/types.ts';
import { type AccuracyReport, COUNTS } from './accuracy.ts';
import { STATISTICS } from './performance.ts';

type Cell = string | number | undefined;

/**
 * The per-request table as AISBench's CSV: the same columns first, but raw numbers, and behind them columns for the unit,
 * the number of ITL gaps and the reason of an empty row.
 */
export function performanceCsv({ rows }: Summary): string {
  const statistics = STATISTICS.map(([head]) => head);
  return csvText([
    ['Performance Parameters', 'Stage', ...statistics, 'N', 'Unit', 'Gaps', 'Reason'],
    ...rows.map(({ name, stats, n, unit, gaps, reason }) => [
      name,
      'total',
      ...STATISTICS.map(([, key]) => stats?.[key]),
      n,
      unit,
      gaps,
      reason,
    ]),
  ]);
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
