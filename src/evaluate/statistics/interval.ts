import { Z95 } from './normal.ts';
import { studentQuantile } from './student.ts';

/** How an interval was made: the words of the reports. */
type IntervalMethod =
  | 'Wilson'
  | 'Wilson, clustered'
  | 't'
  | 't, clustered'
  | 'bootstrap, clustered'
  | 'from the parts';

/** A 95 % interval in the unit of its number: percentages, or the points of a sum of them. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  /** 0.95. */
  readonly level: number;
  readonly method: IntervalMethod;
  /** How many independent groups the answers fall into, where they are fewer than the answers. */
  readonly clusters?: number;
}

/** Of every interval: two-sided. */
export const LEVEL = 0.95;

/** Wilson's score interval of a proportion, in percent (E. B. Wilson, 1927); `n` is at least 1. */
export function wilson(correct: number, n: number): Interval {
  return { ...wilsonEnds(correct / n, n, Z95), level: LEVEL, method: 'Wilson' };
}

/** Ends in percent for a share (0..1) of `n` answers, which need not be a whole number; `quantile` of the two-sided level. */
export function wilsonEnds(share: number, n: number, quantile: number): Pick<Interval, 'low' | 'high'> {
  const square = quantile ** 2;
  const centre = share + square / (2 * n);
  const half = quantile * Math.sqrt((share * (1 - share)) / n + square / (4 * n ** 2));
  const scale = 1 + square / n;
  return {
    low: share <= 0 ? 0 : (100 * (centre - half)) / scale,
    high: share >= 1 ? 100 : (100 * (centre + half)) / scale,
  };
}

const quantiles = new Map<number, number>();

/** Two-sided 95 % quantile of Student's distribution, for what was estimated from so many independent values. */
export function quantileFor(values: number): number {
  const quantile = quantiles.get(values) ?? studentQuantile((1 + LEVEL) / 2, values - 1);
  quantiles.set(values, quantile);
  return quantile;
}
