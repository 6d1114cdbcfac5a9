/**
 * The library's entry for programs: configs instead of plans, and the working folder and environment of this process by default. What runs
 * and reads is loaded when it is called: a file that takes no more than a base class from this package starts no slower for it.
 */
import type { RunConfig } from './config/flags.ts';
import type { Surroundings } from './config/places.ts';
import type { Plan } from './config/plan.ts';
import type { RunComparison } from './report/compare/types.ts';
import type { CompareOptions } from './session/compare-runs.ts';
import type { StoredRun } from './session/open-run.ts';
import type { RunOptions } from './session/options.ts';
import type { RunResult } from './session/result.ts';

/** This process's, where a program names no other. */
function ownSurroundings(): Surroundings {
  return { cwd: process.cwd(), env: process.env };
}

/**
 * Makes the plan of a run: reads the configs that it names, from the working folder and then the shipped ones, and finds its classes.
 * Sends nothing and writes nothing. Throws AisBenchError, saying what is wrong, where, and what to do.
 */
export async function resolve(config: RunConfig, surroundings: Partial<Surroundings> = {}): Promise<Plan> {
  const { resolveConfig } = await import('./resolve.ts');
  return resolveConfig(config, { ...ownSurroundings(), ...surroundings });
}

/**
 * Runs a config or a plan: sends its requests, keeps every record below `folder` (`outputs/default` unless given), scores and reports.
 * Prints nothing. Aborted by `signal` it resolves with what there is. Throws AisBenchError where the config is wrong, or where no model
 * could be measured; what was recorded until then is kept.
 */
export async function run(work: RunConfig | Plan, options: RunOptions = {}): Promise<RunResult> {
  const { run: runPlan } = await import('./session/run.ts');
  return runPlan(isPlan(work) ? work : await resolve(work), options);
}

function isPlan(work: RunConfig | Plan): work is Plan {
  return 'places' in work;
}

/**
 * Opens a finished run: a path, or the name of a run below `outputs/default`. Throws RUN-DATA-001 where no run is there, where the
 * folder holds runs instead of being one, or where a file is broken.
 */
export async function openRun(path: string): Promise<StoredRun> {
  return (await import('./session/open-run.ts')).openRun(path);
}

/**
 * Compares finished runs with the first of them, from their folders alone: what changed, and whether it is significant. Throws
 * RUN-DATA-001 where a folder holds no run, TMAN-CMD-002 for a rule about a number that no shared task has.
 */
export async function compareRuns(
  folders: readonly string[],
  options: CompareOptions = {},
): Promise<RunComparison[]> {
  return (await import('./session/compare-runs.ts')).compareRuns(folders, options);
}
