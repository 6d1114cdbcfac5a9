import { plural } from '../basics/plural.ts';
import type { PeakMemory } from '../contract/base-model.ts';
import { findingText } from '../contract/finding.ts';
import type { CommonMetric } from '../metrics/common.ts';
import type { CommonMetricId } from '../metrics/definitions.ts';
import type { DialectReport } from '../metrics/dialects/types.ts';
import type { MetricRow } from '../metrics/rows.ts';
import type { SteadyState } from '../metrics/steady.ts';
import type { Summary } from '../metrics/types.ts';
import { conversationTables } from './conversations.ts';
import { dialectTables } from './dialects.ts';
import { commonFacts, memoryLine } from './facts.ts';
import { failureTable } from './failures.ts';
import { clientTables, furtherTable, intervalTable } from './full.ts';
import { groupTables } from './groups.ts';
import { compactNumber, nameWithUnit, plainNumber } from './numbers.ts';
import { segmentTable } from './segments.ts';
import { type ServerMetricsReport, serverMetricsTables } from './server-metrics.ts';
import { statistics } from './statistics.ts';
import { left, NO_VALUE, reasonNotes, right, type Table } from './table.ts';
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
