/** Points of a sweep or a search as rows, for terminal, CSV and JSON. */
import type { Interval } from '../metrics/intervals.ts';
import type { RowName } from '../metrics/rows.ts';
import type { Summary } from '../metrics/types.ts';
import type { AccuracyReport } from '../report/accuracy.ts';
import { compactNumber } from '../report/numbers.ts';
import { left, NO_VALUE, right, type Table } from '../report/table.ts';
import type { LoadKind } from './load-points.ts';

/** What one point of one model on one dataset came to. Times in milliseconds, rates a second; absent where it is not known. */
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
  readonly goodput?: { readonly perSecond?: number; readonly share?: number; readonly interval?: Interval };
  /** Of a point whose answers were scored: percent, and credits a second of the load. */
  readonly quality?: PointQuality;
  readonly verdict: string;
  readonly reasons: readonly string[];
  /** Why it was stopped before its end: `over-saturated`, `enough-seen` or `interrupted`. */
  readonly stopped?: string;
  /** Folder of its run, below the sweep's. */
  readonly folder: string;
}

interface PointQuality {
  readonly metric: string;
  readonly score?: number;
  /** 95 %, percent. */
  readonly interval?: Interval;
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
  const common = (name: string) => summary.common.find((metric) => metric.name === name)?.value;
  const { load, goodput, validity } = summary;
  const row = {
    model,
    dataset,
    asked,
    achieved: kind === 'rate' ? load.achievedRate : (load.heldConcurrency ?? common('Concurrency')),
    requests: common('Total Requests') ?? 0,
    failed: common('Failed Requests') ?? 0,
    ttft: tailOf(summary, 'TTFT'),
    tpot: tailOf(summary, 'TPOT'),
    itl: tailOf(summary, 'ITL'),
    e2el: tailOf(summary, 'E2EL'),
    outputTokensPerSecond: common('Output Token Throughput'),
    requestsPerSecond: common('Request Throughput'),
    goodput: goodput && {
      ...(goodput.perSecond === undefined ? {} : { perSecond: goodput.perSecond }),
      ...(goodput.share === undefined ? {} : { share: goodput.share }),
      ...(goodput.interval === undefined ? {} : { interval: goodput.interval }),
    },
    quality: accuracy && qualityOf(accuracy),
    verdict: validity.verdict,
    reasons: validity.reasons,
    stopped,
    folder,
  };
  return Object.fromEntries(
    Object.entries(row).filter(([, value]) => value !== undefined),
  ) as unknown as PointRow;
}

function qualityOf({ card: { metric, value, interval }, underLoad }: AccuracyReport): PointQuality {
  const { correctPerSecond, atSlo } = underLoad ?? {};
  return {
    metric,
    ...(value === undefined ? {} : { score: value }),
    ...(interval === undefined ? {} : { interval: { low: interval.low, high: interval.high } }),
    ...(correctPerSecond === undefined ? {} : { correctPerSecond }),
    ...(atSlo?.score === undefined ? {} : { scoreAtSlo: atSlo.score.value }),
  };
}

function tailOf(summary: Summary, name: RowName): Tail | undefined {
  const stats = summary.rows.find((row) => row.name === name)?.stats;
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
    title: `${name}: ${kind === 'rate' ? 'requests a second' : 'requests in flight'}`,
    columns: [
      right('Asked'),
      right(isWide ? 'Achieved' : 'Got'),
      ...(isWide ? [right('Requests')] : []),
      ...tails.map((metric) => right(metric.toUpperCase())),
      right('tok/s'),
      ...(hasGoodput ? [right('Good/s'), right('Good')] : []),
      ...(hasQuality ? [right('Score'), right('Correct/s')] : []),
      left('Validity'),
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
    footnotes: ['TTFT, TPOT, ITL and E2EL: p50/p99 in ms', ...whyNot(rows)],
  };
}

const STOPPED: Readonly<Record<string, string>> = {
  'over-saturated': 'stopped, its backlog grew without bound',
  'enough-seen': 'stopped, enough requests had missed the objectives',
  interrupted: 'interrupted',
  'gave-up': 'given up, no request succeeded',
};

/** A point that is not valid, or not whole, says why. */
function whyNot(rows: readonly PointRow[]): string[] {
  return rows
    .filter(({ verdict, stopped }) => verdict !== 'VALID' || stopped !== undefined)
    .map(({ asked, verdict, reasons, stopped }) =>
      stopped === undefined
        ? `${compactNumber(asked)}: ${verdict}, ${reasons[0] ?? ''}`
        : `${compactNumber(asked)}: ${STOPPED[stopped] ?? stopped}`,
    );
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
