/** Points of a sweep or a search as rows, for terminal, CSV and JSON. */
import { defined } from '../basics/defined.ts';
import { type Finding, finding, readFinding } from '../contract/finding.ts';
import { commonValue, metricStats } from '../metrics/by-id.ts';
import type { MetricId } from '../metrics/definitions.ts';
import type { MetricInterval } from '../metrics/intervals.ts';
import type { Summary } from '../metrics/types.ts';
import type { AccuracyReport } from '../report/accuracy.ts';
import { compactNumber, plainNumber } from '../report/numbers.ts';
import { phrase } from '../report/phrase.ts';
import { left, NO_VALUE, right, type Table } from '../report/table.ts';
import type { Text } from '../report/words.ts';
import type { SearchEnd, SearchResult } from './capacity.ts';
import type { LoadKind } from './load-points.ts';
import type { Objective } from './objectives.ts';

/** The numbers of one point of one model on one dataset. Times in milliseconds, rates a second; absent where not known. */
export interface PointRow {
  readonly model: string;
  readonly dataset: string;
  readonly asked: number;
  /** Requests a second that left, or requests that were held in flight. */
  readonly achieved?: number;
  readonly requests: number;
  readonly failed: number;
  readonly ttft?: Tail;
  readonly tpot?: Tail;
  readonly itl?: Tail;
  readonly e2el?: Tail;
  readonly outputTokensPerSecond?: number;
  readonly requestsPerSecond?: number;
  /** Present when objectives were given. */
  readonly goodput?: {
    readonly perSecond?: number;
    readonly share?: number;
    readonly interval?: MetricInterval;
  };
  /** Of a point whose answers were scored: percent, and credits a second of the load. */
  readonly quality?: PointQuality;
  readonly verdict: string;
  readonly findings: readonly Finding[];
  /** Why it was stopped before its end: `over-saturated`, `enough-seen` or `interrupted`. */
  readonly stopped?: string;
  /** Folder of its run, below the sweep's. */
  readonly folder: string;
}

interface PointQuality {
  readonly metric: string;
  readonly score?: number;
  /** 95 %, percent. */
  readonly interval?: MetricInterval;
  readonly correctPerSecond?: number;
  /** Of the answers whose requests met every objective, where some were given. */
  readonly scoreAtSlo?: number;
}

interface Tail {
  readonly p50: number;
  readonly p99: number;
}

/** The row of a run's report. */
export function pointRow(
  {
    model,
    dataset,
    summary,
  }: { readonly model: string; readonly dataset: string; readonly summary: Summary },
  {
    kind,
    asked,
    folder,
    stopped,
    accuracy,
  }: {
    readonly kind: LoadKind;
    readonly asked: number;
    readonly folder: string;
    /** Why it ended early, where it did. */
    readonly stopped?: string;
    /** Its score, where it was scored. */
    readonly accuracy?: AccuracyReport | undefined;
  },
): PointRow {
  const { load, goodput, validity } = summary;
  const row = {
    model,
    dataset,
    asked,
    achieved:
      kind === 'rate' ? load.achievedRate : (load.heldConcurrency ?? commonValue(summary, 'concurrency')),
    requests: commonValue(summary, 'total_requests') ?? 0,
    failed: commonValue(summary, 'failed_requests') ?? 0,
    ttft: tailOf(summary, 'ttft'),
    tpot: tailOf(summary, 'tpot'),
    itl: tailOf(summary, 'itl'),
    e2el: tailOf(summary, 'e2el'),
    outputTokensPerSecond: commonValue(summary, 'output_token_throughput'),
    requestsPerSecond: commonValue(summary, 'request_throughput'),
    goodput:
      goodput && defined({ perSecond: goodput.perSecond, share: goodput.share, interval: goodput.interval }),
    quality: accuracy && qualityOf(accuracy),
    verdict: validity.verdict,
    findings: validity.findings,
    stopped,
    folder,
  };
  return Object.fromEntries(
    Object.entries(row).filter(([, value]) => value !== undefined),
  ) as unknown as PointRow;
}

/** Reads a row from a file; one of an earlier version has sentences in place of findings. */
export function readPointRow(stored: PointRow & { readonly reasons?: readonly string[] }): PointRow {
  const { reasons = [], findings = reasons, ...row } = stored;
  return { ...row, findings: (findings as readonly unknown[]).map(readFinding) };
}

