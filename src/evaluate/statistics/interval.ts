import { studentQuantile, Z95 } from './distributions.ts';

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

/** One of the numbers that another is made of. */
interface CombinedPart {
  readonly value: number;
  readonly interval: Pick<Interval, 'low' | 'high'>;
  /** How much the whole grows when this one grows by 1. */
  readonly slope: number;
}

/**
 * The interval of a number made of independent parts, out of their intervals alone: each end is as far away as the parts' ends
 * on that side, added in squares (G. Y. Zou and A. Donner, 2008). Of a weighted mean it is exact in that method; of other numbers it
 * takes the slopes for straight lines.
 */
export function combinedInterval(value: number, parts: readonly CombinedPart[]): Interval {
  const distance = (side: 'low' | 'high') => {
    const other = side === 'low' ? 'high' : 'low';
    const squares = parts.map(({ value: own, interval, slope }) => {
      const end = interval[slope >= 0 ? side : other];
      return (slope * (end - own)) ** 2;
    });
    return Math.sqrt(squares.reduce((sum, square) => sum + square, 0));
  };
  return {
    low: value - distance('low'),
    high: value + distance('high'),
    level: LEVEL,
    method: 'from the parts',
  };
}
