/** Processes that take cases from a queue, each the next when it is free. How they are started and spoken to is the command's business. */
import type { StopSwitch } from '../load/scheduler.ts';
import type { RunControl } from './control.ts';
import type { CaseAnswer } from './pull-task.ts';
import type { Instant } from './run-clock.ts';
import type { LoadOutcome, TaskProgress } from './run-task.ts';

/** The cases of a task that wait for whoever is free to take them. */
export interface QueueOrder {
  /** Place of the task in the run's list. */
  readonly task: number;
  /** Numbers of the cases to be answered. */
  readonly cases: readonly number[];
  /** Those that have no answer yet. */
  readonly left: ReadonlySet<number>;
  /** Largest number in flight over all who answer; of a local model, for each of them. */
  readonly concurrency: number;
  readonly isLocal: boolean;
  readonly origin: Instant;
  readonly modelName: string | undefined;
  readonly control: RunControl;
  /** Thrown when no more cases should be begun. */
  readonly stop: StopSwitch;
  /** Is kept up to date; what is in flight is for the crew to say. */
  readonly progress: TaskProgress;
  /** Takes what a case came to; one that has an answer keeps it. Throws RUN-FILE-001, and RUN-DATA-001 for what is no answer. */
  keep(answer: CaseAnswer): void;
  /** What was kept is in the files when this returns. Throws RUN-FILE-001. */
  flush(): void;
}

export interface CaseCrew {
  /** Lets whoever is there answer cases, until all have answers or the run is stopped. Throws where nobody can begin. */
  answer(order: QueueOrder): Promise<Partial<Pick<LoadOutcome, 'stopped' | 'lost'>>>;
}
