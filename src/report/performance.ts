import { plural } from '../basics/plural.ts';
import type { PeakMemory } from '../contract/base-model.ts';
import { findingText } from '../contract/finding.ts';
import type { CachedTokens, ReasoningTokens } from '../metrics/answer-tokens.ts';
import type { CensoredLatency } from '../metrics/censored.ts';
import type { CommonMetric } from '../metrics/common.ts';
import type { CommonMetricId } from '../metrics/definitions.ts';
import type { DialectReport } from '../metrics/dialects/types.ts';
import type { Goodput } from '../metrics/goodput.ts';
import type { Load } from '../metrics/load.ts';
import type { MetricRow } from '../metrics/rows.ts';
import type { Stats } from '../metrics/stats.ts';
import type { SteadyState } from '../metrics/steady.ts';
import type { Summary } from '../metrics/types.ts';
import { conversationTables, failureTable, groupTables, segmentTable } from './breakdowns.ts';
import { dialectTables } from './dialects.ts';
import { clientTables, furtherTable, intervalTable } from './full.ts';
import { compactNumber, nameWithUnit, plainNumber } from './numbers.ts';
import { type ServerMetricsReport, serverMetricsTables } from './server-metrics.ts';
import { left, NO_VALUE, reasonNotes, right, statistics, type Table } from './table.ts';
import { oneLine } from './text.ts';
import { type WorkerFacts, workerTables } from './workers.ts';

/** The performance of one model on one dataset. */
export interface PerformanceReport {
  readonly model: string;
  readonly dataset: string;
  readonly summary: Summary;
  /** Set when the numbers come from an accuracy run: its `batch_size`. */
  readonly accuracyBatchSize?: number;
  /** Largest memory that a local model held. */
  readonly memory?: PeakMemory;
  /** What other tools would have made of the same records, where that was asked for. */
  readonly dialects?: readonly DialectReport[];
  /** What the service counted about itself, where it tells. */
  readonly server?: ServerMetricsReport;
  /** The sessions of a load test that was continued, each a load of its own. */
  readonly segments?: readonly Summary[];
  /** Who sent, where it was not this machine. */
  readonly workers?: readonly WorkerFacts[];
}

export interface Detail {
  /** Every metric, the intervals and the client's health, not only what most people need. */
  readonly full?: boolean;
}

/** What the column of the steady window shows, by id of the common metric; undefined when there is no steady window. */
function steadyValues({ steady, window }: SteadyState): Readonly<Record<string, string>> | undefined {
  if (!steady || window === undefined) return undefined;
  const values: Partial<Record<CommonMetricId, number | undefined>> = {
    duration: window.to - window.from,
    total_requests: window.requests,
    failed_requests: window.failed,
    success_requests: window.requests - window.failed,
    concurrency: window.concurrency,
    request_throughput: window.requestThroughput,
    output_token_throughput: window.outputTokenThroughput,
  };
  const known = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known.map(([id, value]) => [id, plainNumber(value!)]));
}

/** All tables of one report: per request, dialogues, servers, adapters and failures if any, common, other tools' if asked. */
export function performanceTables(report: PerformanceReport, { full = false }: Detail = {}): Table[] {
  const { summary, server, dialects = [], segments = [], workers = [] } = report;
  const { conversations, failures } = summary;
  return [
    requestTable(report),
    ...(segments.length === 0 ? [] : [segmentTable(segments)]),
    ...(full ? [furtherTable(summary), intervalTable(summary)] : []),
    ...(conversations === undefined ? [] : conversationTables(conversations)),
    ...groupTables(summary),
    ...workerTables(workers, summary),
    commonTable(report),
    ...(full ? clientTables(summary) : []),
    ...(server === undefined ? [] : serverMetricsTables(server, { full })),
    ...(failures.length === 0 ? [] : [failureTable('Failures', failures)]),
    ...dialects.flatMap(dialectTables),
  ];
}

/** The per-request table; at most 80 columns wide whatever the numbers. */
function requestTable({ model, dataset, summary, accuracyBatchSize }: PerformanceReport): Table {
  const shown = statistics(summary.statistics);
  return {
    title: oneLine(`Performance: ${model}, ${dataset}`),
    ...(accuracyBatchSize === undefined ? { headlines: verdictLines(summary) } : {}),
    columns: [left('Metric'), ...shown.map(({ head }) => right(head)), right('N')],
    rows: shownRows(summary).map((row) => [
      nameWithUnit(row.name, row.unit),
      ...shown.map((statistic) => valueText(row.stats && statistic.of(row.stats))),
      compactNumber(row.n),
    ]),
    footnotes: [...reasonNotes(summary.rows), ...gapNotes(summary.rows), ...accuracyLabel(accuracyBatchSize)],
  };
}

