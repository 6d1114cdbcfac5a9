/** What a server did during a run: differences of its counters, quantiles of what its histograms gained, curves. */
import {
  type BackendName,
  COUNTERS,
  type CounterName,
  type GaugeName,
  HISTOGRAMS,
  type HistogramName,
} from './backends.ts';
import type { HistogramReading, MetricsReading } from './reading.ts';

/** When a reading was taken, relative to the load. */
export type ScrapePhase = 'before' | 'during' | 'after';

/** A reading and when it was taken, ms on the run's clock. */
export interface TimedReading extends MetricsReading {
  readonly at: number;
  readonly phase: ScrapePhase;
}

/** A value, or why there is none. */
export type Known = { readonly value: number } | { readonly reason: string };

/** A gauge over time. */
export interface Curve {
  readonly points: readonly (readonly [at: number, value: number])[];
  readonly min: number;
  /** Over time: each value holds until the next reading. */
  readonly mean: number;
  readonly max: number;
}

/** A server's numbers over one run. */
export interface ServerMetricsSummary {
  readonly backend: BackendName;
  /** ms on the run's clock. */
  readonly from: number;
  readonly to: number;
  readonly readings: number;
  /** Counted between the first and the last reading. */
  readonly counted: Partial<Record<CounterName, number>>;
  readonly histograms: Partial<Record<HistogramName, GainedHistogram>>;
  readonly curves: Partial<Record<GaugeName, Curve>>;
  /** Share 0…1 of the prompt tokens that the prefix cache served. */
  readonly prefixHitRate: Known;
  readonly speculation: Speculation;
}

/** Speculative decoding (AISBench §6.7). */
interface Speculation {
  /** Accepted of drafted tokens, 0…1. */
  readonly acceptanceRate: Known;
  /** Tokens a step: 1 + accepted tokens a draft. */
  readonly acceptanceLength: Known;
  /** Share of the drafts whose token at this place, from 0, was accepted. */
  readonly byPosition: readonly number[];
}

const RESTARTED = 'the server was restarted during the run';

/** Undefined where there are not both a reading before and one after. Readings in order of time. */
export function summarizeServerMetrics(readings: readonly TimedReading[]): ServerMetricsSummary | undefined {
  const before = readings.findLast(({ phase }) => phase === 'before') ?? readings[0];
  const after = readings.at(-1);
  if (before === undefined || after === undefined || before === after) return undefined;
  const restarted = COUNTERS.some((name) => (after.counters[name] ?? 0) < (before.counters[name] ?? 0));
  const counted = restarted ? {} : gained(before, after);
  return {
    backend: after.backend,
    from: before.at,
    to: after.at,
    readings: readings.length,
    counted,
    histograms: restarted ? {} : gainedHistograms(before, after),
    curves: makeCurves(busyPart(readings)),
    prefixHitRate: restarted ? { reason: RESTARTED } : prefixHitRate(counted, after),
    speculation: restarted
      ? { acceptanceRate: { reason: RESTARTED }, acceptanceLength: { reason: RESTARTED }, byPosition: [] }
      : speculation(counted, before, after),
  };
}

function gained(before: MetricsReading, after: MetricsReading): Partial<Record<CounterName, number>> {
  // A server may show a counter only after its first count.
  const entries = COUNTERS.flatMap((name) => {
    const value = after.counters[name];
    return value === undefined ? [] : [[name, value - (before.counters[name] ?? 0)] as const];
  });
  return Object.fromEntries(entries);
}

function gainedHistograms(
  before: MetricsReading,
  after: MetricsReading,
): Partial<Record<HistogramName, GainedHistogram>> {
  const entries = HISTOGRAMS.flatMap((name) => {
    const end = after.histograms[name];
    const gain = end && subtractHistogram(before.histograms[name], end);
    const spread = gain && summarizeHistogram(gain);
    return spread === undefined ? [] : [[name, spread] as const];
  });
  return Object.fromEntries(entries);
}

