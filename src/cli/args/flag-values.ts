/** Parsed flags of the commands: an absent flag is undefined. */
import type { RunFlags } from '../../config/flags.ts';
import type { DialectName } from '../../metrics/dialects/types.ts';
import type { ObjectiveText, Slos } from '../../metrics/goodput.ts';
import type { FindingRule, GateRule } from '../../report/compare/rules.ts';
import type { LoadKind } from '../../search/load-points.ts';

/** Flags that shape the reports of a run. */
export interface ReportFlags {
  readonly goodput?: readonly Slos[];
  readonly metricDialect?: DialectName;
  readonly full?: boolean;
}

/** Flags about the course of a run. */
interface CourseFlags {
  readonly dryRun?: boolean;
  readonly debug?: boolean;
  readonly strict?: boolean;
  /** Findings that a run must not have. */
  readonly failIf?: readonly FindingRule[];
  /** Port of the live page; 0: any free one. */
  readonly live?: number;
}

/** Flags about the service's own metrics. */
interface ServerMetricsFlags {
  /** A URL; true: `metrics` below the base URL; false: nothing; absent: as true in load tests, without a warning. */
  readonly scrapeMetrics?: string | boolean;
  readonly specDecode?: boolean;
}

/** Everything that a run may be given. */
export type AnyRunFlags = RunFlags & ReportFlags & ServerMetricsFlags & CourseFlags;

export type SweepFlags = AnyRunFlags & {
  readonly concurrency?: readonly number[];
  readonly rate?: readonly number[];
};

export type SearchFlags = Omit<AnyRunFlags, 'mode' | 'goodput'> & {
  readonly slo?: readonly ObjectiveText[];
  /** A share, 0 to 1. */
  readonly goodput?: number;
  readonly over: LoadKind;
  readonly from?: number;
  readonly to?: number;
  readonly requests?: number;
  readonly budget?: number;
  readonly precision: number;
};

export interface CompareFlags extends Pick<ReportFlags, 'goodput'> {
  readonly failIf: readonly GateRule[];
  readonly markdown?: string;
  readonly junit?: string;
  readonly html?: string;
  readonly full?: boolean;
}

export interface ExportFlags {
  /** `csv`, `parquet`, `openmetrics`, `markdown`, or the name of a plugin's exporter. */
  readonly format: string;
  readonly plugin?: readonly string[];
  readonly table: 'requests' | 'samples';
  readonly out?: string;
}

/** Merges the objectives of `--goodput`, however many words they were given in; undefined without the flag. */
export function slosOf({ goodput }: ReportFlags): Slos | undefined {
  return goodput === undefined ? undefined : Object.assign({}, ...goodput);
}
