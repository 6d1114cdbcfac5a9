import type { Plan } from '../config/plan.ts';
import type { Finding } from '../contract/finding.ts';
import type { MetricRow } from '../metrics/rows.ts';
import type { Stats } from '../metrics/stats.ts';
import type { Validity } from '../metrics/validity.ts';
import type { AccuracyReport, ReportedInterval } from '../report/accuracy.ts';
import type { ChangeReport } from '../report/changes.ts';
import type { PerformanceReport } from '../report/performance.ts';
import type { StopReason } from '../sending/control.ts';
import type { ScoreMatrix } from './write-reports.ts';

/** What a run measured and scored: plain data; records and texts are read with `openRun(result.folder)`. */
export interface RunResult {
  /** Name of the run's folder. */
  readonly name: string;
  /** Path of the run's folder. */
  readonly folder: string;
  readonly plan: Plan;
  /** In the order of the plan; the tasks of judges follow those that they judge. */
  readonly tasks: readonly TaskReport[];
  /** The worst validity of its load tests; absent where the run has none. */
  readonly validity?: Validity;
  /** Why the run ended before its last request. */
  readonly stopped?: StopReason;
  /** Models that could not be measured to the end, each with what it failed of, secrets masked. */
  readonly broken: readonly { readonly model: string; readonly error: unknown }[];
  /** Every score beside the cells that are missing, and scores of groups of datasets. */
  readonly scores: ScoreMatrix;
  /** Verdicts that scoring again changed. */
  readonly changes: readonly ChangeReport[];
  /** Everything that there is to say about the run and its tasks, each once. */
  readonly findings: readonly Finding[];
  /** What was dropped, or is less than the plan asks for. */
  readonly degraded: readonly Finding[];
  /** Path of the report page; absent where the viewer is not built. */
  readonly page?: string;
}

/** One model on one dataset. */
export interface TaskReport {
  readonly model: string;
  readonly dataset: string;
  /** The task of a judge: how fast it is says nothing of the model that it judges. */
  readonly isJudge?: true;
  /** Headline scores by metric: percent, 0..100. */
  readonly score?: Readonly<Record<string, TaskScore>>;
  /** Latencies in ms by the metric's id: `ttft`, `tpot`, `itl`, `e2el` … */
  readonly latency?: Readonly<Record<string, Stats>>;
  /** Whether a load test's numbers may be believed. */
  readonly validity?: Validity;
  /** Everything that was measured. */
  readonly performance: PerformanceReport;
  /** Everything that was scored. */
  readonly accuracy?: AccuracyReport;
  /** Workers that were lost, in words; their share of the load is missing. */
  readonly lost?: readonly string[];
}

/** A score in percent, 0..100, with the samples that it is a mean over. */
export interface TaskScore {
  readonly value: number;
  readonly n: number;
  readonly interval?: ReportedInterval;
}

/** Returns the scores of an accuracy report by metric; what could not be scored has none. */
export function scoresByMetric({ card }: AccuracyReport): Readonly<Record<string, TaskScore>> {
  const { metric, value, n, interval, metrics = {} } = card;
  const headline = value === undefined ? {} : { [metric]: { value, n, ...(interval && { interval }) } };
  const further = Object.entries(metrics).map(([name, own]) => [
    name,
    { value: own.value, n: own.n, ...(own.interval && { interval: own.interval }) },
  ]);
  return { ...headline, ...Object.fromEntries(further) };
}

/** Returns the statistics of every latency that was measured, by the metric's id. */
export function latencyByMetric(rows: readonly MetricRow[]): Readonly<Record<string, Stats>> {
  const timed = rows.filter(({ unit, stats }) => unit === 'ms' && stats !== undefined);
  return Object.fromEntries(timed.map(({ id, stats }) => [id, stats!]));
}
