/** How a signal of a run moves: where its ramp ends, and whether it drifts. */

/** Batches whose means are laid on a line. */
const BATCHES = 10;
/** The earliest cut whose error is within 10 % of the smallest: noise alone must not cost half of a run. */
const TOLERANCE = 1.1;

export interface Trend {
  readonly signal: 'concurrency' | 'TTFT' | 'throughput';
  /** Change over the whole stretch as a share of the mean: slope × length / mean. */
  readonly change: number;
  /** Slope / its standard error. */
  readonly t: number;
}

/**
 * How many values to leave out at the beginning: the cut that makes the standard error of the mean of the rest smallest (MSER,
 * White 1997), looked for in the first half.
 */
export function steadyCut(values: readonly number[]): number {
  const n = values.length;
  const errors: number[] = [];
  let sum = 0;
  let squares = 0;
  for (let from = n - 1; from >= 0; from--) {
    sum += values[from]!;
    squares += values[from]! ** 2;
    const length = n - from;
    // A sum of squares loses its last digits to the mean's square: what is left below them is no variance.
    const spread = squares - (sum * sum) / length;
    if (from <= n / 2) errors[from] = spread < 1e-12 * squares ? 0 : spread / length ** 2;
  }
  const smallest = Math.min(...errors);
  return Math.max(
    0,
    errors.findIndex((error) => error <= TOLERANCE * smallest),
  );
}

/** Least squares through the means of ten equal batches. */
export function trendOf(signal: Trend['signal'], values: readonly number[]): Trend {
  const batches = batchMeans(values);
  const n = batches.length;
  const mean = batches.reduce((sum, value) => sum + value, 0) / n;
  const middle = (n - 1) / 2;
  const spread = batches.reduce((sum, _, i) => sum + (i - middle) ** 2, 0);
  const slope = batches.reduce((sum, value, i) => sum + (i - middle) * (value - mean), 0) / spread;
  const residual = batches.reduce((sum, value, i) => sum + (value - mean - slope * (i - middle)) ** 2, 0);
  const error = Math.sqrt(residual / (n - 2) / spread);
  if (mean === 0 || slope === 0) return { signal, change: 0, t: 0 };
  return { signal, change: (slope * n) / mean, t: slope / Math.max(error, 1e-12 * Math.abs(slope)) };
}

function batchMeans(values: readonly number[]): number[] {
  return Array.from({ length: BATCHES }, (_, batch) => {
    const [from, to] = [batch, batch + 1].map((edge) => Math.floor((edge * values.length) / BATCHES));
    const part = values.slice(from, to);
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
}
