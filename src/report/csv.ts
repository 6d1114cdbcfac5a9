import { findingText, isFinding, storedFinding } from '../contract/finding.ts';
import { metricRow } from '../metrics/by-id.ts';
import type { ConversationRow } from '../metrics/conversations.ts';
import type { GroupRow, Groups } from '../metrics/groups.ts';
import type { MetricRow } from '../metrics/rows.ts';
import type { Summary } from '../metrics/types.ts';
import { type AccuracyReport, COUNTS, furtherLines, type ScoreLine } from './accuracy.ts';
import type { PerformanceReport } from './performance.ts';
import { type Statistic, statistics } from './table.ts';
import { underLoadLines } from './under-load.ts';

type CsvCell = string | number | undefined;

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

function csvRow(row: MetricRow | ConversationRow, stage: string, shown: readonly Statistic[]): CsvCell[] {
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
  verdicts: readonly CsvCell[],
): CsvCell[] {
  const { low, high, method } = interval ?? {};
  return [dataset, model, metric, value, n, low, high, ...verdicts, compat, method];
}

/** RFC 4180, except that lines end with LF, as AISBench's do. A missing cell is empty. */
export function csvText(rows: readonly (readonly CsvCell[])[]): string {
  return rows.map((row) => `${row.map(csvCell).join(',')}\n`).join('');
}

function csvCell(cell: CsvCell): string {
  const text = cell === undefined ? '' : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One line per server, adapter and worker, raw numbers; undefined where the run had only one of each. */
export function groupsCsv({ servers = [], adapters = [], workers = [] }: Groups): string | undefined {
  if (servers.length + adapters.length + workers.length === 0) return undefined;
  const lines = (kind: string, rows: readonly GroupRow[]) =>
    rows.map(({ name, requests, failed, ttft, e2el, outputTokenThroughput }) => [
      kind,
      name,
      requests,
      failed,
      ttft?.median,
      ttft?.p99,
      e2el?.median,
      e2el?.p99,
      outputTokenThroughput,
    ]);
  return csvText([
    [
      'kind',
      'name',
      'requests',
      'failed',
      'ttft_median_ms',
      'ttft_p99_ms',
      'e2el_median_ms',
      'e2el_p99_ms',
      'output_tokens_per_s',
    ],
    ...lines('server', servers),
    ...lines('adapter', adapters),
    ...lines('worker', workers),
  ]);
}

/**
 * One performance report as JSON: the verdict, AISBench's keys with the raw number and its unit apart, then `summary` with
 * everything, and `definitions`, the version of the formulas.
 */
export function performanceJson(report: PerformanceReport): string {
  const { model, dataset, summary, accuracyBatchSize, memory, dialects, server, segments, workers } = report;
  const common = summary.common.map(({ name, value = null, unit, reason }) => [
    name,
    { total: value, unit, reason: reason && findingText(reason) },
  ]);
  const { definitions, validity, ...rest } = summary;
  const prefill = prefillThroughput(summary);
  return jsonText({
    ...(accuracyBatchSize === undefined
      ? { verdict: validity.verdict, reasons: validity.findings.map((one) => findingText(one)) }
      : {}),
    ...Object.fromEntries(common),
    ...(prefill === undefined ? {} : { 'Prefill Token Throughput': { total: prefill, unit: 'token/s' } }),
    definitions,
    model,
    dataset,
    memory,
    takenInAccuracyRun: accuracyBatchSize === undefined ? undefined : { batchSize: accuracyBatchSize },
    summary: { validity, ...rest },
    segments,
    workers,
    dialects,
    server: server?.summary,
  });
}

/** What AISBench's file has and our table has not: all input tokens over the sum of all TTFTs, where every answer has both. */
function prefillThroughput({ rows }: Summary): number | undefined {
  const [input, ttft] = [metricRow({ rows }, 'input_tokens'), metricRow({ rows }, 'ttft')];
  if (input?.stats === undefined || ttft?.stats === undefined || ttft.stats.average <= 0) return undefined;
  return input.n === ttft.n ? (1000 * input.stats.average) / ttft.stats.average : undefined;
}

/** Score cards as JSON, nothing rounded. */
export function accuracyJson(reports: readonly AccuracyReport[]): string {
  return jsonText(reports);
}

/** Four spaces, as AISBench's files have. Findings have their English text. */
function jsonText(value: unknown): string {
  return `${JSON.stringify(value, (_, inner: unknown) => (isFinding(inner) ? storedFinding(inner) : inner), 4)}\n`;
}
