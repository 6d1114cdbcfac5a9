import { type Finding, finding } from '../contract/finding.ts';
import {
  COMMON_IDS,
  COMMON_METRICS,
  type CommonMetricId,
  type CommonMetricName,
  type MetricUnit,
} from './definitions.ts';
import type { Timeline } from './timeline.ts';
import type { TokenSources } from './token-sources.ts';

/** One line of the common table: one value of the whole run. */
export interface CommonMetric {
  readonly id: CommonMetricId;
  readonly name: CommonMetricName;
  readonly value: number | undefined;
  readonly unit: MetricUnit;
  /** Why there is no value. */
  readonly reason?: Finding;
}

export interface CommonInput {
  readonly timeline: Timeline;
  readonly successes: number;
  readonly failures: number;
  readonly concurrency: number;
  readonly input: TokenSources;
  readonly output: TokenSources;
}

type CommonValue = number | undefined;

/** The common metrics of a run, in AISBench's order. */
export function commonMetrics(run: CommonInput): CommonMetric[] {
  const { timeline, successes, failures } = run;
  const { duration } = timeline;
  const perSecond = (amount: CommonValue): CommonValue =>
    amount === undefined || !duration || duration <= 0 ? undefined : (amount * 1000) / duration;
  const input = run.input.total;
  const output = run.output.total;
  const values: Record<CommonMetricName, CommonValue> = {
    'Benchmark Duration': duration,
    'Total Requests': successes + failures,
    'Failed Requests': failures,
    'Success Requests': successes,
    Concurrency: timeline.meanConcurrency(),
    'Max Concurrency': run.concurrency,
    'Peak Concurrency': timeline.peakConcurrency(),
    'Request Throughput': perSecond(successes),
    'Total Input Tokens': input,
    'Total Generated Tokens': output,
    'Input Token Throughput': perSecond(input),
    'Output Token Throughput': perSecond(output),
    'Total Token Throughput': perSecond(
      input === undefined || output === undefined ? undefined : input + output,
    ),
  };
  const names = Object.keys(COMMON_METRICS) as CommonMetricName[];
  return names.map((name) => {
    const metric = { id: COMMON_IDS[name], name, value: values[name], unit: COMMON_METRICS[name] };
    return metric.value === undefined ? { ...metric, reason: reasonFor(name, run) } : metric;
  });
}

/** Whose tokens a metric adds up. */
const SIDES: Readonly<Partial<Record<CommonMetricName, readonly ('input' | 'output')[]>>> = {
  'Total Input Tokens': ['input'],
  'Input Token Throughput': ['input'],
  'Total Generated Tokens': ['output'],
  'Output Token Throughput': ['output'],
  'Total Token Throughput': ['input', 'output'],
};

function reasonFor(name: CommonMetricName, { timeline, successes, input, output }: CommonInput): Finding {
  if (timeline.duration === undefined) return finding('NOTHING-SENT', {});
  const isOfTokens = COMMON_METRICS[name].startsWith('token');
  if (isOfTokens && successes === 0) return finding('NO-SUCCESS', {});
  if (!isOfTokens || timeline.duration <= 0) return finding('NO-TIME', {});
  const sides = SIDES[name]!.map((side) => ({ input, output })[side]);
  const isUnread = sides.some(({ total, unread }) => total === undefined && unread !== undefined);
  return finding(isUnread ? 'USAGE-NOT-READ' : 'TOKENS-NOT-COUNTED', {});
}
