import type { RunFlags } from '../config/flags.ts';
import type { Plan } from '../config/plan.ts';
import { resolveConfig } from '../resolve.ts';

/** From flags to the plan: configs and classes of the folder that the command runs in, then the shipped ones. */
export function readPlan(flags: RunFlags): Promise<Plan> {
  return resolveConfig(flags, { cwd: process.cwd(), env: process.env });
}
