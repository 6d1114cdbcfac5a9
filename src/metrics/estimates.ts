/** A number of one run and how sure it is, from the requests of that run alone. */
import { percentileOf } from './stats.ts';

export interface Estimate {
  /** In the unit of its metric. */
  readonly value: number;
  /** Values that it is made of. */
  readonly n: number;
  /**
   * Where the true value ends on either side, `z` standard errors away from what was measured, z ≥ 0: infinite where the values
   * are too few to bound it.
   */
  ends(z: number): { readonly low: number; readonly high: number };
  /**
   * By how much each request moved the number, in standard errors of it, under the request's key: the sum of the products over
   * the requests of two runs is the correlation of their numbers.
   */
  readonly influence?: ReadonlyMap<string, number> | undefined;
  /** Values that are needed for both ends to be there at z; 0 where any number is enough. */
  fewest?(z: number): number;
  /** Standard deviation of a single value where the number is larger or smaller by `effect`, if that changes it. */
  spread?(effect: number): number;
  /** Estimated from so many independent parts, where they are few: Student's distribution has the right z then. */
  readonly degrees?: number;
}

/** Values in the order of time, each with the key of its request. */
export interface TimedValues {
  readonly keys: readonly string[];
  readonly values: Float64Array;
}

/**
 * A percentile (0..100) with the ends of R. S. Woodruff (1952): how sure the share of values below it is says at which ranks the
 * ends stand. No density is estimated and no distribution assumed; the second term is the skewness of a binomial count.
 */
export function percentileEstimate({ keys, values }: TimedValues, sorted: Float64Array, p: number): Estimate {
  const n = values.length;
  const valueAt = (rank: number) => sorted[rank]!;
  const value = percentileOf(n, valueAt, p);
  const share = p / 100;
  const residuals = centred(values.map((one) => below(one, value)));
  // The share below a percentile is known; only how far from independent the values are is not.
  const worth = n / designEffect(residuals);
  const error = Math.sqrt((share * (1 - share)) / worth);
  return {
    value,
    n,
    ends: (z) => rankEnds(n, valueAt, p, error, z),
    fewest: (z) => fewestFor(share, z) * (n / worth),
    influence: influenceOf(keys, residuals),
    degrees: worth - 1,
  };
}

/** Gaps of one request: how many, and how many of them lie below each percentile of all. */
export interface GapShares {
  readonly keys: readonly string[];
  readonly counts: Float64Array;
  /** The same length; ties with the percentile count by half. */
  readonly below: Float64Array;
}

/** A percentile of all gaps of a run: gaps of one answer are one cluster, because they are far from independent. */
export function pooledEstimate(
  { keys, counts, below: under }: GapShares,
  pool: { readonly length: number; valueAt(rank: number): number },
  p: number,
): Estimate {
  const n = pool.length;
  const valueAt = (rank: number) => pool.valueAt(rank);
  // The share below is a ratio of sums over requests.
  const residuals = centred(under.map((one, i) => one - (p / 100) * counts[i]!));
  const error = Math.sqrt(varianceOfMean(residuals)) * (counts.length / n);
  return {
    value: percentileOf(n, valueAt, p),
    n: counts.length,
    ends: (z) => rankEnds(n, valueAt, p, error, z),
    influence: influenceOf(keys, residuals),
    degrees: counts.length / designEffect(residuals) - 1,
  };
}

/** `error`: standard error of the share of values below the percentile. */
function rankEnds(
  length: number,
  valueAt: (rank: number) => number,
  p: number,
  error: number,
  z: number,
): { low: number; high: number } {
  const share = p / 100;
  const skew = ((1 - 2 * share) * (z * error) ** 2) / (6 * share * (1 - share));
  const at = (place: number): number => 100 * (share + place + skew);
  const [low, high] = [at(-z * error), at(z * error)];
  return {
    low: share < z * error ? Number.NEGATIVE_INFINITY : percentileOf(length, valueAt, clamped(low)),
    high: share + z * error > 1 ? Number.POSITIVE_INFINITY : percentileOf(length, valueAt, clamped(high)),
  };
}

/** Ties count by half, so that the shares below and above a value that many have are alike. */
function below(value: number, limit: number): number {
  return value < limit ? 1 : value === limit ? 0.5 : 0;
}

/** The mean of values. */
export function meanEstimate({ keys, values }: TimedValues): Estimate {
  const n = values.length;
  const value = values.reduce((sum, one) => sum + one, 0) / n;
  const residuals = values.map((one) => one - value);
  const error = Math.sqrt(varianceOfMean(residuals));
  return {
    value,
    n,
    ends: (z) => around(value, z * error),
    influence: influenceOf(keys, residuals),
    degrees: n / designEffect(residuals) - 1,
  };
}

/** The mean of all gaps of a run, over requests as clusters. `sums`: of the gaps of each request. */
export function pooledMean(keys: readonly string[], counts: Float64Array, sums: Float64Array): Estimate {
  const total = counts.reduce((sum, one) => sum + one, 0);
  const value = sums.reduce((sum, one) => sum + one, 0) / total;
  const residuals = sums.map((sum, i) => sum - value * counts[i]!);
  const error = Math.sqrt(varianceOfMean(residuals));
  return {
    value,
    n: counts.length,
    ends: (z) => around(value, z * error * (counts.length / total)),
    influence: influenceOf(keys, residuals),
    degrees: counts.length / designEffect(residuals) - 1,
  };
}