/** From the last idle reading before the load to the first idle one after it: load workers take seconds to start. */
function busyPart(readings: readonly TimedReading[]): readonly TimedReading[] {
  const isBusy = ({ gauges }: TimedReading) => (gauges.running ?? 0) + (gauges.waiting ?? 0) > 0;
  const [first, last] = [readings.findIndex(isBusy), readings.findLastIndex(isBusy)];
  return first === -1 ? readings : readings.slice(Math.max(0, first - 1), last + 2);
}

function makeCurves(readings: readonly TimedReading[]): Partial<Record<GaugeName, Curve>> {
  const names: readonly GaugeName[] = ['running', 'waiting', 'kvCache'];
  const entries = names.flatMap((name) => {
    const points = readings.flatMap(({ at, gauges }) => {
      const value = gauges[name];
      return value === undefined ? [] : [[at, value] as const];
    });
    return points.length === 0 ? [] : [[name, makeCurve(points)] as const];
  });
  return Object.fromEntries(entries);
}

function makeCurve(points: Curve['points']): Curve {
  const values = points.map(([, value]) => value);
  const span = points.at(-1)![0] - points[0]![0];
  const area = points.slice(1).reduce((sum, [at], i) => sum + points[i]![1] * (at - points[i]![0]), 0);
  const mean = span > 0 ? area / span : values.reduce((sum, value) => sum + value, 0) / values.length;
  return { points, min: Math.min(...values), mean, max: Math.max(...values) };
}

function prefixHitRate(counted: Partial<Record<CounterName, number>>, after: MetricsReading): Known {
  const { prefixQueries, prefixHits = 0 } = counted;
  if (prefixQueries !== undefined) {
    if (prefixQueries > 0) return { value: prefixHits / prefixQueries };
    return { reason: 'no prompt was looked up in the prefix cache' };
  }
  const rate = after.gauges.prefixHitRate;
  return rate === undefined ? { reason: 'the server does not report it' } : { value: rate };
}

function speculation(
  { drafts = 0, draftTokens, acceptedTokens = 0 }: Partial<Record<CounterName, number>>,
  before: MetricsReading,
  after: MetricsReading,
): Speculation {
  const none = (reason: string) => ({
    acceptanceRate: { reason },
    acceptanceLength: { reason },
    byPosition: [],
  });
  if (draftTokens === undefined) return none('the server does not report what it drafts');
  if (draftTokens === 0) return none('nothing was drafted');
  const reason = 'the server does not count its drafts';
  const positions = (after.acceptedByPosition ?? []).map(
    (count, i) => (count - (before.acceptedByPosition?.[i] ?? 0)) / drafts,
  );
  return {
    acceptanceRate: { value: acceptedTokens / draftTokens },
    acceptanceLength: drafts > 0 ? { value: 1 + acceptedTokens / drafts } : { reason },
    byPosition: drafts > 0 ? positions : [],
  };
}

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
export function subtractHistogram(
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
export function summarizeHistogram(histogram: HistogramReading): GainedHistogram | undefined {
  const { bounds, counts, sum } = histogram;
  const count = counts.at(-1) ?? 0;
  if (count <= 0) return undefined;
  const at = (share: number) => computeQuantile(histogram, share);
  return { count, mean: sum / count, p50: at(0.5), p90: at(0.9), p99: at(0.99), limit: bounds.at(-1) ?? 0 };
}

/** As Prometheus does it: even inside a bucket, from 0 in the first; the last finite bound for what lies beyond it. */
export function computeQuantile({ bounds, counts }: HistogramReading, share: number): number {
  const rank = share * counts.at(-1)!;
  const bucket = counts.findIndex((count) => count >= rank);
  const upper = bounds[bucket];
  if (upper === undefined) return bounds.at(-1) ?? 0;
  const lower = bucket === 0 ? Math.min(0, upper) : bounds[bucket - 1]!;
  const below = bucket === 0 ? 0 : counts[bucket - 1]!;
  const inBucket = counts[bucket]! - below;
  return inBucket === 0 ? upper : lower + ((upper - lower) * (rank - below)) / inBucket;
}
