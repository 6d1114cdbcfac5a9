/** What a run came to as metric families: base units, one set of labels a task. `docs/export.md` lists them. */
import { commonValue, metricRow } from '../../metrics/by-id.ts';
import type { CommonMetricId, MetricId } from '../../metrics/definitions.ts';
import type { Stats } from '../../metrics/stats.ts';
import { VERDICTS } from '../../metrics/validity.ts';
import { COUNTS, furtherLines } from '../accuracy.ts';
import type { ExportedTask } from './task.ts';

/** A value of a task with its further labels; undefined where the task has none. */
interface FamilyReading {
  readonly labels?: Labels;
  readonly value: number | undefined;
}

interface FamilySpec extends Omit<MetricFamily, 'samples' | 'type'> {
  readonly type: 'counter' | 'gauge';
  readonly of: (task: ExportedTask) => readonly FamilyReading[];
}

interface SpreadSpec extends Omit<MetricFamily, 'samples' | 'type'> {
  /** Row of the per-request table. */
  readonly row: MetricId;
  /** From the row's unit to the base unit. */
  readonly scale: number;
}

const SPREADS: readonly SpreadSpec[] = [
  spread('ttft', 'ais_bench_ttft_seconds', 'Time to first token'),
  spread('tpot', 'ais_bench_tpot_seconds', 'Time per output token after the first'),
  spread('itl', 'ais_bench_itl_seconds', 'Gaps between payload events'),
  spread('e2el', 'ais_bench_e2el_seconds', 'End-to-end latency'),
  spread('response_ttft', 'ais_bench_response_ttft_seconds', 'Time to first token, from the schedule'),
  spread('response_e2el', 'ais_bench_response_e2el_seconds', 'End-to-end latency, from the schedule'),
  tokens('input_tokens', 'ais_bench_request_input_tokens', 'Input tokens of a request'),
  tokens('output_tokens', 'ais_bench_request_output_tokens', 'Output tokens of a request'),
];

const FAMILIES: readonly FamilySpec[] = [
  gauge('ais_bench_run', 'A task of a run, always 1', ({ summary, simulated }) => [
    { labels: { definitions: String(summary?.definitions ?? ''), simulated: String(simulated) }, value: 1 },
  ]),
  gauge(
    'ais_bench_validity',
    'Verdict on a load test: 1 for the one that holds',
    ({ summary, isLoadTest }) =>
      summary === undefined || !isLoadTest
        ? []
        : VERDICTS.map((verdict) => ({
            labels: { verdict },
            value: summary.validity.verdict === verdict ? 1 : 0,
          })),
  ),
  {
    ...common('ais_bench_duration_seconds', 'Length of the run', 'duration', 1e-3),
    unit: 'seconds',
  },
  counter('ais_bench_requests', 'Requests that ended', (task) => [
    { labels: { outcome: 'ok' }, value: commonOf(task, 'success_requests') },
    { labels: { outcome: 'failed' }, value: commonOf(task, 'failed_requests') },
  ]),
  counter('ais_bench_failures', 'Failed requests by kind', failureReadings),
  common('ais_bench_concurrency', 'Mean number in flight', 'concurrency'),
  common('ais_bench_concurrency_limit', 'Largest number in flight that was allowed', 'max_concurrency'),
  common('ais_bench_concurrency_peak', 'Largest number in flight', 'peak_concurrency'),
  common('ais_bench_requests_per_second', 'Request throughput', 'request_throughput'),
  { ...totalOf('ais_bench_input_tokens', 'Input tokens', 'total_input_tokens'), unit: 'tokens' },
  { ...totalOf('ais_bench_output_tokens', 'Output tokens', 'total_output_tokens'), unit: 'tokens' },
  common('ais_bench_input_tokens_per_second', 'Input token throughput', 'input_token_throughput'),
  common('ais_bench_output_tokens_per_second', 'Output token throughput', 'output_token_throughput'),
  gauge(
    'ais_bench_goodput_requests_per_second',
    'Requests a second that met every objective',
    ({ summary }) => [{ value: summary?.goodput?.perSecond }],
  ),
  ...ratios('ais_bench_score', 'Score, 1 is best', scores),
  gauge('ais_bench_correct_answers_per_second', 'Correct answers a second of the load', correctReadings),
  ...ratios('ais_bench_score_at_slo', 'Score of the answers whose requests met every objective', (task) =>
    atSlo(task, 'score'),
  ),
  ...ratios('ais_bench_met_slo', 'Share of the judged answers whose requests met every objective', (task) =>
    atSlo(task, 'met'),
  ),
  counter('ais_bench_samples', 'Judged answers by verdict', ({ accuracy }) =>
    accuracy === undefined
      ? []
      : COUNTS.map(([, verdict]) => ({ labels: { verdict }, value: accuracy.card[verdict] ?? 0 })),
  ),
];

