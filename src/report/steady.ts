import type { CommonMetricName } from '../metrics/definitions.ts';
import type { SteadyState } from '../metrics/steady.ts';
import { plainNumber } from './numbers.ts';

/** What the column of the steady window shows, by name of the common metric; undefined when there is no steady window. */
export function steadyValues({ steady, window }: SteadyState): Readonly<Record<string, string>> | undefined {
  if (!steady || window === undefined) return undefined;
  const values: Partial<Record<CommonMetricName, number | undefined>> = {
    'Benchmark Duration': window.to - window.from,
    'Total Requests': window.requests,
    'Failed Requests': window.failed,
    'Success Requests': window.requests - window.failed,
    Concurrency: window.concurrency,
    'Request Throughput': window.requestThroughput,
    'Output Token Throughput': window.outputTokenThroughput,
  };
  const known = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known.map(([name, value]) => [name, plainNumber(value!)]));
}
