import type { Summary } from '../metrics/types.ts';
import type { AccuracyReport } from './accuracy.ts';
import type { PerformanceReport } from './performance.ts';

/**
 * One performance report as JSON: the verdict, AISBench's keys with the raw number and its unit apart, then `summary` with
 * everything, and `definitions`, the version of the formulas.
 */
export function performanceJson(report: PerformanceReport): string {
  const { model, dataset, summary, accuracyBatchSize, memory, dialects, server, segments, workers } = report;
  const common = summary.common.map(({ name, value = null, unit, reason }) => [
    name,
    { total: value, unit, reason },
  ]);
  const { definitions, validity, ...rest } = summary;
  const prefill = prefillThroughput(summary);
  return jsonText({
    ...(accuracyBatchSize === undefined ? { verdict: validity.verdict, reasons: validity.reasons } : {}),
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
  const stats = (wanted: string) => rows.find(({ name }) => name === wanted)?.stats;
  const [input, ttft] = [stats('InputTokens'), stats('TTFT')];
  if (input === undefined || ttft === undefined || ttft.average <= 0) return undefined;
  const counts = rows.filter(({ name }) => name === 'InputTokens' || name === 'TTFT').map(({ n }) => n);
  return counts[0] === counts[1] ? (1000 * input.average) / ttft.average : undefined;
}

/** Score cards as JSON, nothing rounded. */
export function accuracyJson(reports: readonly AccuracyReport[]): string {
  return jsonText(reports);
}

/** Four spaces, as AISBench's files have. */
function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 4)}\n`;
}
