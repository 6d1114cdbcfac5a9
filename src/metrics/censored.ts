import { FAILED, type RequestTable } from './request-table.ts';
import { percentileOf } from './stats.ts';

/**
 * E2EL from the schedule when failed requests stay in: what failed was not answered at any time, so it lies above every
 * answer. Milliseconds; a percentile is absent where it falls among the failed.
 */
export interface CensoredLatency {
  readonly n: number;
  readonly failed: number;
  readonly median?: number;
  readonly p90?: number;
  readonly p99?: number;
}

/** Cancelled requests are in none of it. */
export function censoredLatency(table: RequestTable): CensoredLatency {
  const values: number[] = [];
  let failed = 0;
  for (let row = 0; row < table.length; row++) {
    if (table.get(row, 'outcome') === FAILED) failed++;
    const e2el = table.get(row, 'e2el');
    if (!Number.isNaN(e2el)) values.push(e2el + table.get(row, 'sent') - table.get(row, 'scheduled'));
  }
  const sorted = Float64Array.from(values).sort();
  const n = sorted.length + failed;
  const at = (rank: number) => sorted[rank] ?? Number.POSITIVE_INFINITY;
  const quantile = (p: number) => {
    const reached = Math.ceil((n - 1) * (p / 100)) < sorted.length;
    return n > 0 && reached ? percentileOf(n, at, p) : undefined;
  };
  const [median, p90, p99] = [quantile(50), quantile(90), quantile(99)];
  return {
    n,
    failed,
    ...(median === undefined ? {} : { median }),
    ...(p90 === undefined ? {} : { p90 }),
    ...(p99 === undefined ? {} : { p99 }),
  };
}
