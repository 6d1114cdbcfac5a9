import type { RunRecord } from '../contract/record.ts';
import type { AccuracyReport } from '../report/accuracy.ts';
import type { PerformanceReport } from '../report/performance.ts';
import type { RunControl } from '../sending/control.ts';
import type { Task } from '../sending/prepare.ts';
import type { TaskProgress } from '../sending/run-task.ts';

/** A run that is part of something larger: an ordinary run in a folder of that name, which prints no tables. */
export interface RunPart {
  /** Name of its folder below the work folder. */
  readonly name: string;
  /** The smallest of the objectives that it is held against, ms. */
  readonly smallestObjective?: number | undefined;
  /** Ends it early. */
  readonly control: RunControl;
  /** A load begins; `progress` is kept up to date while it goes. */
  begun?(task: Task, progress: TaskProgress): void;
  /** A request of this process has ended. */
  ended?(record: RunRecord): void;
  /** The records of a load are about to be read. */
  loadRead?(): void;
  /** What counts of its last load, once it is over. */
  recorded?(record: RunRecord): void;
  /** `accuracy`: where answers were scored. */
  concluded(
    performance: readonly PerformanceReport[],
    folder: string,
    accuracy: readonly AccuracyReport[],
  ): void;
}
