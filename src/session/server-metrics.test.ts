import { expect, it } from 'vitest';
import { summarizeServerMetrics, type TimedReading } from '../scrape/summary.ts';
import { countedHitRate } from './server-metrics.ts';

const reading = (at: number, phase: 'before' | 'after', more: object): TimedReading =>
  ({ at, phase, backend: 'vllm', counters: {}, gauges: {}, histograms: {}, ...more }) as TimedReading;
const rateOf = (before: object, after: object) =>
  countedHitRate(summarizeServerMetrics([reading(0, 'before', before), reading(1, 'after', after)])!);

it('is what was looked up during the load', () => {
  const counters = (prefixQueries: number, prefixHits: number) => ({
    counters: { prefixQueries, prefixHits },
  });
  expect(rateOf(counters(100, 90), counters(300, 140))).toBe(0.25);
  expect(rateOf(counters(100, 90), counters(100, 90))).toBeUndefined();
});

it('is not the rate of a service’s whole life', () => {
  expect(rateOf({}, { gauges: { prefixHitRate: 0.3 } })).toBeUndefined();
});
