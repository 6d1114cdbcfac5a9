/** A summary that pastes into a pull request: Markdown, at most 25 lines, the verdict first. */

import { plural } from '../../basics/plural.ts';
import { findingText } from '../../contract/finding.ts';
import { commonValue, metricStats } from '../../metrics/by-id.ts';
import type { CommonMetricId, MetricId } from '../../metrics/definitions.ts';
import { VERDICTS } from '../../metrics/validity.ts';
import { escaped } from '../markdown.ts';
import { compactNumber, plainNumber } from '../numbers.ts';
import { NO_VALUE } from '../table.ts';
import type { ExportedTask } from './task.ts';

export interface BlockInput {
  /** Name of the run's folder. */
  readonly run: string;
  readonly tasks: readonly ExportedTask[];
  /** As it was typed, secrets masked; absent where the run did not keep it. */
  readonly command?: string;
}

const MOST_SCORES = 6;
const MOST_LOADS = 5;

export function summaryBlock({ run, tasks, command }: BlockInput): string {
  const scored = tasks.filter(({ accuracy }) => accuracy !== undefined);
  const timed = tasks.filter(({ summary }) => summary !== undefined);
  const sections = [
    [headline(run, tasks)],
    table(SCORE_HEAD, scored.map(scoreCells), MOST_SCORES),
    loadTable(timed),
    commandLines(command),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** The worst verdict with its first reason; of a run without a load test how many requests came through. */
function headline(run: string, tasks: readonly ExportedTask[]): string {
  const worst = tasks
    .flatMap(({ summary, isLoadTest }) => (summary !== undefined && isLoadTest ? [summary.validity] : []))
    .sort((a, b) => VERDICTS.indexOf(b.verdict) - VERDICTS.indexOf(a.verdict))[0];
  const simulated = tasks.some((task) => task.simulated) ? ' (SIMULATED service: numbers are made up)' : '';
  const total = sumOf(tasks, 'total_requests');
  const failed = sumOf(tasks, 'failed_requests');
  const verdict =
    worst === undefined ? `${total - failed} of ${plural(total, 'request')} answered` : worst.verdict;
  const reason =
    worst === undefined
      ? ''
      : `: ${worst.findings
          .slice(0, 2)
          .map((one) => escaped(findingText(one)))
          .join('; ')}`;
  return `**${verdict}**${reason}. \`ais_bench\` run \`${run.replaceAll('`', '')}\`${simulated}`;
}

const SCORE_HEAD = [
  'Model',
  'Dataset',
  'Metric',
  'Score, 95 % interval',
  'n',
  'correct',
  'unextractable',
  'failed',
];

function scoreCells({ model, dataset, accuracy }: ExportedTask): string[] {
  const { metric, value, interval, n, correct, unextractable, failed } = accuracy!.card;
  const range = interval === undefined ? '' : ` (${interval.low.toFixed(1)}…${interval.high.toFixed(1)})`;
  const score = value === undefined ? NO_VALUE : `**${value.toFixed(2)}**${range}`;
  return [
    escaped(model),
    escaped(dataset),
    escaped(metric),
    score,
    ...[n, correct, unextractable, failed].map(String),
  ];
}

const LATENCIES = ['ttft', 'tpot', 'itl', 'e2el'] as const;
const LOAD_HEAD = [
  'Model',
  'Dataset',
  'Verdict',
  ...LATENCIES.map((id) => `${id.toUpperCase()} P50 / P99, ms`),
  'req/s',
  'output tok/s',
  'failed',
];

/** What answers were worth under load stands beside the load, where any were scored. */
function loadTable(tasks: readonly ExportedTask[]): string[] {
  const hasQuality = tasks.some(({ accuracy }) => accuracy?.underLoad !== undefined);
  const hasSlo = tasks.some(({ accuracy }) => accuracy?.underLoad?.atSlo !== undefined);
  const further = [...(hasQuality ? ['correct/s'] : []), ...(hasSlo ? ['score at SLO', 'met SLO'] : [])];
  const rows = tasks.map((task) => [...loadCells(task), ...qualityCells(task).slice(0, further.length)]);
  return table([...LOAD_HEAD, ...further], rows, MOST_LOADS);
}

function qualityCells({ accuracy }: ExportedTask): string[] {
  const { correctPerSecond, atSlo } = accuracy?.underLoad ?? {};
  return [
    correctPerSecond === undefined ? NO_VALUE : compactNumber(correctPerSecond),
    atSlo?.score === undefined ? NO_VALUE : atSlo.score.value.toFixed(2),
    atSlo?.met === undefined ? NO_VALUE : `${atSlo.met.value.toFixed(1)} %`,
  ];
}

function loadCells(task: ExportedTask): string[] {
  const { model, dataset, summary, isLoadTest } = task;
  const verdict = isLoadTest ? summary!.validity.verdict : 'no load test';
  const failed = `${sumOf([task], 'failed_requests')} of ${sumOf([task], 'total_requests')}`;
  return [
    escaped(model),
    escaped(dataset),
    verdict,
    ...LATENCIES.map((id) => latency(task, id)),
    rate(task, 'request_throughput'),
    rate(task, 'output_token_throughput'),
    failed,
  ];
}

function latency({ summary }: ExportedTask, id: MetricId): string {
  const stats = metricStats(summary!, id);
  return stats === undefined ? NO_VALUE : `${compactNumber(stats.median)} / ${compactNumber(stats.p99)}`;
}

function rate({ summary }: ExportedTask, id: CommonMetricId): string {
  const value = commonValue(summary!, id);
  return value === undefined ? NO_VALUE : plainNumber(Number(value.toPrecision(4)));
}

function sumOf(tasks: readonly ExportedTask[], id: CommonMetricId): number {
  return tasks.reduce((sum, { summary }) => sum + ((summary && commonValue(summary, id)) ?? 0), 0);
}

function table(head: readonly string[], rows: readonly (readonly string[])[], most: number): string[] {
  if (rows.length === 0) return [];
  const more = rows.length > most ? [[`and ${rows.length - most + 1} more`]] : [];
  const shown = [...rows.slice(0, most - more.length), ...more];
  return [head, head.map((_, n) => (n < 2 ? '---' : '---:')), ...shown].map(
    (cells) => `| ${cells.join(' | ')} |`,
  );
}

/** In a fence that nothing in the command can close. */
function commandLines(command: string | undefined): string[] {
  if (command === undefined) return [];
  const ticks = command.match(/`+/g) ?? [];
  const fence = '`'.repeat(Math.max(3, ...ticks.map(({ length }) => length + 1)));
  return [`${fence}sh`, command, fence];
}
