/** The library's entry for programs: configs instead of plans, and the working folder and environment of this process by default. */
import type { RunConfig } from './config/flags.ts';
import type { Plan } from './config/plan.ts';
import type { Surroundings } from './config/reading.ts';
import { resolveConfig } from './resolve.ts';
import type { RunOptions } from './session/options.ts';
import type { RunResult } from './session/result.ts';
import { run as runPlan } from './session/run.ts';

/** This process's, where a program names no other. */
function ownSurroundings(): Surroundings {
  return { cwd: process.cwd(), env: process.env };
}

/**
 * Makes the plan of a run: reads the configs that it names, from the working folder and then the shipped ones, and finds its classes.
 * Sends nothing and writes nothing. Throws AisBenchError, saying what is wrong, where, and what to do.
 */
export function resolve(config: RunConfig, surroundings: Partial<Surroundings> = {}): Promise<Plan> {
  return resolveConfig(config, { ...ownSurroundings(), ...surroundings });
}

/**
 * Runs a config or a plan: sends its requests, keeps every record below `folder` (`outputs/default` unless given), scores and reports.
 * Prints nothing. Aborted by `signal` it resolves with what there is. Throws AisBenchError where the config is wrong, or where no model
 * could be measured; what was recorded until then is kept.
 */
export async function run(work: RunConfig | Plan, options: RunOptions = {}): Promise<RunResult> {
  return runPlan(isPlan(work) ? work : await resolve(work), options);
}

function isPlan(work: RunConfig | Plan): work is Plan {
  return 'places' in work;
}