/** Every family of these tasks. */
export function metricFamilies(tasks: readonly ExportedTask[]): MetricFamily[] {
  return [
    ...FAMILIES.map(({ of, ...family }) => ({
      ...family,
      samples: tasks.flatMap((task) =>
        of(task).flatMap(({ labels, value }) =>
          value === undefined
            ? []
            : [
                {
                  suffix: family.type === 'counter' ? ('_total' as const) : ('' as const),
                  labels: { ...labelsOf(task), ...labels },
                  value,
                },
              ],
        ),
      ),
    })),
    ...SPREADS.map(({ row, scale, ...family }) => ({
      ...family,
      type: 'summary' as const,
      samples: tasks.flatMap((task) => spreadSamples(task, row, scale)),
    })),
  ];
}

function labelsOf({ run, model, dataset }: ExportedTask): Labels {
  return { run, model, dataset };
}

function spreadSamples(task: ExportedTask, id: MetricId, scale: number): MetricFamily['samples'] {
  const row = task.summary && metricRow(task.summary, id);
  if (row?.stats === undefined) return [];
  const { stats } = row;
  const labels = labelsOf(task);
  const count = row.gaps ?? row.n;
  return [
    ...quantilesOf(stats).map(([quantile, value]) => ({
      suffix: '' as const,
      labels: { ...labels, quantile: quantileLabel(quantile) },
      value: value * scale,
    })),
    { suffix: '_sum', labels, value: stats.average * count * scale },
    { suffix: '_count', labels, value: count },
  ];
}

function quantilesOf({ min, median, p75, p90, p99, max, others = {} }: Stats): [number, number][] {
  const known: [number, number][] = [
    [0, min],
    [0.5, median],
    [0.75, p75],
    [0.9, p90],
    [0.99, p99],
    [1, max],
    ...Object.entries(others).map(([name, value]): [number, number] => [Number(name.slice(1)) / 100, value]),
  ];
  return [...new Map(known)].sort(([a], [b]) => a - b);
}

function commonOf({ summary }: ExportedTask, id: CommonMetricId): number | undefined {
  return summary && commonValue(summary, id);
}

function failureReadings({ summary }: ExportedTask): FamilyReading[] {
  const counts = new Map<string, { labels: Labels; value: number }>();
  for (const { kind, status, count } of summary?.failures ?? []) {
    const labels = { kind, status: status === undefined ? '' : String(status) };
    const key = JSON.stringify(labels);
    counts.set(key, { labels, value: (counts.get(key)?.value ?? 0) + count });
  }
  return [...counts.values()];
}

/** A share of the judged answers, in percent. */
interface Share {
  readonly labels: Labels;
  readonly value: number;
  readonly interval?: { readonly low: number; readonly high: number } | undefined;
}

function scores({ accuracy }: ExportedTask): Share[] {
  if (accuracy === undefined) return [];
  const { metric, value, interval } = accuracy.card;
  const headline = value === undefined ? [] : [{ metric, value, interval }];
  return [...headline, ...furtherLines(accuracy)].map((line) => ({
    labels: { metric: line.metric },
    value: line.value,
    interval: line.interval,
  }));
}

