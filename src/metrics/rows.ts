import {
  MISSING_REASONS,
  type MissingReason,
  REQUEST_METRICS,
  type RequestMetricName,
  type Unit,
} from './definitions.ts';
import { GapPool } from './gap-pool.ts';
import type { MetricValue } from './request.ts';
import { Series, type Stats } from './stats.ts';

/** One line of the per-request table. */
export interface MetricRow {
  readonly name: RequestMetricName;
  readonly unit: Unit;
  /** Requests that have this metric. */
  readonly n: number;
  /** ITL only: how many gaps the statistics pool. */
  readonly gaps?: number;
  /** Present, and true, when percentiles are within 0.05 % instead of exact: ITL above four million gaps. */
  readonly approximate?: true;
  /** Absent when no request has this metric; `reason` then says why. */
  readonly stats?: Stats;
  readonly reason?: string;
}

/** Collects one metric over the requests of a run. */
class Column {
  readonly series = new Series();
  readonly missing = new Map<MissingReason, number>();

  push(value: MetricValue): void {
    if (typeof value === 'number') this.series.push(value);
    else this.miss(value);
  }

  miss(reason: MissingReason): void {
    this.missing.set(reason, (this.missing.get(reason) ?? 0) + 1);
  }
}

/** Collects the eight rows of the per-request table. */
export class MetricRows {
  readonly #columns = new Map<RequestMetricName, Column>();
  readonly #gaps = new GapPool();
  readonly #percentiles: readonly number[];
  #requestsWithGaps = 0;

  /** `percentiles`: those wanted beside the usual ones, 0 to 100. */
  constructor(percentiles: readonly number[] = []) {
    this.#percentiles = percentiles;
  }

  push(name: RequestMetricName, value: MetricValue): void {
    this.#column(name).push(value);
  }

  /** Adds the gaps of one request, or why it has none. */
  pushGaps(gaps: readonly number[], ifNone: MissingReason): void {
    if (gaps.length === 0) this.#column('ITL').miss(ifNone);
    else this.#requestsWithGaps++;
    for (const gap of gaps) this.#gaps.push(gap);
  }

  /** `ifEmpty` is the reason of a row that no request was asked for. */
  rows(ifEmpty: string): MetricRow[] {
    const names = Object.keys(REQUEST_METRICS) as RequestMetricName[];
    return names.map((name) => (name === 'ITL' ? this.#gapRow(ifEmpty) : this.#row(name, ifEmpty)));
  }

  #row(name: RequestMetricName, ifEmpty: string): MetricRow {
    const { series, missing } = this.#column(name);
    const head = { name, unit: REQUEST_METRICS[name], n: series.length };
    const stats = series.stats(this.#percentiles);
    return stats === undefined ? { ...head, reason: reasonText(missing, ifEmpty) } : { ...head, stats };
  }

  #gapRow(ifEmpty: string): MetricRow {
    const head = { name: 'ITL', unit: REQUEST_METRICS.ITL, n: this.#requestsWithGaps } as const;
    const stats = this.#gaps.stats(this.#percentiles);
    if (stats === undefined)
      return { ...head, gaps: 0, reason: reasonText(this.#column('ITL').missing, ifEmpty) };
    const row = { ...head, gaps: this.#gaps.length, stats };
    return this.#gaps.exact ? row : { ...row, approximate: true };
  }

  #column(name: RequestMetricName): Column {
    let column = this.#columns.get(name);
    if (column === undefined) {
      column = new Column();
      this.#columns.set(name, column);
    }
    return column;
  }
}

/** One reason as it is; several with how many requests each, the most frequent first. */
function reasonText(missing: ReadonlyMap<MissingReason, number>, ifEmpty: string): string {
  const [first, ...others] = [...missing].sort((a, b) => b[1] - a[1]);
  if (first === undefined) return ifEmpty;
  if (others.length === 0) return MISSING_REASONS[first[0]];
  return [first, ...others].map(([reason, count]) => `${MISSING_REASONS[reason]} (${count})`).join('; ');
}
