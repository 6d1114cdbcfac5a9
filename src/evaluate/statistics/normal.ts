import { upperQuantile } from './upper-quantile.ts';

/** P(Z ≤ x) of the standard normal distribution. */
export function normalCdf(x: number): number {
  return x < 0 ? normalTail(-x) : 1 - normalTail(x);
}

/** The x with P(Z ≤ x) = p, 0 < p < 1; infinite at the ends. */
export function normalQuantile(p: number): number {
  return p < 0.5 ? -upperQuantile(normalTail, p) : upperQuantile(normalTail, 1 - p);
}

/** Two-sided 95 % quantile of the standard normal distribution. */
export const Z95 = 1.959963984540054;

/** P(Z > x) for x ≥ 0: a series near the middle, a continued fraction in the tail, where the series would cancel out. */
function normalTail(x: number): number {
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  return x < 3 ? 0.5 - density * series(x) : density * millsRatio(x);
}

/** x + x³/3 + x⁵/(3·5) + … (G. Marsaglia, 2004). */
function series(x: number): number {
  let term = x;
  let sum = x;
  for (let odd = 3; ; odd += 2) {
    term *= (x * x) / odd;
    if (sum + term === sum) return sum;
    sum += term;
  }
}

/** 1/(x + 1/(x + 2/(x + 3/(x + …)))), from the inside; so many levels are enough from 3 on. */
function millsRatio(x: number): number {
  let inner = x;
  for (let level = 100; level >= 1; level--) inner = x + level / inner;
  return 1 / inner;
}
