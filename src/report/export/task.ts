import type { Summary } from '../../metrics/types.ts';
import type { AccuracyReport } from '../accuracy.ts';

/** What one task of a run came to, as its files tell. */
export interface ExportedTask {
  /** Name of the run's folder. */
  readonly run: string;
  readonly model: string;
  readonly dataset: string;
  /** Absent where the run ended before its report was written. */
  readonly summary?: Summary;
  /** Its latencies are those of a load test, and have a verdict. */
  readonly isLoadTest: boolean;
  /** Absent where nothing was scored. */
  readonly accuracy?: AccuracyReport;
  /** The service says that its answers and times are made up. */
  readonly simulated: boolean;
}
