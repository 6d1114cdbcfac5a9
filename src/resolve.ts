import { catalog, pythonClasses } from './catalog.ts';
import type { ConfigRoots } from './config/find.ts';
import { completeConfig, type RunConfig } from './config/flags.ts';
import { ownClasses } from './config/own-classes.ts';
import { configRoots, loadContext, type Surroundings } from './config/places.ts';
import type { Plan } from './config/plan.ts';
import {
  EXPORT_FORMATS,
  type LoadedPlugin,
  loadPlugins,
  type PluginName,
  pluginParts,
  refuseConfigClashes,
} from './config/plugins.ts';
import { pythonPlugins } from './config/python-plugins.ts';
import { readRaw } from './config/raw.ts';
import { resolvePlan } from './config/resolve.ts';
import { customDataset } from './config/resolve-dataset.ts';
import { INFERENCERS } from './contract/inferencer.ts';
import { inspectCustomFile } from './dataset/builtin/custom.ts';
import { rootsFromEnv } from './dataset/locate.ts';
import { ARRIVALS } from './load/arrival.ts';
import type { PythonPlugin } from './python-bridge/plugins.ts';

/**
 * Makes the plan of a run: reads the configs that it names, from the folder `cwd` and then the shipped ones, and finds its classes.
 * Sends nothing and writes nothing. Throws an AisBenchError that says what is wrong and where.
 */
export async function resolveConfig(config: RunConfig, { cwd, env }: Surroundings): Promise<Plan> {
  const options = completeConfig(config);
  const context = loadContext(cwd);
  const custom = await customDataset(options, cwd, inspectCustomFile);
  const more = custom === undefined ? [] : [custom];
  const flagged = await loadPlugins(flaggedPlugins(options.plugin, cwd), context);
  const roots = withPlugins(configRoots(options.configDir, cwd), flagged);
  const raw = await readRaw(options, roots, { ...context, models: catalog.models }, more);
  const plugins = pluginParts(await loadPlugins(raw.plugins ?? [], context, flagged), SHIPPED);
  const own = ownClasses({ folder: cwd, context, python: pythonClasses, models: catalog.models });
  const known = {
    ...{ ...catalog, own, plugins },
    pythonPlugins: pythonPlugins({ folder: cwd, python: pythonClasses, list: listInPython }),
  };
  return resolvePlan(raw, options, known, { cwd, env, data: rootsFromEnv(env, cwd) });
}

/** Python is started only where a name is not known otherwise. */
async function listInPython(interpreter: string | undefined): Promise<readonly PythonPlugin[]> {
  return (await import('./python-bridge/plugins.ts')).listPythonPlugins(interpreter);
}

/** Names that plugins cannot have. */
export const SHIPPED = {
  models: Object.keys(catalog.models),
  datasets: Object.keys(catalog.datasets),
  evaluators: Object.keys(catalog.evaluators),
  postprocessors: Object.keys(catalog.predPostprocessors),
  inferencers: INFERENCERS,
  arrivals: ARRIVALS,
  exporters: EXPORT_FORMATS,
};

/** Returns the plugins that `--plugin` names. */
export function flaggedPlugins(names: readonly string[] = [], base: string): PluginName[] {
  return names.map((name) => ({ name, by: '--plugin', folders: [base] }));
}

/** Adds the config folders of plugins. Throws PLUGIN-NAME-001 for a config that has the name of another. */
export function withPlugins(roots: ConfigRoots, plugins: readonly LoadedPlugin[]): ConfigRoots {
  refuseConfigClashes(plugins, roots.shipped);
  return { ...roots, plugins: plugins.flatMap(({ configs }) => configs ?? []) };
}

/** Moves a plan to another host: relative paths begin at its folder `cwd`, datasets are looked for where its environment says. */
export function placedAt(plan: Plan, { cwd, env }: Surroundings): Plan {
  return Object.freeze({ ...plan, places: { base: cwd, data: rootsFromEnv(env, cwd) } });
}
