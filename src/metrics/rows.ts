import { type Finding, finding } from '../contract/finding.ts';
import {
  FURTHER_METRICS,
  type FurtherMetricName,
  METRIC_IDS,
  type MetricId,
  type MetricUnit,
  MISSING_REASONS,
  type MissingReason,
  REQUEST_METRICS,
  type RequestMetricName,
} from './definitions.ts';
import { GapPool } from './gap-pool.ts';
import { type Intervals, intervalsOf, type TailPercentile, tailPercentile } from './intervals.ts';
import { type AtOnce, StreamTally } from './payload.ts';
import type { MetricValue } from './request.ts';
import { Series, type Stats } from './stats.ts';

export type RowName = RequestMetricName | FurtherMetricName;

/** The far tail that every row is asked for. */
const TAIL_P = 99.9;

/** One line of the per-request table. */
export interface MetricRow {
  readonly id: MetricId;
  readonly name: RowName;
  readonly unit: MetricUnit;
  /** Requests that have this metric. */
  readonly n: number;
  /** ITL and Token ITL only: how many values the statistics pool. */
  readonly gaps?: number;
  /** Present, and true, when percentiles are within 0.05 % instead of exact: above ten million pooled values. */
  readonly approximate?: true;
  /** Absent when no request has this metric; `reason` then says why. */
  readonly stats?: Stats;
  readonly reason?: Finding;
  /** Who counted the tokens that the metric needs: `server usage`, `told by the server (8), spread evenly (2)`. */
  readonly tokenSource?: string;
  /** 95 %; absent from pooled rows, whose values are not independent. */
  readonly intervals?: Intervals;
  /** P99.9, or how many values it needs. */
  readonly tail?: TailPercentile;
}

/** Collects one metric over the requests of a run. */
class MetricColumn {
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

/** The values of all requests in one pool. */
class PooledGaps {
  readonly gaps = new GapPool();
  requests = 0;
}

const POOLED: ReadonlySet<RowName> = new Set(['ITL', 'Token ITL']);
/** What is counted from, or up to, the first token. */
const FROM_FIRST_TOKEN: ReadonlySet<RowName> = new Set([
  'TTFT',
  'TPOT',
  'ITL',
  'PrefillTokenThroughput',
  'Response TTFT',
  'TTFAT',
  'Token ITL',
  'Largest Gap',
  'Fluidity',
  'DecodeTokenThroughput',
]);
const UNITS: Readonly<Record<RowName, MetricUnit>> = { ...REQUEST_METRICS, ...FURTHER_METRICS };

/** Collects the rows of the per-request table: AISBench's eight, and ours behind them. */
export class MetricRows {
  readonly #columns = new Map<RowName, MetricColumn>();
  readonly #pools = new Map<RowName, PooledGaps>();
  readonly #percentiles: readonly number[];
  readonly #streams = new StreamTally();

  /** `percentiles`: those wanted beside the usual ones, 0 to 100. */
  constructor(percentiles: readonly number[] = []) {
    this.#percentiles = percentiles;
  }

  /** Counts a streamed answer: where most came at one instant, the few others give no time to a first token either. */
  addStream(came: AtOnce | undefined): void {
    this.#streams.add(came);
  }

  push(name: RowName, value: MetricValue): void {
    this.#column(name).push(value);
  }

  /** Takes note that a request has no values of a pooled metric. */
  miss(name: RowName, reason: MissingReason): void {
    this.#column(name).miss(reason);
  }

  /** A request whose values follow: where to put each, and how many times it was seen. */
  pool(name: RowName): (value: number, times?: number) => void {
    let pool = this.#pools.get(name);
    if (pool === undefined) {
      pool = new PooledGaps();
      this.#pools.set(name, pool);
    }
    pool.requests++;
    const { gaps } = pool;
    return (value, times) => gaps.push(value, times);
  }

  /** Returns AISBench's eight. `ifEmpty` is the reason of a row without any request. */
  rows(ifEmpty: Finding): MetricRow[] {
    return this.#all(Object.keys(REQUEST_METRICS) as RowName[], ifEmpty);
  }

  /** Returns ours. */
  further(ifEmpty: Finding): MetricRow[] {
    return this.#all(Object.keys(FURTHER_METRICS) as RowName[], ifEmpty);
  }

  #all(names: readonly RowName[], ifEmpty: Finding): MetricRow[] {
    return names.map((name) => {
      const row = POOLED.has(name) ? this.#pooledRow(name, ifEmpty) : this.#row(name, ifEmpty);
      return FROM_FIRST_TOKEN.has(name) ? this.#withoutFew(row) : row;
    });
  }

  /** The row without the values of the few answers that came apart, where most came at one instant. */
  #withoutFew(row: MetricRow): MetricRow {
    const { mostly, atOnce } = this.#streams;
    if (mostly === undefined || row.stats === undefined) return row;
    const { id, name, unit, gaps } = row;
    const reason = finding(MISSING_REASONS[mostly], { count: atOnce });
    return { id, name, unit, n: 0, ...(gaps === undefined ? {} : { gaps: 0 }), reason };
  }

  #row(name: RowName, ifEmpty: Finding): MetricRow {
    const { series, missing } = this.#column(name);
    const head = { id: METRIC_IDS[name], name, unit: UNITS[name], n: series.length };
    const stats = series.stats(this.#percentiles);
    if (stats === undefined) return { ...head, reason: reasonOf(missing, ifEmpty) };
    const sorted = series.sorted();
    const tail = tailPercentile(sorted.length, (rank) => sorted[rank]!, TAIL_P);
    return { ...head, stats, intervals: intervalsOf(series)!, tail };
  }

  #pooledRow(name: RowName, ifEmpty: Finding): MetricRow {
    const { gaps, requests } = this.#pools.get(name) ?? new PooledGaps();
    const head = { id: METRIC_IDS[name], name, unit: UNITS[name], n: requests };
    const stats = gaps.stats(this.#percentiles);
    if (stats === undefined)
      return { ...head, gaps: 0, reason: reasonOf(this.#column(name).missing, ifEmpty) };
    const tail = tailPercentile(gaps.length, (rank) => gaps.valueAt(rank), TAIL_P);
    const row = { ...head, gaps: gaps.length, stats, tail };
    return gaps.exact ? row : { ...row, approximate: true };
  }

  #column(name: RowName): MetricColumn {
    let column = this.#columns.get(name);
    if (column === undefined) {
      column = new MetricColumn();
      this.#columns.set(name, column);
    }
    return column;
  }
}

/** One reason as it is; several with how many requests each, the most frequent first. */
function reasonOf(missing: ReadonlyMap<MissingReason, number>, ifEmpty: Finding): Finding {
  const [first, ...others] = [...missing].sort((a, b) => b[1] - a[1]);
  if (first === undefined) return ifEmpty;
  if (others.length === 0) return finding(MISSING_REASONS[first[0]], {});
  const reasons = [first, ...others].map(([reason, count]) => finding(MISSING_REASONS[reason], { count }));
  return finding('SEVERAL-REASONS', { reasons });
}
