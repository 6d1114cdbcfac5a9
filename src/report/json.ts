import type { AccuracyReport } from './accuracy.ts';
import type { PerformanceReport } from './performance.ts';

/**
 * One performance report as JSON: the verdict, AISBench's keys with the raw number and its unit apart, then `summary` with
 * everything, and `definitions`, the version of the formulas.
 */
export function performanceJson(report: PerformanceReport): string {
  const { model, dataset, summary, accuracyBatchSize, memory, dialects, server, segments } = report;
  const common = summary.common.map(({ name, value = null, unit, reason }) => [
    name,
    { total: value, unit, reason },
  ]);
  const { definitions, validity, ...rest } = summary;
  return jsonText({
    ...(accuracyBatchSize === undefined ? { verdict: validity.verdict, reasons: validity.reasons } : {}),
    ...Object.fromEntries(common),
    definitions,
    model,
    dataset,
    memory,
    takenInAccuracyRun: accuracyBatchSize === undefined ? undefined : { batchSize: accuracyBatchSize },
    summary: { validity, ...rest },
    segments,
    dialects,
    server: server?.summary,
  });
}

/** Score cards as JSON, nothing rounded. */
export function accuracyJson(reports: readonly AccuracyReport[]): string {
  return jsonText(reports);
}

/** Four spaces, as AISBench's files have. */
function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 4)}\n`;
}
