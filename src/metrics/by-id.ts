/** Values of a summary by the id of their metric. */
import type { CommonMetric } from './common.ts';
import type { CommonMetricId, MetricId } from './definitions.ts';
import type { MetricRow } from './rows.ts';
import type { Stats } from './stats.ts';

/** Returns one value of the whole run. */
export function commonValue(
  { common }: { readonly common: readonly CommonMetric[] },
  id: CommonMetricId,
): number | undefined {
  return common.find((metric) => metric.id === id)?.value;
}

interface Rows {
  readonly rows: readonly MetricRow[];
  readonly further?: readonly MetricRow[];
}

/** Returns a row of the per-request tables. */
export function metricRow({ rows, further = [] }: Rows, id: MetricId): MetricRow | undefined {
  return rows.find((row) => row.id === id) ?? further.find((row) => row.id === id);
}

/** Returns the statistics of a row. */
export function metricStats(summary: Rows, id: MetricId): Stats | undefined {
  return metricRow(summary, id)?.stats;
}
