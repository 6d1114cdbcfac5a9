import { join } from 'node:path';
import { hasStep } from '../config/modes.ts';
import type { Plan } from '../config/plan.ts';
import { AisBenchError } from '../contract/errors.ts';
import { findRun, plansOf } from '../store/find-run.ts';

/** A run that is there, which this one continues or reports again. */
export interface EarlierRun {
  readonly name: string;
  /** What its made-up prompts began with: other ones would be other cases. */
  readonly nonce?: string;
  /** The plans of its sessions, as they were kept. */
  readonly plans: readonly unknown[];
}

/** Undefined where a new run begins. Throws TMAN-CMD-001 for a mode that needs a run and has none, and as `findRun` does. */
export function findEarlier(
  { mode, workDir }: Plan,
  reuse: string | true | undefined,
): EarlierRun | undefined {
  if (reuse === undefined) {
    if (hasStep(mode, 'ask')) return undefined;
    throw new AisBenchError(
      'TMAN-CMD-001',
      `--mode ${mode} works on a run that is there, and none is named`,
      {
        where: '--reuse',
        cure: 'give --reuse for the newest run, or --reuse with the stamp of its folder',
      },
    );
  }
  const name = findRun(workDir, reuse);
  const plans = plansOf(join(workDir, name));
  const nonces = plans.map((plan) => (plan as { nonce?: unknown } | null)?.nonce);
  const nonce = nonces.find((one) => typeof one === 'string');
  return { name, plans, ...(nonce === undefined ? {} : { nonce }) };
}
