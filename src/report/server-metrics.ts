/** What a service counted about itself during the load, beside what the client saw. */
import type { Finding } from '../contract/finding.ts';
import type { BackendName, CounterName, GaugeName, HistogramName } from '../scrape/backends.ts';
import type { Curve, GainedHistogram, Known, ServerMetricsSummary } from '../scrape/summary.ts';
import { compactNumber, plainNumber } from './numbers.ts';
import { phrase } from './phrase.ts';
import { left, NO_VALUE, reasonNotes, right, type Table } from './table.ts';

export interface ServerMetricsReport {
  readonly summary: ServerMetricsSummary;
  /** Looks that failed. */
  readonly failures: number;
  /** `--spec-decode`: what is not known about drafts is said too. */
  readonly speculation: boolean;
}

const BACKEND: Readonly<Record<BackendName, string>> = {
  vllm: 'vLLM',
  tgi: 'TGI',
  triton: 'Triton',
  mindie: 'MindIE',
};

const COUNTED: Readonly<Partial<Record<CounterName, string>>> = {
  requests: 'Requests finished',
  failedRequests: 'Requests failed',
  promptTokens: 'Prompt tokens',
  generatedTokens: 'Generated tokens',
  preemptions: 'Preemptions',
};

const CURVES: Readonly<Partial<Record<GaugeName, string>>> = {
  running: 'Running requests',
  waiting: 'Waiting requests',
  kvCache: 'KV cache in use, %',
};

const TIMES: Readonly<Record<HistogramName, string>> = {
  ttft: 'TTFT, ms',
  interToken: 'Inter-token latency, ms',
  e2el: 'E2EL, ms',
  queue: 'Queue, ms',
  prefill: 'Prefill, ms',
  decode: 'Decode, ms',
};

/** What the server counted and how full it was; with `full` its own times too. */
export function serverMetricsTables(
  { summary, failures, speculation }: ServerMetricsReport,
  { full = false }: { readonly full?: boolean } = {},
): Table[] {
  const { backend, readings, curves, histograms } = summary;
  const values = [...countedRows(summary), ...shareRows(summary, speculation)];
  const known = values.filter(({ value }) => value !== undefined || speculation);
  const tables: Table[] = [
    {
      title: phrase("Server's own numbers ({server})", { server: BACKEND[backend] }),
      columns: [
        left(phrase('Server Metric')),
        ...[phrase('Value'), phrase('Min'), phrase('Mean'), phrase('Max')].map(right),
      ],
      rows: [
        ...known.map(({ name, value }) => [name, value ?? NO_VALUE, '', '', '']),
        ...named(CURVES, curves).map(([name, curve]) => curveRow(name, curve)),
      ],
      footnotes: [
        ...reasonNotes(known.flatMap(({ name, reason }) => (reason === undefined ? [] : [{ name, reason }]))),
        failures === 0
          ? phrase('{n?# reading|# readings}, from before the first request to after the last', {
              n: readings,
            })
          : phrase(
              '{n?# reading|# readings}, from before the first request to after the last, {failed} looks failed',
              { n: readings, failed: failures },
            ),
      ],
    },
  ];
  const times = named(TIMES, histograms);
  if (full && times.length > 0) tables.push(timesTable(times));
  return tables;
}

interface ValueRow {
  readonly name: string;
  readonly value?: string;
  readonly reason?: Finding;
}

function countedRows({ counted }: ServerMetricsSummary): ValueRow[] {
  const rows = named(COUNTED, counted).map(([name, value]) => ({ name, value: plainNumber(value) }));
  const { queueTime, serviceTime, requests } = counted;
  if (requests === undefined || requests <= 0) return rows;
  const mean = (name: string, total: number | undefined) =>
    total === undefined ? [] : [{ name, value: compactNumber(total / requests) }];
  return [...rows, ...mean('Queue, mean ms', queueTime), ...mean('E2EL, mean ms', serviceTime)];
}

function shareRows({ prefixHitRate, speculation }: ServerMetricsSummary, all: boolean): ValueRow[] {
  const { acceptanceRate, acceptanceLength, byPosition } = speculation;
  const rows = [known('Prefix cache hit rate, %', prefixHitRate, 100)];
  if (!all && 'reason' in acceptanceRate) return rows;
  return [
    ...rows,
    known('Draft acceptance rate, %', acceptanceRate, 100),
    known('Acceptance length, tokens', acceptanceLength, 1),
    ...byPosition.map((share, i) => known(`Accepted at position ${i}, %`, { value: share }, 100)),
  ];
}

function known(name: string, what: Known, scale: number): ValueRow {
  return 'value' in what ? { name, value: compactNumber(what.value * scale) } : { name, reason: what.reason };
}

function curveRow(name: string, { min, mean, max }: Curve): string[] {
  const scale = name.endsWith('%') ? 100 : 1;
  return [name, '', ...[min, mean, max].map((value) => compactNumber(value * scale))];
}

function timesTable(times: readonly (readonly [string, GainedHistogram])[]): Table {
  const beyond = times.filter(([, { p99, limit }]) => p99 >= limit).map(([name]) => name);
  return {
    title: phrase("Server's own times"),
    columns: [
      left(phrase('Server Metric')),
      right(phrase('Mean')),
      right('P50'),
      right('P90'),
      right('P99'),
      right('N'),
    ],
    rows: times.map(([name, { mean, p50, p90, p99, count }]) => [
      name,
      ...[mean, p50, p90, p99, count].map(compactNumber),
    ]),
    footnotes: [
      phrase('from the histograms of the server: quantiles are as exact as its buckets are narrow'),
      ...(beyond.length === 0 ? [] : [phrase('{names}: P99 lies beyond the last bucket', { names: beyond })]),
    ],
  };
}

/** What there is of a table's rows, in its order. */
function named<Key extends string, Value>(
  names: Readonly<Partial<Record<Key, string>>>,
  values: Readonly<Partial<Record<Key, Value>>>,
): (readonly [string, Value])[] {
  return Object.entries(names).flatMap(([key, name]) => {
    const value = values[key as Key];
    return value === undefined ? [] : [[name as string, value] as const];
  });
}
