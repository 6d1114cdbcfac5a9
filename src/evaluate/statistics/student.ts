import { incompleteBeta } from './beta.ts';
import { upperQuantile } from './upper-quantile.ts';

/** P(T > t) for t ≥ 0 of Student's distribution with `df` > 0 degrees of freedom. */
export function studentTail(t: number, df: number): number {
  const sum = df + t * t;
  return incompleteBeta(df / sum, df / 2, 0.5, (t * t) / sum) / 2;
}

/** The t with P(T ≤ t) = p, 0 < p < 1; infinite at the ends. To 1e-9 up to a million degrees of freedom. */
export function studentQuantile(p: number, df: number): number {
  const tailOf = (t: number) => studentTail(t, df);
  return p < 0.5 ? -upperQuantile(tailOf, p) : upperQuantile(tailOf, 1 - p);
}
