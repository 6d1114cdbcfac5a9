import { type Finding, finding } from '../contract/finding.ts';
import { commonValue, metricStats } from '../metrics/by-id.ts';
import type { CommonMetricId, MetricId } from '../metrics/definitions.ts';
import type { Differences } from '../metrics/dialects/differences.ts';
import { COMPARED, type Compared, type DialectReport } from '../metrics/dialects/types.ts';
import type { Summary } from '../metrics/types.ts';
import { compactNumber, plainNumber } from './numbers.ts';
import { phrase } from './phrase.ts';
import { left, NO_VALUE, right, type Table } from './table.ts';
import type { Text } from './words.ts';

const TOOLS = {
  aisbench: 'AISBench',
  vllm: 'vllm bench serve',
  'genai-perf': 'GenAI-Perf',
  guidellm: 'GuideLLM',
};

/** The tables that another tool would have printed, with its names and statistics. */
export function dialectTables({
  dialect,
  stage,
  statistics,
  rows,
  common,
  findings,
}: DialectReport): Table[] {
  const tool = TOOLS[dialect];
  const title =
    stage === undefined
      ? phrase('As {tool} counts', { tool })
      : phrase('As {tool} counts, stage {stage}', { tool, stage });
  const hasN = rows.some(({ n }) => n !== undefined);
  const table: Table = {
    title,
    columns: [
      left(phrase('Metric')),
      ...statistics.map((name) => right(name)),
      ...(hasN ? [right('N')] : []),
    ],
    rows: rows.map(({ name, unit, values, n }) => [
      unit === '' ? name : `${name}, ${unit}`,
      ...values.map((value) => (value === undefined ? NO_VALUE : compactNumber(value))),
      ...(hasN ? [n === undefined ? '' : compactNumber(n)] : []),
    ]),
    footnotes: [],
  };
  const whole: Table = {
    title: phrase('{title}: whole run', { title }),
    columns: [left(phrase('Metric')), right(phrase('Value')), left(phrase('Unit'))],
    rows: common.map(({ name, value, unit }) => [name, plainNumber(value), unit]),
    footnotes: findings,
  };
  return rows.length === 0 ? [whole] : [table, whole];
}

const UNITS: Partial<Record<Compared, string>> = {
  'Requests counted': '',
  'Request throughput': 'req/s',
  'Output throughput': 'tok/s',
};

/** The same records counted by each tool, side by side, and why the columns differ. */
export function explainTable(
  title: string,
  summary: Summary,
  reports: readonly DialectReport[],
  found: Differences,
  /** What to say before the reasons. */
  notes: readonly Text[] = [],
): Table {
  const columns = [ours(summary), ...reports.map(({ compared }) => compared)];
  const shown = COMPARED.filter((name) => columns.some((column) => column[name] !== undefined));
  return {
    title,
    columns: [left('Metric'), right('ais_bench'), ...reports.map(({ dialect }) => right(dialect))],
    rows: shown.map((name) => [
      withUnit(name),
      ...columns.map((column) => (column[name] === undefined ? NO_VALUE : compactNumber(column[name]))),
    ]),
    footnotes: [...notes, ...(reports.length < 2 ? [] : reasons(found))],
  };
}

function withUnit(name: Compared): string {
  const unit = UNITS[name] ?? 'ms';
  return unit === '' ? name : `${name}, ${unit}`;
}

function ours(summary: Summary): Partial<Record<Compared, number>> {
  const stats = (id: MetricId) => metricStats(summary, id);
  const whole = (id: CommonMetricId) => commonValue(summary, id);
  const values = {
    'TTFT mean': stats('ttft')?.average,
    'TTFT P99': stats('ttft')?.p99,
    'TPOT mean': stats('tpot')?.average,
    'ITL mean': stats('itl')?.average,
    'ITL P99': stats('itl')?.p99,
    'E2EL mean': stats('e2el')?.average,
    'E2EL P99': stats('e2el')?.p99,
    'Requests counted': whole('success_requests'),
    Duration: whole('duration'),
    'Request throughput': whole('request_throughput'),
    'Output throughput': whole('output_token_throughput'),
  } satisfies Record<Compared, number | undefined>;
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** What of the run makes the tools disagree; only what happened in it. */
function reasons(found: Differences): Finding[] {
  const { answers, failed, retried, early, late, bodyEnd, oneToken, tokensPerEvent: tokens, meanLag } = found;
  const NEGLIGIBLE_MS = 0.05;
  return [
    ...(early.mean > NEGLIGIBLE_MS ? [finding('DIALECT-EARLY-EVENTS', early)] : []),
    ...(late.mean > NEGLIGIBLE_MS ? [finding('DIALECT-LATE-EVENTS', late)] : []),
    ...(bodyEnd.mean > NEGLIGIBLE_MS ? [finding('DIALECT-BODY-END', { mean: bodyEnd.mean })] : []),
    ...(early.share > 0 || late.share > 0 ? [finding('DIALECT-EMPTY-EVENTS', {})] : []),
    ...(tokens !== undefined && Math.abs(tokens - 1) > 0.01
      ? [finding('DIALECT-EVENT-TOKENS', { tokens })]
      : []),
    finding('DIALECT-TPOT', {}),
    ...(oneToken > 0 ? [finding('DIALECT-ONE-TOKEN', { one: oneToken, answers })] : []),
    ...(failed > 0 ? [finding('DIALECT-FAILURES', { failed })] : []),
    ...(retried > 0 ? [finding('DIALECT-RETRIES', { retried })] : []),
    ...(meanLag > NEGLIGIBLE_MS ? [finding('DIALECT-LAG', { lag: meanLag })] : []),
    finding('DIALECT-PERCENTILES', {}),
  ];
}
