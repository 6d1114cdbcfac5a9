import { catalog, pythonClasses } from '../catalog.ts';
import type { RunFlags } from '../config/flags.ts';
import { ownClasses } from '../config/own-classes.ts';
import type { Plan } from '../config/plan.ts';
import { readRaw } from '../config/raw.ts';
import { resolvePlan } from '../config/resolve.ts';
import { customDataset } from './custom-dataset.ts';
import { configRoots, loadContext } from './places.ts';

/** From flags to the plan: configs and classes of the folder that the command runs in, then the shipped ones. */
export async function readPlan(flags: RunFlags): Promise<Plan> {
  const custom = await customDataset(flags);
  const more = custom === undefined ? [] : [custom];
  const raw = await readRaw(flags, configRoots(flags.configDir), loadContext, more);
  const own = ownClasses(process.cwd(), loadContext, pythonClasses);
  const plan = await resolvePlan(
    raw,
    { ...flags, workDir: flags.workDir ?? raw.workDir },
    { ...catalog, own },
  );
  return raw.notes === undefined ? plan : Object.freeze({ ...plan, notes: [...raw.notes, ...plan.notes] });
}
