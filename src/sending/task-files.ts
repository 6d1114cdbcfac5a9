import type { RunFolder } from '../store/run-folder.ts';
import type { Task } from './prepare.ts';

/** The record and prediction files of one task. */
export interface TaskFiles {
  /** One file, or one a load worker. */
  readonly records: readonly string[];
  readonly predictions: string;
  /**
   * Cases that count, of a run that was continued: its files hold earlier attempts too, and may hold cases that the plan no
   * longer has.
   */
  readonly ids?: ReadonlySet<string>;
  /** Several sessions sent: their times follow each other. */
  readonly continued?: boolean;
  /** When each session after the first began, ms on the run's clock. */
  readonly sessions?: readonly number[];
}

export function taskFiles(folder: RunFolder, { model, dataset }: Task): TaskFiles {
  return {
    records: folder.recordFiles(model.abbr, dataset.abbr),
    predictions: folder.predictions(model.abbr, dataset.abbr),
  };
}