function qualityOf({ card: { metric, value, interval }, underLoad }: AccuracyReport): PointQuality {
  const { correctPerSecond, atSlo } = underLoad ?? {};
  return defined({
    metric,
    score: value,
    interval: interval && { low: interval.low, high: interval.high },
    correctPerSecond,
    scoreAtSlo: atSlo?.score?.value,
  });
}

function tailOf(summary: Summary, id: MetricId): Tail | undefined {
  const stats = metricStats(summary, id);
  return stats === undefined ? undefined : { p50: stats.median, p99: stats.p99 };
}

const TAILS = ['ttft', 'tpot', 'itl', 'e2el'] as const;
/** In fewer columns than this the two percentiles of a metric stand in one column. */
const WIDE = 120;

/** A table for each model on each dataset, in the order in which they were run. */
export function pointTables(rows: readonly PointRow[], kind: LoadKind, width: number): Table[] {
  const names = [...new Set(rows.map(({ model, dataset }) => `${model} × ${dataset}`))];
  return names.map((name) => {
    const own = rows.filter(({ model, dataset }) => `${model} × ${dataset}` === name);
    return pointTable(name, own, kind, width);
  });
}

function pointTable(name: string, rows: readonly PointRow[], kind: LoadKind, width: number): Table {
  const hasGoodput = rows.some(({ goodput }) => goodput !== undefined);
  const hasQuality = rows.some(({ quality }) => quality !== undefined);
  const tail = (value: Tail | undefined): string =>
    value === undefined ? NO_VALUE : `${compactNumber(value.p50)}/${compactNumber(value.p99)}`;
  const number = (value: number | undefined): string =>
    value === undefined ? NO_VALUE : compactNumber(value);
  const isWide = width >= WIDE;
  const tails = isWide ? TAILS : (['ttft', 'tpot'] as const);
  return {
    title: phrase(kind === 'rate' ? '{name}: requests a second' : '{name}: requests in flight', { name }),
    columns: [
      right(phrase('Target')),
      right(phrase(isWide ? 'Achieved' : 'Got')),
      ...(isWide ? [right(phrase('Requests'))] : []),
      ...tails.map((metric) => right(metric.toUpperCase())),
      right('tok/s'),
      ...(hasGoodput ? [right(phrase('Good/s')), right(phrase('Good'))] : []),
      ...(hasQuality ? [right(phrase('Score')), right(phrase('Correct/s'))] : []),
      left(phrase('Validity')),
    ],
    rows: rows.map((row) => [
      compactNumber(row.asked),
      number(row.achieved),
      ...(isWide ? [compactNumber(row.requests)] : []),
      ...tails.map((metric) => tail(row[metric])),
      number(row.outputTokensPerSecond),
      ...(hasGoodput ? [number(row.goodput?.perSecond), percent(row.goodput?.share)] : []),
      ...(hasQuality ? [score(row.quality?.score), number(row.quality?.correctPerSecond)] : []),
      row.stopped === 'over-saturated' ? 'OVER-SATURATED' : row.verdict,
    ]),
    footnotes: [phrase('TTFT, TPOT, ITL and E2EL: p50/p99 in ms'), ...whyNot(rows)],
  };
}

const STOPPED: Readonly<Record<string, Text>> = {
  'over-saturated': phrase('stopped, its backlog grew without bound'),
  'enough-seen': phrase('stopped, enough requests had missed the objectives'),
  interrupted: phrase('interrupted'),
  'gave-up': phrase('given up, no request succeeded'),
};

/** A point that is not valid, or not whole, says why. */
function whyNot(rows: readonly PointRow[]): Text[] {
  return rows
    .filter(({ verdict, stopped }) => verdict !== 'VALID' || stopped !== undefined)
    .map(({ asked, verdict, findings, stopped }) => {
      const [worst = ''] = findings;
      const reason =
        stopped === undefined
          ? phrase('{verdict}, {reason}', { verdict, reason: worst })
          : (STOPPED[stopped] ?? stopped);
      return phrase('{names}: {reason}', { names: compactNumber(asked), reason });
    });
}

/** Percent. */
function score(value: number | undefined): string {
  return value === undefined ? NO_VALUE : value.toFixed(2);
}

function percent(share: number | undefined): string {
  return share === undefined ? NO_VALUE : `${Number((100 * share).toFixed(1))} %`;
}

