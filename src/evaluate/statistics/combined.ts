import { type Interval, LEVEL } from './interval.ts';

/** One of the numbers that another is made of. */
interface Part {
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
export function combinedInterval(value: number, parts: readonly Part[]): Interval {
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
