import { normalCdf, normalQuantile } from '../../evaluate/statistics/distributions.ts';
import { designEffect, type Estimate, varianceOfMean } from '../../metrics/estimates.ts';

/** Two-sided level of every test, and of the intervals shown (95 %). */
export const ALPHA = 0.05;
/** Share of true changes that the number of requests that is called for would find. */
export const POWER = 0.9;

/** `ratio`: a change in percent of the first run's number; `points`: of numbers that are percentages, their difference. */
export type Scale = 'ratio' | 'points';

/** What a second run has more than the first. */
export interface Difference {
  readonly scale: Scale;
  readonly before: number;
  readonly after: number;
  /** Requests or answers on each side. */
  readonly n: readonly [before: number, after: number];
  /** In percent of `before`, or in points. */
  readonly change: number;
  /** 95 % interval of the change; an end is infinite where the values are too few to bound it. */
  readonly low: number;
  readonly high: number;
  /** How probable a difference at least this large is, in either direction, where there is none; 1 where it cannot be told. */
  readonly p: number;
  needed: Needed;
}

/**
 * Requests a side with which a true change of `effect` (percent or points, not 0) would be found significant at `alpha` in 9 of
 * 10 comparisons. Where the values are too few to tell their spread it is a lower bound: so many are needed to see it at all.
 */
type Needed = (effect: number, alpha: number) => { readonly n: number; readonly isBound: boolean };

/**
 * The difference of two estimates by the square-and-add rule on their ends (G. Y. Zou, 2007, with the correlation of pairs), of
 * ratios on the scale of logarithms. Its p-value is where the interval's end would touch no change. Undefined for a ratio of
 * numbers that are not both positive.
 */
export function differenceOf(before: Estimate, after: Estimate, scale: Scale): Difference | undefined {
  if (scale === 'ratio' && !(before.value > 0 && after.value > 0)) return undefined;
  const correlation = correlationOf(before, after);
  const [one, other] = [scaled(before, scale), scaled(after, scale)];
  const shift = other.value - one.value;
  const bound = (z: number, side: -1 | 1): number => {
    const [up, down] = side < 0 ? [one, other] : [other, one];
    const [a, b] = [up.above(z), down.below(z)];
    if (!Number.isFinite(a) || !Number.isFinite(b)) return side * Number.POSITIVE_INFINITY;
    return shift + side * Math.sqrt(Math.max(0, a * a + b * b - 2 * correlation * a * b));
  };
  const z = normalQuantile(1 - ALPHA / 2);
  return {
    scale,
    before: before.value,
    after: after.value,
    n: [before.n, after.n],
    change: unscaled(shift, scale),
    low: unscaled(bound(z, -1), scale),
    high: unscaled(bound(z, 1), scale),
    p: pValue(shift, bound),
    needed: (effect, alpha) => neededFor({ one, other, correlation }, logOf(effect, scale), alpha),
  };
}

/** An estimate on the scale on which it is compared. */
interface Scaled {
  readonly n: number;
  readonly value: number;
  /** How far above and below the value the ends are at z. */
  above(z: number): number;
  below(z: number): number;
  fewest(z: number): number;
  /** Standard deviation of a single value, where an effect changes it. */
  readonly spread?: ((effect: number) => number) | undefined;
}

function scaled({ value, n, ends, degrees, fewest = () => 2, spread }: Estimate, scale: Scale): Scaled {
  const map =
    scale === 'ratio' ? (x: number) => (x > 0 ? Math.log(x) : Number.NEGATIVE_INFINITY) : (x: number) => x;
  const quantile = studentised(degrees);
  return {
    n,
    value: map(value),
    above: (z) => Math.max(0, map(ends(quantile(z)).high) - map(value)),
    below: (z) => Math.max(0, map(value) - map(ends(quantile(z)).low)),
    fewest,
    spread,
  };
}

/** The quantile of Student's distribution that leaves as much outside as z does of the normal one (R. A. Fisher's expansion). */
function studentised(degrees: number | undefined): (z: number) => number {
  if (degrees === undefined) return (z) => z;
  const v = Math.max(2, degrees);
  return (z) => z + (z ** 3 + z) / (4 * v) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * v * v);
}

/** Beyond, a p-value is below 1e-15. */
const FARTHEST = 8;

function pValue(shift: number, bound: (z: number, side: -1 | 1) => number): number {
  if (shift === 0) return 1;
  const side = shift > 0 ? -1 : 1;
  const excludes = (z: number) => bound(z, side) * side < 0;
  if (excludes(FARTHEST)) return 2 * normalCdf(-FARTHEST);
  let [low, high] = [0, FARTHEST];
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if (excludes(middle)) low = middle;
    else high = middle;
  }
  return 2 * normalCdf(-low);
}

/** Half widths are looked at where the values bound them: few values bound a far percentile at small z only. */
const LOOKED_AT = [1.96, 1.28, 0.67];

function neededFor(
  { one, other, correlation }: { one: Scaled; other: Scaled; correlation: number },
  effect: number,
  alpha: number,
): ReturnType<Needed> {
  const level = normalQuantile(1 - alpha / 2);
  const fewest = Math.ceil(Math.max(one.fewest(level), other.fewest(level)));
  const z = LOOKED_AT.find((at) =>
    [one, other].every((side) => Number.isFinite(side.above(at) + side.below(at))),
  );
  if (z === undefined) return { n: fewest, isBound: true };
  const errorOf = (side: Scaled) =>
    side.spread?.(effect) ?? (Math.sqrt(side.n) * (side.above(z) + side.below(z))) / (2 * z);
  const [a, b] = [errorOf(one), errorOf(other)];
  const variance = a * a + b * b - 2 * correlation * a * b;
  const n = Math.ceil(variance * ((level + normalQuantile(POWER)) / effect) ** 2);
  return { n: Math.max(fewest, n), isBound: false };
}

/** Share of the requests of both runs that must be the same ones for pairs to be looked at. */
const PAIRED = 0.9;

/**
 * How alike two runs fared on the same requests, 0 to 1: from the variance of the difference of what each request did to either
 * number, so that what both runs went through at the same time, such as a first burst, counts too.
 */
function correlationOf({ influence: one }: Estimate, { influence: other }: Estimate): number {
  if (one === undefined || other === undefined) return 0;
  const differences: number[] = [];
  for (const [key, value] of one) {
    const paired = other.get(key);
    if (paired !== undefined) differences.push(value - paired);
  }
  const n = differences.length;
  if (n < Math.max(2, PAIRED * Math.max(one.size, other.size))) return 0;
  const series = Float64Array.from(differences);
  // Both sums have variance 1: that of their difference is 2 − 2 ρ. It is estimated from few independent values, so it is taken
  // for larger by three of its standard errors: only what runs clearly have in common makes a difference surer.
  const doubt = 1 + 3 * Math.sqrt(designEffect(series) / n);
  const variance = n * n * varianceOfMean(series) * doubt;
  return Math.min(0.99, Math.max(0, 1 - variance / 2));
}

function unscaled(shift: number, scale: Scale): number {
  return scale === 'ratio' ? 100 * Math.expm1(shift) : shift;
}

function logOf(effect: number, scale: Scale): number {
  return scale === 'ratio' ? Math.log1p(Math.abs(effect) / 100) : Math.abs(effect);
}