/** The verdict comes before every number; an accuracy run is no load test and has none. */
function verdictLines({ validity: { verdict, findings } }: Summary): string[] {
  const reasons = findings.map((one) => oneLine(findingText(one)));
  const [first, ...others] = reasons;
  if (verdict === 'VALID') return [`VALID: ${reasons.join('; ')}`];
  return [`${verdict}: ${first}`, ...others.map((reason) => `also: ${reason}`)];
}

/** AISBench's eight; where requests had to wait for their turn, the response clock beside the service's. */
function shownRows({ rows, further, load }: Summary): MetricRow[] {
  const waited = load.loop === 'open' || (load.refillLag?.p99 ?? 0) > load.lateThreshold;
  const response = further.filter(
    ({ id, stats }) => (id === 'response_e2el' || id === 'response_ttft') && stats !== undefined,
  );
  return waited ? [...rows.slice(0, 2), ...response, ...rows.slice(2)] : [...rows];
}

function valueText(value: number | undefined): string {
  return value === undefined ? NO_VALUE : compactNumber(value);
}

/** The common table: one value a line, the steady part of the run beside the whole. */
function commonTable({ summary, memory }: PerformanceReport): Table {
  const steady = steadyValues(summary.steady);
  const rows = [...summary.common.map(commonRow), ...goodputRow(summary)];
  return {
    title: 'Common metrics',
    columns: [left('Common Metric'), right('Value'), ...(steady ? [right('Steady')] : []), left('Unit')],
    rows: rows.map(({ id, name, value, unit }) => [name, value, ...(steady ? [steady[id] ?? ''] : []), unit]),
    footnotes: [...reasonNotes(summary.common), ...commonFacts(summary), ...memoryLine(memory)],
  };
}

interface CommonRow {
  readonly id: CommonMetric['id'] | 'goodput';
  readonly name: string;
  readonly value: string;
  readonly unit: string;
}

function commonRow({ id, name, value, unit }: CommonMetric): CommonRow {
  return { id, name, value: value === undefined ? NO_VALUE : plainNumber(value), unit };
}

function goodputRow({ goodput }: Summary): CommonRow[] {
  if (goodput === undefined) return [];
  const { perSecond } = goodput;
  const value = perSecond === undefined ? NO_VALUE : plainNumber(perSecond);
  return [{ id: 'goodput', name: 'Goodput', value, unit: 'req/s' }];
}

function gapNotes(rows: readonly MetricRow[]): string[] {
  return rows
    .filter(({ stats, gaps }) => stats !== undefined && gaps !== undefined)
    .map(({ name, gaps, n, approximate }) => {
      const precision = approximate ? '; percentiles within 0.05 %' : '';
      return `${name} pools the gaps between events: ${gaps} in ${plural(n, 'request')}${precision}`;
    });
}

function accuracyLabel(batchSize: number | undefined): string[] {
  if (batchSize === undefined) return [];
  return [`taken at this concurrency (batch_size ${batchSize}), not a load test`];
}

/** Lines below the common table: the steady window, goodput, where tokens were counted, how the load went, what failed. */
function commonFacts(summary: Summary): string[] {
  const { tokens, lengths, load, retried, steady, goodput, censored, batches } = summary;
  const lines = [...steadyLine(steady), ...(goodput === undefined ? [] : [goodputLine(goodput)])];
  lines.push(`Token counts: input ${tokens.input.label}; output ${tokens.output.label}`);
  if (tokens.cached !== undefined) lines.push(cachedLine(tokens.cached));
  if (tokens.reasoning !== undefined) lines.push(reasoningLine(tokens.reasoning));
  if (lengths !== undefined && lengths.wanted > 0)
    lines.push(`Answers of the exact length that was asked: ${lengths.exact} of ${lengths.wanted}`);
  if (load.loop === 'open') lines.push(loadLine(load));
  if (batches !== undefined) {
    const { count, meanSize, latency } = batches;
    lines.push(
      `Batches: ${count} of ${compactNumber(meanSize)} prompts on average; latency ${spread(latency)}`,
    );
  }
  if (censored.failed > 0) lines.push(censoredLine(censored));
  if (retried.count > 0) {
    const parts = [`E2EL ${spread(retried.e2el)}`, `TTFT ${spread(retried.ttft)}`];
    lines.push(`Retried requests, from their first attempt: ${retried.count}; ${parts.join('; ')}`);
  }
  return lines;
}

