/** Statistics that tell one process of arrivals from another. */

export const gapsOf = (arrivals: readonly number[]) => arrivals.map((at, n) => at - (arrivals[n - 1] ?? 0));

export const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

export function variance(values: readonly number[]): number {
  const middle = mean(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
}

/** Variance over mean of the counts in windows of so many milliseconds, from 0: 1 for Poisson, give or take √(2 / windows). */
export function dispersion(arrivals: readonly number[], windowMs: number): number {
  const windows = windowsIn(arrivals, windowMs);
  const counts = new Array<number>(windows).fill(0);
  for (const at of arrivals) if (at < windows * windowMs) counts[Math.floor(at / windowMs)]! += 1;
  return variance(counts) / mean(counts);
}

/** Whole windows up to the last arrival. */
export function windowsIn(arrivals: readonly number[], windowMs: number): number {
  return Math.floor(arrivals.at(-1)! / windowMs);
}

/** Largest distance between the values' distribution and the exponential of mean 1, times √n: above 1.63 once in 100. */
export function kolmogorov(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const distances = sorted.map((value, n) => {
    const expected = 1 - Math.exp(-value);
    return Math.max(expected - n / sorted.length, (n + 1) / sorted.length - expected);
  });
  return Math.max(...distances) * Math.sqrt(sorted.length);
}

/** Of neighbours; 0 where the next value does not depend on this one. */
export function autocorrelation(values: readonly number[]): number {
  const middle = mean(values);
  const products = values.slice(1).map((value, n) => (value - middle) * (values[n]! - middle));
  return products.reduce((sum, product) => sum + product, 0) / (variance(values) * (values.length - 1));
}
