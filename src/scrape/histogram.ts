/** Quantiles of what a histogram gained between two readings. */
import type { HistogramReading } from './reading.ts';

/** Times in ms. Quantiles are as exact as the server's buckets are narrow. */
export interface GainedHistogram {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  /** Largest finite bound of the server: a quantile that equals it may be larger in truth. */
  readonly limit: number;
}

/** What was observed since `before`. Undefined where the buckets are others, or fewer were counted than before. */
export function differenceOf(
  before: HistogramReading | undefined,
  after: HistogramReading,
): HistogramReading | undefined {
  if (before === undefined) return after;
  const isSame =
    before.bounds.length === after.bounds.length && before.bounds.every((b, i) => b === after.bounds[i]);
  if (!isSame) return undefined;
  const counts = after.counts.map((count, i) => count - before.counts[i]!);
  if (counts.some((count) => count < 0)) return undefined;
  return { bounds: after.bounds, counts, sum: after.sum - before.sum };
}

/** Undefined where nothing was observed. */
export function spreadOf(histogram: HistogramReading): GainedHistogram | undefined {
  const { bounds, counts, sum } = histogram;
  const count = counts.at(-1) ?? 0;
  if (count <= 0) return undefined;
  const at = (share: number) => quantileOf(histogram, share);
  return { count, mean: sum / count, p50: at(0.5), p90: at(0.9), p99: at(0.99), limit: bounds.at(-1) ?? 0 };
}

/** As Prometheus does it: even inside a bucket, from 0 in the first; the last finite bound for what lies beyond it. */
export function quantileOf({ bounds, counts }: HistogramReading, share: number): number {
  const rank = share * counts.at(-1)!;
  const bucket = counts.findIndex((count) => count >= rank);
  const upper = bounds[bucket];
  if (upper === undefined) return bounds.at(-1) ?? 0;
  const lower = bucket === 0 ? Math.min(0, upper) : bounds[bucket - 1]!;
  const below = bucket === 0 ? 0 : counts[bucket - 1]!;
  const inBucket = counts[bucket]! - below;
  return inBucket === 0 ? upper : lower + ((upper - lower) * (rank - below)) / inBucket;
}
