/** 95 % intervals: what the statistics of a run say of the service, and how many values a percentile needs. */
import { percentileOf, type Series } from './stats.ts';

/** An end is absent where the values are too few to bound it. */
export interface MetricInterval {
  readonly low?: number;
  readonly high?: number;
}

/** 95 % intervals of one row, in its unit. */
export interface Intervals {
  readonly average: MetricInterval;
  readonly median: MetricInterval;
  readonly p90: MetricInterval;
  readonly p99: MetricInterval;
}

/** Each end may be wrong with this probability. */
const TAIL = 0.025;
/** The normal quantile of `1 - TAIL`. */
const Z = 1.959964;

/** Up to here the binomial distribution is summed; above, its normal limit differs by less than a rank or two. */
const EXACT_BINOMIAL_LIMIT = 5000;

/** The intervals of a series; undefined when it is empty. */
export function intervalsOf(series: Series): Intervals | undefined {
  const values = series.sorted();
  if (values.length === 0) return undefined;
  const at = (p: number) => quantileInterval(values.length, (rank) => values[rank]!, p);
  return { average: averageInterval(series), median: at(50), p90: at(90), p99: at(99) };
}

/**
 * Mean ± 1.96 · s / √n_eff, with n_eff = n (1 − ρ) / (1 + ρ) and ρ the correlation of neighbours: values that come one after
 * another from a busy server are not independent.
 */
export function averageInterval(series: Series): MetricInterval {
  const n = series.length;
  if (n < 2) return {};
  const correlation = Math.min(0.999, series.autocorrelation);
  const independent = Math.max(1, (n * (1 - correlation)) / (1 + correlation));
  const mean = series.sum / n;
  const half = Z * Math.sqrt(series.variance / independent);
  const values = series.sorted();
  // Where neighbours are nearly alike the interval is wide; no mean lies outside of the values.
  return { low: Math.max(values[0]!, mean - half), high: Math.min(values.at(-1)!, mean + half) };
}

/** Order statistics between which the p-th percentile (0..100) lies with 95 %: no assumption about the distribution. */
export function quantileInterval(
  length: number,
  valueAt: (rank: number) => number,
  p: number,
): MetricInterval {
  const share = p / 100;
  const { below, above } = binomialBounds(length, share);
  return {
    ...(below < 1 ? {} : { low: valueAt(below - 1) }),
    ...(above > length ? {} : { high: valueAt(above - 1) }),
  };
}

/**
 * Ranks, counted from 1, of the order statistics that bound the quantile: the largest with P(B < below) ≤ 2.5 % and the smallest with
 * P(B ≥ above) ≤ 2.5 %, where B ~ Binomial(n, share) counts the values under the quantile.
 */
function binomialBounds(n: number, share: number): { below: number; above: number } {
  if (n > EXACT_BINOMIAL_LIMIT) {
    const half = Z * Math.sqrt(n * share * (1 - share));
    return { below: Math.floor(n * share - half), above: Math.ceil(n * share + half) + 1 };
  }
  let below = 0;
  let cumulative = 0;
  let logTerm = n * Math.log1p(-share);
  for (let k = 0; k <= n; k++) {
    cumulative += Math.exp(logTerm);
    if (cumulative <= TAIL) below = k + 1;
    if (1 - cumulative <= TAIL) return { below, above: k + 1 };
    logTerm += Math.log((n - k) / (k + 1)) + Math.log(share / (1 - share));
  }
  return { below, above: n + 1 };
}

/** How many values the p-th percentile (0..100) needs, that its 95 % interval may have an upper end: P99 368, P99.9 3688. */
export function valuesNeeded(p: number): number {
  return Math.ceil(Math.log(TAIL) / Math.log(p / 100));
}

/** A percentile far in the tail, or how many values it would need. */
export interface TailPercentile {
  readonly p: number;
  readonly value?: number;
  readonly needed?: number;
}

/** The percentile of `length` ordered values; refused when they are too few to say anything of it. */
export function tailPercentile(length: number, valueAt: (rank: number) => number, p: number): TailPercentile {
  const needed = valuesNeeded(p);
  return length < needed ? { p, needed } : { p, value: percentileOf(length, valueAt, p) };
}

/** The 95 % interval of a share (Wilson), 0..1. */
export function shareInterval(successes: number, n: number): MetricInterval {
  if (n === 0) return {};
  const share = successes / n;
  const middle = (share + (Z * Z) / (2 * n)) / (1 + (Z * Z) / n);
  const half = (Z / (1 + (Z * Z) / n)) * Math.sqrt((share * (1 - share)) / n + (Z * Z) / (4 * n * n));
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