function cachedLine({ tokens, share, answers }: CachedTokens): string {
  const percent = (100 * share).toFixed(1);
  return `Prefix cache of the service: ${tokens} input tokens (${percent} %) in ${answers} answers`;
}

function reasoningLine({ tokens, output, answers, told }: ReasoningTokens): string {
  const by = told === answers ? 'the server' : told === 0 ? 'their events' : `the server in ${told} of them`;
  const percent = ((100 * tokens) / output).toFixed(1);
  return `Reasoning: ${tokens} of the ${output} output tokens (${percent} %) of ${answers} answers, by ${by}`;
}

function memoryLine({ rssBytes, deviceBytes }: PeakMemory = {}): string[] {
  const parts = [
    ...(rssBytes === undefined ? [] : [`${gibibytes(rssBytes)} GiB resident`]),
    ...(deviceBytes === undefined ? [] : [`${gibibytes(deviceBytes)} GiB on its devices`]),
  ];
  return parts.length === 0 ? [] : [`Memory of the model at its peak: ${parts.join(', ')}`];
}

function gibibytes(bytes: number): string {
  return compactNumber(bytes / 2 ** 30);
}

function steadyLine({ steady, window }: SteadyState): string[] {
  if (!steady || window === undefined) return [];
  const { from, to, requests, ttft, e2el } = window;
  const range = [from, to].map((time) => (time / 1000).toFixed(1)).join('..');
  const times = [
    ['TTFT', ttft],
    ['E2EL', e2el],
  ] as const;
  const shown = times
    .filter(([, stats]) => stats !== undefined)
    .map(
      ([name, stats]) => `${name} P50 ${compactNumber(stats!.median)}, P99 ${compactNumber(stats!.p99)} ms`,
    );
  const counted = `${plural(requests, 'request')} due inside, throughputs of what ended inside`;
  return [`Steady: ${range} s of the run, ${[counted, ...shown].join('; ')}`];
}

function goodputLine({ slos, good, of, share, interval, reason }: Goodput): string {
  const limits = Object.entries(slos).map(([name, limit]) => `${name} ≤ ${limit} ms`);
  const asked = `${limits.join(', ')} from the schedule`;
  if (share === undefined) return `Goodput (${asked}): ${findingText(reason!)}`;
  const percent = (value = Number.NaN) => Number((100 * value).toFixed(1));
  const range = `95 %: ${percent(interval?.low)}..${percent(interval?.high)}`;
  return `Goodput (${asked}): ${good} of ${plural(of, 'request')}, ${percent(share)} % (${range})`;
}

function loadLine({ askedRate, scheduledRate, achievedRate, lag, late }: Load): string {
  const rate = (value: number | undefined) => (value === undefined ? NO_VALUE : compactNumber(value));
  const rates = `asked ${rate(askedRate)}, scheduled ${rate(scheduledRate)}, achieved ${rate(achievedRate)} req/s`;
  if (lag === undefined) return `Load: ${rates}`;
  const { mean, p50, p99, max } = lag;
  const figures = [mean, p50, p99, max].map(compactNumber);
  return `Load: ${rates}; lag mean ${figures[0]}, P50 ${figures[1]}, P99 ${figures[2]}, max ${figures[3]} ms; ${late} late`;
}

function censoredLine({ n, failed, median, p90, p99 }: CensoredLatency): string {
  const value = (at: number | undefined) => (at === undefined ? 'failed' : `${compactNumber(at)} ms`);
  return `With failures in, E2EL from the schedule: P50 ${value(median)}, P90 ${value(p90)}, P99 ${value(p99)} (${failed} of ${n} failed)`;
}

function spread(stats: Stats | undefined): string {
  if (stats === undefined) return NO_VALUE;
  return `median ${compactNumber(stats.median)}, max ${compactNumber(stats.max)} ms`;
}
