/** The x ≥ 0 that a distribution exceeds with probability `tail`, at most ½; `tailOf(x)` falls from ½ to 0. By bisection. */
function upperQuantile(tailOf: (x: number) => number, tail: number): number {
  if (tail <= 0) return Number.POSITIVE_INFINITY;
  if (tail >= 0.5) return 0;
  let low = 0;
  let high = 1;
  for (; tailOf(high) > tail; high *= 2) low = high;
  for (;;) {
    const middle = (low + high) / 2;
    // No number lies between them any more.
    if (middle <= low || middle >= high) return middle;
    if (tailOf(middle) > tail) low = middle;
    else high = middle;
  }
}

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

/** ln Γ(z + 1) − ((z + ½) ln z − z + ½ ln 2π) for z > 0: what Stirling's formula is short of. */
function stirlingError(z: number): number {
  let sum = 0;
  let at = z;
  // The series is good from 16 on; smaller arguments are stepped up to it.
  for (; at < 16; at++) sum += (at + 0.5) * Math.log1p(1 / at) - 1;
  // 1/12z − 1/360z³ + 1/1260z⁵ − 1/1680z⁷ + 1/1188z⁹
  const inverse = 1 / (at * at);
  const series = [1 / 1188, -1 / 1680, 1 / 1260, -1 / 360, 1 / 12];
  return sum + series.reduce((inner, coefficient) => inner * inverse + coefficient, 0) / at;
}

/** x ln(x / mean) + mean − x, without the cancellation where x is near the mean (C. Loader, 2000). */
function deviance(x: number, mean: number): number {
  const ratio = (x - mean) / (x + mean);
  if (Math.abs(ratio) > 0.1) return x * Math.log(x / mean) + mean - x;
  let sum = (x - mean) * ratio;
  let power = 2 * x * ratio;
  for (let odd = 3; ; odd += 2) {
    power *= ratio * ratio;
    const next = sum + power / odd;
    if (next === sum) return sum;
    sum = next;
  }
}

/**
 * Γ(n + 1) / (Γ(k + 1) Γ(n − k + 1)) · p^k · q^(n − k), with 0 ≤ k ≤ n and q = 1 − p: of whole numbers the probability of k
 * successes in n trials. By C. Loader's saddle point, because differences of log-gammas lose digits for large n.
 */
export function binomialDensity(k: number, n: number, p: number, q: number = 1 - p): number {
  if (k === 0) return q ** n;
  if (k === n) return p ** n;
  const rest = n - k;
  if (p === 0 || q === 0) return 0;
  const correction = stirlingError(n) - stirlingError(k) - stirlingError(rest);
  const exponent = correction - deviance(k, n * p) - deviance(rest, n * q);
  return Math.exp(exponent) * Math.sqrt(n / (2 * Math.PI * k * rest));
}

/**
 * The regularised incomplete beta function I_x(a, b) of a, b > 0; `y` is 1 − x, given apart where x is so near to 1 that the
 * difference would lose its digits. By the continued fraction (NIST DLMF 8.17.22), from whichever end it converges fast.
 */
export function incompleteBeta(x: number, a: number, b: number, y: number = 1 - x): number {
  if (x <= 0) return 0;
  if (y <= 0) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - lowerBeta(y, b, a, x);
  return lowerBeta(x, a, b, y);
}

function lowerBeta(x: number, a: number, b: number, y: number): number {
  // x^a y^b / (a B(a, b)), said as a binomial probability.
  const front = (binomialDensity(a, a + b, x, y) * b) / (a + b);
  return front === 0 ? 0 : front * continuedFraction(x, a, b);
}

/** Nothing of the fraction may be 0: it would be divided by. */
const TINY = 1e-300;

/** Lentz's algorithm, with the even and the odd step of each round in turn. */
function continuedFraction(x: number, a: number, b: number): number {
  const away = (value: number) => (Math.abs(value) < TINY ? TINY : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let value = d;
  const step = (coefficient: number) => {
    d = 1 / away(1 + coefficient * d);
    c = away(1 + coefficient / c);
    value *= c * d;
  };
  for (let m = 1; ; m++) {
    step((m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)));
    step((-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)));
    // Rounding keeps the last factor a few units away from 1.
    if (Math.abs(c * d - 1) < 1e-15 || m > 100_000) return value;
  }
}

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
