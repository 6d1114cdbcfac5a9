import type { CommonMetric } from '../metrics/common.ts';
import type { Unit } from '../metrics/definitions.ts';
import type { Load } from '../metrics/load.ts';
import type { MetricRow } from '../metrics/rows.ts';
import type { Stats } from '../metrics/stats.ts';
import type { Summary } from '../metrics/types.ts';
import type { PeakMemory } from '../models/base-model.ts';
import { conversationTables } from './conversations.ts';
import { failureTable } from './failures.ts';
import { groupTables } from './groups.ts';
import { compactNumber, plainNumber } from './numbers.ts';
import { statistics } from './statistics.ts';
import { left, NO_VALUE, reasonNotes, right, type Table } from './table.ts';
import { oneLine } from './text.ts';

/** The performance of one model on one dataset. */
export interface PerformanceReport {
  readonly model: string;
  readonly dataset: string;
  readonly summary: Summary;
  /** Set when the numbers come from an accuracy run: its `batch_size`. */
  readonly accuracyBatchSize?: number;
  /** Largest memory that a local model held. */
  readonly memory?: PeakMemory;
}

/** All tables of one report: per request, dialogues, servers, adapters and failures if any, common. */
export function performanceTables(report: PerformanceReport): Table[] {
  const { summary } = report;
  const { conversations, failures } = summary;
  return [
    requestTable(report),
    ...(conversations === undefined ? [] : conversationTables(conversations)),
    ...groupTables(summary),
    commonTable(report),
    ...(failures.length === 0 ? [] : [failureTable('Failures', failures)]),
  ];
}

/** The per-request table; at most 80 columns wide whatever the numbers. */
function requestTable({ model, dataset, summary, accuracyBatchSize }: PerformanceReport): Table {
  const shown = statistics(summary.statistics);
  return {
    title: oneLine(`Performance: ${model}, ${dataset}`),
    columns: [left('Metric'), ...shown.map(({ head }) => right(head)), right('N')],
    rows: summary.rows.map((row) => [
      nameWithUnit(row.name, row.unit),
      ...shown.map((statistic) => valueText(row.stats && statistic.of(row.stats))),
      compactNumber(row.n),
    ]),
    footnotes: [...reasonNotes(summary.rows), ...gapNotes(summary.rows), ...accuracyLabel(accuracyBatchSize)],
  };
}

function valueText(value: number | undefined): string {
  return value === undefined ? NO_VALUE : compactNumber(value);
}

/** The common table: one value a line. */
function commonTable({ summary, memory }: PerformanceReport): Table {
  return {
    title: 'Common metrics',
    columns: [left('Common Metric'), right('Value'), left('Unit')],
    rows: summary.common.map(commonRow),
    footnotes: [...reasonNotes(summary.common), ...factLines(summary), ...memoryLine(memory)],
  };
}

function commonRow({ name, value, unit }: CommonMetric): string[] {
  return [name, value === undefined ? NO_VALUE : plainNumber(value), unit];
}

/** Where token counts come from, how the load went, what was retried. */
function factLines({ tokens, load, retried, batches }: Summary): string[] {
  const lines = [`Token counts: input ${tokens.input.label}; output ${tokens.output.label}`];
  if (load.loop === 'open') lines.push(loadLine(load));
  if (batches !== undefined) {
    const { count, meanSize, latency } = batches;
    lines.push(
      `Batches: ${count} of ${compactNumber(meanSize)} prompts on average; latency ${spread(latency)}`,
    );
  }
  if (retried.count > 0) {
    const parts = [`E2EL ${spread(retried.e2el)}`, `TTFT ${spread(retried.ttft)}`];
    lines.push(`Retried requests, from their first attempt: ${retried.count}; ${parts.join('; ')}`);
  }
  return lines;
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

function loadLine({ askedRate, scheduledRate, achievedRate, lag }: Load): string {
  const rate = (value: number | undefined) => (value === undefined ? NO_VALUE : compactNumber(value));
  const rates = `asked ${rate(askedRate)}, scheduled ${rate(scheduledRate)}, achieved ${rate(achievedRate)} req/s`;
  if (lag === undefined) return `Load: ${rates}`;
  const { mean, p50, p99, max } = lag;
  const late = [mean, p50, p99, max].map(compactNumber);
  return `Load: ${rates}; lag mean ${late[0]}, P50 ${late[1]}, P99 ${late[2]}, max ${late[3]} ms`;
}

function spread(stats: Stats | undefined): string {
  if (stats === undefined) return NO_VALUE;
  return `median ${compactNumber(stats.median)}, max ${compactNumber(stats.max)} ms`;
}

function gapNotes(rows: readonly MetricRow[]): string[] {
  return rows
    .filter(({ stats, gaps }) => stats !== undefined && gaps !== undefined)
    .map(({ name, gaps, n, approximate }) => {
      const precision = approximate ? '; percentiles within 0.05 %' : '';
      return `${name} pools the gaps between events: ${gaps} in ${n} requests${precision}`;
    });
}

function accuracyLabel(batchSize: number | undefined): string[] {
  if (batchSize === undefined) return [];
  return [`taken at this concurrency (batch_size ${batchSize}), not a load test`];
}

function nameWithUnit(name: string, unit: Unit): string {
  const short = unit === 'token/s' ? 'tok/s' : unit;
  return short === 'token' || short === '' ? name : `${name}, ${short}`;
}