/** One line a point, raw numbers. */
export function pointsCsv(rows: readonly PointRow[]): string {
  const head = [
    ...['model', 'dataset', 'asked', 'achieved', 'requests', 'failed'],
    ...TAILS.flatMap((metric) => [`${metric}_p50_ms`, `${metric}_p99_ms`]),
    ...['output_tokens_per_second', 'requests_per_second', 'goodput_per_second', 'goodput_share'],
    ...['metric', 'score', 'score_low', 'score_high', 'correct_per_second', 'score_at_slo'],
    ...['validity', 'stopped', 'folder'],
  ];
  const lines = rows.map((row) => [
    ...[row.model, row.dataset, row.asked, row.achieved, row.requests, row.failed],
    ...TAILS.flatMap((metric) => [row[metric]?.p50, row[metric]?.p99]),
    ...[row.outputTokensPerSecond, row.requestsPerSecond, row.goodput?.perSecond, row.goodput?.share],
    ...[row.quality?.metric, row.quality?.score, row.quality?.interval?.low, row.quality?.interval?.high],
    ...[row.quality?.correctPerSecond, row.quality?.scoreAtSlo],
    ...[row.verdict, row.stopped, row.folder],
  ]);
  return `${[head, ...lines].map((line) => line.map(cell).join(',')).join('\n')}\n`;
}

function cell(value: string | number | boolean | undefined): string {
  const text = value === undefined ? '' : String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const ENDS = {
  precise: finding('SEARCH-PRECISE', {}),
  budget: finding('SEARCH-BUDGET', {}),
  lowest: finding('SEARCH-LOWEST', {}),
  highest: finding('SEARCH-HIGHEST', {}),
  interrupted: finding('SEARCH-INTERRUPTED', {}),
} as const satisfies Record<Exclude<SearchEnd, 'invalid'>, Finding>;

/** Says why a search ended. */
export function searchEnd({ end, reason }: Pick<SearchResult, 'end' | 'reason'>): Finding {
  return end === 'invalid' ? finding('SEARCH-SPOILT', { why: reason }) : ENDS[end];
}

/** Says what a search found: the capacity first, then why the search ended and what it cost. */
export function capacityLines(
  result: SearchResult,
  objectives: readonly Objective[],
  kind: LoadKind,
): Text[] {
  const { capacity, binding, cure, requests, points } = result;
  const figure = (value: number) => plainNumber(Number(value.toPrecision(3)));
  const first =
    capacity === undefined
      ? phrase('Capacity: not known')
      : phrase(
          kind === 'rate'
            ? 'Capacity: {load} requests a second (95 %: {low} to {high}), limited by {objective}'
            : 'Capacity: {load} requests in flight (95 %: {low} to {high}), limited by {objective}',
          {
            ...{ load: figure(capacity.load), low: figure(capacity.low), high: figure(capacity.high) },
            objective: objectives[binding!]!.name,
          },
        );
  return [
    first,
    phrase('Ended: {why}', { why: searchEnd(result) }),
    ...(cure === undefined ? [] : [phrase('To do: {cure}', { cure: { cureOf: cure } })]),
    phrase('Cost: {requests?# request|# requests} in {points?# point|# points}', {
      requests,
      points: points.length,
    }),
  ];
}

/** Characters of a table of the page, which has room for every column. */
const PAGE_WIDTH = 200;

export interface SweepPage {
  /** Name of the folder. */
  readonly name: string;
  /** Version of the tool that made the page. */
  readonly version: string;
  readonly kind: LoadKind;
  /** What a search found, in sentences, the capacity first; empty of a sweep. */
  readonly found: readonly Text[];
  readonly tasks: readonly SweepTask[];
}

/** One model on one dataset. */
export interface SweepTask {
  readonly title: string;
  /** Ascending in what was asked. */
  readonly points: readonly PointRow[];
  readonly table: Table;
}

export function sweepPage(
  head: Pick<SweepPage, 'name' | 'version' | 'kind' | 'found'>,
  rows: readonly PointRow[],
): SweepPage {
  const tables = pointTables(rows, head.kind, PAGE_WIDTH);
  const tasks = tables.map((table, n) => {
    const first = rows.filter((row) => isFirstOfItsTask(row, rows))[n]!;
    const points = rows
      .filter(({ model, dataset }) => model === first.model && dataset === first.dataset)
      .sort((a, b) => a.asked - b.asked);
    return { title: `${first.model} × ${first.dataset}`, points, table };
  });
  return { ...head, tasks };
}

function isFirstOfItsTask(row: PointRow, rows: readonly PointRow[]): boolean {
  return row === rows.find(({ model, dataset }) => model === row.model && dataset === row.dataset);
}