/** A share of requests in percent, 0 to 100, by Wilson's interval with as many requests as would be as sure if independent. */
export function shareEstimate({ keys, values }: TimedValues): Estimate {
  const n = values.length;
  const share = values.reduce((sum, one) => sum + one, 0) / n;
  const residuals = values.map((one) => one - share);
  const variance = varianceOfMean(residuals);
  const worth = variance > 0 ? Math.min(n, (share * (1 - share)) / variance) : n;
  return {
    value: 100 * share,
    n,
    ends(z) {
      const square = z * z;
      const middle = (share + square / (2 * worth)) / (1 + square / worth);
      const spread = Math.sqrt((share * (1 - share)) / worth + square / (4 * worth ** 2));
      const half = (z * spread) / (1 + square / worth);
      return { low: 100 * Math.max(0, middle - half), high: 100 * Math.min(1, middle + half) };
    },
    spread: (effect) => shareSpread(share, effect / 100) * Math.sqrt(n / worth),
    influence: influenceOf(keys, residuals),
  };
}

/** In percent; of the two shares that lie `effect` away the one that varies more. */
function shareSpread(share: number, effect: number): number {
  const shares = [share - effect, share + effect].map((one) => Math.min(1, Math.max(0, one)));
  return 100 * Math.sqrt(Math.max(...shares.map((one) => one * (1 - one))));
}

/** Parts of equal time that a run is cut into, to see how a rate varies within it: few, so that each holds many ends. */
const PARTS = { fewest: 5, most: 20, ends: 30 };
const FEWEST_ENDS = 25;

/**
 * What happened a second: the amount over the duration, with the variance between equal parts of the run (batch means), because
 * ends of requests that shared a batch come together. Undefined where there are too few to cut. Times in milliseconds.
 */
export function rateEstimate(
  amounts: readonly { readonly at: number; readonly amount: number }[],
  from: number,
  to: number,
): Estimate | undefined {
  const n = amounts.length;
  if (!(to > from) || n < FEWEST_ENDS) return undefined;
  const count = Math.min(PARTS.most, Math.max(PARTS.fewest, Math.floor(n / PARTS.ends)));
  const parts = new Float64Array(count);
  for (const { at, amount } of amounts) {
    const part = Math.min(count - 1, Math.max(0, Math.floor(((at - from) / (to - from)) * count)));
    parts[part] = parts[part]! + amount;
  }
  const perSecond = (count * 1000) / (to - from);
  const mean = parts.reduce((sum, one) => sum + one, 0) / count;
  const squares = parts.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  const error = perSecond * Math.sqrt(squares / (count - 1) / count);
  const value = mean * perSecond;
  return { value, n, ends: (z) => around(value, z * error), degrees: count - 1 };
}

function influenceOf(
  keys: readonly string[],
  residuals: Float64Array,
): ReadonlyMap<string, number> | undefined {
  const error = Math.sqrt(varianceOfMean(residuals));
  if (!(error > 0 && Number.isFinite(error))) return undefined;
  return new Map(keys.map((key, i) => [key, residuals[i]! / (residuals.length * error)]));
}

/** share ± z √(share (1 − share) / n) lies within 0 and 1 from so many values on. */
function fewestFor(share: number, z: number): number {
  return z * z * Math.max(share / (1 - share), (1 - share) / share);
}

function clamped(percent: number): number {
  return Math.min(100, Math.max(0, percent));
}

function around(value: number, half: number): { low: number; high: number } {
  return { low: value - half, high: value + half };
}

function centred(values: Float64Array): Float64Array {
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
  return values.map((one) => one - mean);
}

/** Above so many values neighbours are added up first: the sum over lags stays short, and slow waves are what is left. */
const LONGEST_SERIES = 20_000;

/**
 * The variance of the mean of `residuals`, deviations from it in the order of time, which need not be independent: requests that
 * shared a batch or a queue fare alike. (γ₀ + 2 Σ γ_k) / n with the autocovariances summed in pairs for as long as the pairs
 * are positive and fall (C. J. Geyer, 1992, the initial monotone sequence), and never below that of independent values.
 */
export function varianceOfMean(residuals: Float64Array): number {
  const n = residuals.length;
  if (n < 2) return Number.POSITIVE_INFINITY;
  const independent = covariance(residuals, 0) / (n - 1);
  const series = condensed(residuals);
  return Math.max(independent, longRunVariance(series) / (series.length - 1));
}

/** How many times fewer independent values would be as sure, at least 1. */
export function designEffect(residuals: Float64Array): number {
  const n = residuals.length;
  const squares = residuals.reduce((sum, one) => sum + one * one, 0);
  return n < 2 || squares === 0 ? 1 : Math.max(1, (varianceOfMean(residuals) * n * (n - 1)) / squares);
}

function longRunVariance(series: Float64Array): number {
  const most = Math.floor(series.length / 4);
  let sum = -covariance(series, 0);
  let previous = Number.POSITIVE_INFINITY;
  let lag = 0;
  for (; lag < most; lag += 2) {
    const pair = Math.min(previous, covariance(series, lag) + covariance(series, lag + 1));
    if (pair <= 0) break;
    sum += 2 * pair;
    previous = pair;
  }
  // Deviations are from the mean of the same values, which takes the variance of that mean from every covariance.
  const window = Math.max(0, 2 * lag - 1);
  return Math.max(0, sum / (1 - window / series.length));
}

/** Σ r_i r_(i + lag) / n. */
function covariance(series: Float64Array, lag: number): number {
  let sum = 0;
  for (let i = lag; i < series.length; i++) sum += series[i]! * series[i - lag]!;
  return sum / series.length;
}

/** Means of neighbours: their mean is the same, their order too. */
function condensed(series: Float64Array): Float64Array {
  const size = Math.ceil(series.length / LONGEST_SERIES);
  if (size === 1) return series;
  const means = new Float64Array(Math.floor(series.length / size));
  for (let i = 0; i < means.length; i++) {
    for (let k = 0; k < size; k++) means[i] = means[i]! + series[i * size + k]! / size;
  }
  return means;
}
