import { catalog, pythonClasses } from './catalog.ts';
import { completeConfig, type RunConfig } from './config/flags.ts';
import { ownClasses } from './config/own-classes.ts';
import { configRoots, loadContext, type Surroundings } from './config/places.ts';
import type { Plan } from './config/plan.ts';
import { readRaw } from './config/raw.ts';
import { resolvePlan } from './config/resolve.ts';
import { customDataset } from './config/resolve-dataset.ts';
import { inspectCustomFile } from './dataset/builtin/custom.ts';
import { rootsFromEnv } from './dataset/locate.ts';

/**
 * Makes the plan of a run: reads the configs that it names, from the folder `cwd` and then the shipped ones, and finds its classes.
 * Sends nothing and writes nothing. Throws an AisBenchError that says what is wrong and where.
 */
export async function resolveConfig(config: RunConfig, { cwd, env }: Surroundings): Promise<Plan> {
  const options = completeConfig(config);
  const context = loadContext(cwd);
  const custom = await customDataset(options, cwd, inspectCustomFile);
  const more = custom === undefined ? [] : [custom];
  const raw = await readRaw(options, configRoots(options.configDir, cwd), context, more);
  const own = ownClasses({ folder: cwd, context, python: pythonClasses, models: catalog.models });
  return resolvePlan(raw, options, { ...catalog, own }, { cwd, env, data: rootsFromEnv(env, cwd) });
}

/** Moves a plan to another host: relative paths begin at its folder `cwd`, datasets are looked for where its environment says. */
export function placedAt(plan: Plan, { cwd, env }: Surroundings): Plan {
  return Object.freeze({ ...plan, places: { base: cwd, data: rootsFromEnv(env, cwd) } });
}
