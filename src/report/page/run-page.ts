/** The report page of a run: what `viewer/src/run` shows. */
import { type Judged, VERDICTS } from '../../evaluate/types.ts';
import type { AccuracyReport } from '../accuracy.ts';
import { conversationTables, groupTables, segmentTable } from '../breakdowns.ts';
import { dialectTables } from '../dialects.ts';
import { clientTables, intervalTable } from '../full.ts';
import type { PerformanceReport } from '../performance.ts';
import { serverMetricsTables } from '../server-metrics.ts';
import type { Table } from '../table.ts';
import { underLoadTables } from '../under-load.ts';
import { workerTables } from '../workers.ts';
import type { PageRequests, RequestsPart } from './requests.ts';
import type { SamplesPart } from './samples.ts';

/** One model on one dataset. */
export interface TaskPart {
  readonly model: string;
  readonly dataset: string;
  /** Everything of `performances/<model>/<dataset>.json`. */
  readonly performance?: PerformanceReport;
  /** Absent where no request was sent. */
  readonly requests?: RequestsPart;
  readonly tables: TablesPart;
  readonly score?: ScorePart;
}

interface ScorePart {
  readonly report: AccuracyReport;
  readonly outcomes: OutcomesPart;
  readonly samples: SamplesPart;
}

/** The payload of a page of kind `run`. */
export interface RunPage {
  /** Name of the run's folder. */
  readonly name: string;
  /** Version of the tool that made the page. */
  readonly version: string;
  readonly tasks: readonly TaskPart[];
  /** Groups of datasets as one number each. */
  readonly groups?: readonly Table[];
  /** What was dropped or is less than was asked for. */
  readonly degraded?: Table;
}

/** What is known of a task; of a judge's own requests there is no performance here. */
interface TaskFacts {
  readonly model: string;
  readonly dataset: string;
  readonly performance?: PerformanceReport | undefined;
  readonly requests: PageRequests;
  readonly score?:
    | {
        readonly report: AccuracyReport;
        readonly judged: readonly Judged[];
        readonly samples: SamplesPart;
      }
    | undefined;
}

export function taskPart({ model, dataset, performance, requests, score }: TaskFacts): TaskPart {
  return {
    model,
    dataset,
    ...(performance === undefined ? {} : { performance }),
    ...(performance === undefined || requests.length === 0 ? {} : { requests: requests.finish() }),
    tables: tablesOf(performance, score?.report),
    ...(score === undefined ? {} : { score: scorePart(score) }),
  };
}

function scorePart({ report, judged, samples }: NonNullable<TaskFacts['score']>): ScorePart {
  return { report, outcomes: outcomesOf(judged), samples };
}

/** Tables of the terminal's that the page shows as they are. */
interface TablesPart {
  readonly server: readonly Table[];
  /** Quality under load, sessions, dialogues, servers and adapters, workers, intervals, the client's health, other tools' numbers. */
  readonly more: readonly Table[];
}

/** `score`: of the answers, where they were scored; without `performance` there are no tables. */
function tablesOf(performance: PerformanceReport | undefined, score: AccuracyReport | undefined): TablesPart {
  if (performance === undefined) return { server: [], more: [] };
  const { summary, server, dialects = [], segments = [], workers = [] } = performance;
  const { conversations } = summary;
  return {
    server: server === undefined ? [] : serverMetricsTables(server, { full: true }),
    more: [
      ...(score === undefined ? [] : underLoadTables([score])),
      ...(segments.length === 0 ? [] : [segmentTable(segments)]),
      ...(conversations === undefined ? [] : conversationTables(conversations)),
      ...groupTables(summary),
      ...workerTables(workers, summary),
      intervalTable(summary),
      ...clientTables(summary),
      ...dialects.flatMap(dialectTables),
    ].filter(({ rows }) => rows.length > 0),
  };
}

/** How answers were read, and what came of it. */

/** Counts in the order of `columns`. */
interface OutcomeRow {
  readonly name: string;
  readonly counts: readonly number[];
}

interface OutcomesPart {
  readonly verdicts: readonly string[];
  /** A row a rule that found an answer; the row without a name: no rule did. Most frequent first. */
  readonly byRule: readonly OutcomeRow[];
  /** Rows: verdicts under our rules; columns: under AISBench's. Absent where every answer came out alike. */
  readonly byRules?: readonly OutcomeRow[];
}

export function outcomesOf(judged: readonly Judged[]): OutcomesPart {
  const byRule = new Map<string, number[]>();
  const byRules = new Map<string, number[]>();
  for (const { verdict, extraction, fixed, compat } of judged) {
    count(byRule, extraction?.rule ?? '', VERDICTS.indexOf(verdict));
    count(byRules, fixed.verdict, VERDICTS.indexOf(compat.verdict));
  }
  const differs = judged.some(({ fixed, compat }) => fixed.verdict !== compat.verdict);
  const total = ({ counts }: OutcomeRow) => counts.reduce((sum, one) => sum + one, 0);
  return {
    verdicts: VERDICTS,
    byRule: rowsOf(byRule).sort((a, b) => total(b) - total(a)),
    ...(differs
      ? { byRules: VERDICTS.flatMap((name) => rowsOf(byRules).filter((row) => row.name === name)) }
      : {}),
  };
}

function count(rows: Map<string, number[]>, name: string, column: number): void {
  const counts = rows.get(name) ?? VERDICTS.map(() => 0);
  counts[column] = counts[column]! + 1;
  rows.set(name, counts);
}

function rowsOf(rows: ReadonlyMap<string, readonly number[]>): OutcomeRow[] {
  return [...rows].map(([name, counts]) => ({ name, counts }));
}
