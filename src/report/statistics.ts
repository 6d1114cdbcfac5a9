import type { Stats } from '../metrics/stats.ts';

/** Statistics in AISBench's order and words. */
export const STATISTICS: readonly (readonly [head: string, key: keyof Stats])[] = [
  ['Average', 'average'],
  ['Min', 'min'],
  ['Max', 'max'],
  ['Median', 'median'],
  ['P75', 'p75'],
  ['P90', 'p90'],
  ['P99', 'p99'],
];
