import type { PeakMemory } from '../contract/base-model.ts';
import type { RunFolder } from '../store/run-folder.ts';
import { readJsonIfThere } from '../store/served.ts';
import type { StopReason } from './control.ts';
import type { Task } from './prepare.ts';
import type { WatchOutcome } from './server-watch.ts';

/** How the load of a task ended, as far as its records do not tell; kept beside them for whoever reports it again. */
export interface TaskEnd {
  readonly stopped?: StopReason;
  /** Load workers that died, in words. */
  readonly lost?: readonly string[];
  readonly memory?: PeakMemory;
  readonly server?: WatchOutcome;
  /** Other tasks of its model had a part of the slots while it ran. */
  readonly sharedSlots?: boolean;
}

type Ended = Pick<Task, 'model' | 'dataset'>;

function fileOf(folder: RunFolder, { model, dataset }: Ended): string {
  return folder.file('performances', model.abbr, `${dataset.abbr}_end.json`);
}

export function keepEnd(folder: RunFolder, task: Ended, end: TaskEnd): void {
  folder.write(fileOf(folder, task), `${JSON.stringify(end)}\n`);
}

/** Undefined where the load was killed, or has not ended. Throws RUN-DATA-001 where the file is broken. */
export function endOf(folder: RunFolder, task: Ended): TaskEnd | undefined {
  return readJsonIfThere(fileOf(folder, task)) as TaskEnd | undefined;
}
