import type { Plan } from '../config/plan.ts';
import { AisBenchError } from '../contract/errors.ts';
import type { Ceiling } from '../sending/machine-limits.ts';
import { diskFindings, plannedDisk, plannedLoad, preflight } from '../sending/preflight.ts';
import type { Task } from '../sending/prepare.ts';
import { freeBytes, machineLimits } from './machine.ts';

/**
 * Checks every load against this machine's limits and its self-test, and what all of them write against the disk; returns the warnings.
 * `isContinued`: an earlier session wrote part of it. Throws RUN-LIMIT-001 for a load that cannot be held.
 */
export function checkMachine(
  plan: Plan,
  tasks: readonly Task[],
  { ceiling, isContinued }: { readonly ceiling: Ceiling | undefined; readonly isContinued: boolean },
): string[] {
  const limits = machineLimits();
  const findings = tasks.flatMap((task) => {
    const load = plannedLoad(task, plan.load, limits.cores);
    return load === undefined ? [] : preflight(load, limits, ceiling);
  });
  const free = freeBytes(plan.workDir);
  if (free !== undefined) {
    const planned = tasks.flatMap(({ source }) => plannedDisk(source, plan.load) ?? []);
    findings.push(...diskFindings(planned, { folder: plan.workDir, free, continues: isContinued }));
  }
  const error = findings.find(({ severity }) => severity === 'error');
  if (error !== undefined) throw new AisBenchError('RUN-LIMIT-001', error.what, error);
  return findings.map(({ what, cure }) => `${what}: ${cure}`);
}
