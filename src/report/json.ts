import { findingText, isFinding, storedFinding } from '../contract/finding.ts';
import { metricRow } from '../metrics/by-id.ts';
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
