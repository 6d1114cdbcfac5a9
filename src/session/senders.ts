import type { Plan } from '../config/plan.ts';
import type { CaseCrew } from '../sending/case-crew.ts';
import type { RunControl } from '../sending/control.ts';
import type { Crew } from '../sending/crew.ts';
import type { Task } from '../sending/prepare.ts';
import type { Redactor } from '../store/redact.ts';
import type { RunFolder } from '../store/run-folder.ts';
import type { Told } from './folder.ts';

/** Processes that send, where it is not this one. */
export interface Senders {
  readonly crew?: Crew & { end(): Promise<void> };
  readonly queue?: CaseCrew & { end(): Promise<void> };
}

/** How other processes are found for a run. */
export interface SenderHooks {
  /** They are on other machines. */
  readonly areRemote: boolean;
  readonly secrets: readonly string[];
  open(run: {
    readonly plan: Plan;
    readonly tasks: readonly Task[];
    readonly redact: Redactor;
    readonly folder: RunFolder;
    readonly control: RunControl;
    readonly journal: { info(text: string): void; warn(text: string): void };
  }): Promise<Senders>;
  /** Puts into the folder of a run that is continued what an earlier session's workers answered last. */
  takeLate(folder: RunFolder): Promise<Told>;
}

export const NO_SENDERS: SenderHooks = {
  areRemote: false,
  secrets: [],
  open: async () => ({}),
  takeLate: async () => ({ said: [], warned: [] }),
};
