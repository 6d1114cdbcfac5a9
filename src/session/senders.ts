import type { Plan } from '../config/plan.ts';
import type { RunControl } from '../sending/control.ts';
import type { Pool } from '../sending/pool.ts';
import type { Task } from '../sending/prepare.ts';
import type { Redactor } from '../store/redact.ts';
import type { RunFolder } from '../store/run-folder.ts';
import type { Told } from './folder.ts';

/** Processes that send a run, where it is not this one. */
export type RunPool = Pool & { stop(): Promise<void> };

/** How other processes are found for a run. */
export interface SenderHooks {
  /** They are on other machines. */
  readonly areRemote: boolean;
  readonly secrets: readonly string[];
  /** Starts them; undefined where this process sends everything. */
  open(run: {
    readonly plan: Plan;
    readonly tasks: readonly Task[];
    readonly redact: Redactor;
    readonly folder: RunFolder;
    readonly control: RunControl;
    readonly journal: { info(text: string): void; warn(text: string): void };
  }): Promise<RunPool | undefined>;
  /** Writes what an earlier session's workers answered last into the folder of a run that is continued. */
  takeLate(folder: RunFolder): Promise<Told>;
}

export const NO_SENDERS: SenderHooks = {
  areRemote: false,
  secrets: [],
  open: async () => undefined,
  takeLate: async () => ({ said: [], warned: [] }),
};