function correctReadings({ accuracy }: ExportedTask): FamilyReading[] {
  const { correctPerSecond, steadyCorrectPerSecond } = accuracy?.underLoad ?? {};
  return [
    { labels: { part: 'whole' }, value: correctPerSecond },
    { labels: { part: 'steady' }, value: steadyCorrectPerSecond },
  ];
}

function atSlo({ accuracy }: ExportedTask, what: 'score' | 'met'): Share[] {
  const found = accuracy?.underLoad?.atSlo?.[what];
  if (accuracy === undefined || found === undefined) return [];
  return [{ ...found, labels: what === 'score' ? { metric: accuracy.card.metric } : {} }];
}

/** A share and the ends of its interval, each a family. */
function ratios(name: string, help: string, of: (task: ExportedTask) => readonly Share[]): FamilySpec[] {
  const family = (end: string, text: string, read: (share: Share) => number | undefined): FamilySpec => ({
    ...gauge(`${name}${end}_ratio`, text, (task) =>
      of(task).map((share) => {
        const percent = read(share);
        return { labels: share.labels, value: percent === undefined ? undefined : percent / 100 };
      }),
    ),
    unit: 'ratio',
  });
  return [
    family('', help, ({ value }) => value),
    family('_low', 'Lower end of its 95 % interval', ({ interval }) => interval?.low),
    family('_high', 'Upper end of its 95 % interval', ({ interval }) => interval?.high),
  ];
}

function spread(row: MetricId, name: string, help: string): SpreadSpec {
  return { row, name, help, unit: 'seconds', scale: 1e-3 };
}

function tokens(row: MetricId, name: string, help: string): SpreadSpec {
  return { row, name, help, unit: 'tokens', scale: 1 };
}

function gauge(name: string, help: string, of: FamilySpec['of']): FamilySpec {
  return { name, type: 'gauge', help, of };
}

function counter(name: string, help: string, of: FamilySpec['of']): FamilySpec {
  return { name, type: 'counter', help, of };
}

function common(name: string, help: string, metric: CommonMetricId, scale = 1): FamilySpec {
  return gauge(name, help, (task) => {
    const value = commonOf(task, metric);
    return [{ value: value === undefined ? undefined : value * scale }];
  });
}

function totalOf(name: string, help: string, metric: CommonMetricId): FamilySpec {
  return counter(name, help, (task) => [{ value: commonOf(task, metric) }]);
}

/** Metric families as OpenMetrics text (version 1.0); Prometheus' older text format reads the same lines. */

type Labels = Readonly<Record<string, string>>;

interface FamilySample {
  /** Behind the family's name: `_total`, `_sum`, `_count` or nothing. */
  readonly suffix: '' | '_total' | '_sum' | '_count';
  readonly labels: Labels;
  readonly value: number;
}

export interface MetricFamily {
  /** Ends with the unit where there is one; without `_total`. */
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'summary';
  /** Base unit: seconds, tokens, … */
  readonly unit?: string;
  readonly help: string;
  readonly samples: readonly FamilySample[];
}

/** Families without a sample are left out. Ends with `# EOF`. */
export function openMetricsText(families: readonly MetricFamily[]): string {
  return `${families
    .filter(({ samples }) => samples.length > 0)
    .map(familyText)
    .join('')}# EOF\n`;
}

function familyText({ name, type, unit, help, samples }: MetricFamily): string {
  const head = [
    `# HELP ${name} ${escaped(help)}`,
    `# TYPE ${name} ${type}`,
    ...(unit === undefined ? [] : [`# UNIT ${name} ${unit}`]),
  ];
  const lines = samples.map(
    ({ suffix, labels, value }) => `${name}${suffix}${labelText(labels)} ${numberText(value)}`,
  );
  return `${[...head, ...lines].join('\n')}\n`;
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(text: string): string {
  return text.replace(/[\\"\n]/g, (sign) => (sign === '\n' ? '\\n' : `\\${sign}`));
}

function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

/** The value of a `quantile` label, 0 to 1: whole numbers have a `.0`, as the format wants it. */
function quantileLabel(quantile: number): string {
  return Number.isInteger(quantile) ? quantile.toFixed(1) : String(quantile);
}
