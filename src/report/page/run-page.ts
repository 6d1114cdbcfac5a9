/** The report page of a run: what `viewer/src/run` shows. */
import type { Judged } from '../../evaluate/types.ts';
import type { AccuracyReport } from '../accuracy.ts';
import type { PerformanceReport } from '../performance.ts';
import type { Table } from '../table.ts';
import { type OutcomesPart, outcomesOf } from './outcomes.ts';
import type { PageRequests, RequestsPart } from './requests.ts';
import type { SamplesPart } from './samples.ts';
import { type TablesPart, tablesOf } from './tables.ts';

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
