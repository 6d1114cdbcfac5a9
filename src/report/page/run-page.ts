/** The report page of a run: what `viewer/src/run` shows. */
import type { AccuracyReport } from '../accuracy.ts';
import type { PerformanceReport } from '../performance.ts';
import type { OutcomesPart } from './outcomes.ts';
import type { RequestsPart } from './requests.ts';
import type { SamplesPart } from './samples.ts';
import type { TablesPart } from './tables.ts';

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

export interface ScorePart {
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
}
