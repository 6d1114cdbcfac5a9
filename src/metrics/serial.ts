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
