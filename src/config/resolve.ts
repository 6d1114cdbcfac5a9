import { defined } from '../basics/defined.ts';
import { plainData } from '../basics/plain-data.ts';
import { AisBenchError } from '../contract/errors.ts';
import type { Catalog } from './catalog.ts';
import { refuseContradictions } from './contradicting-flags.ts';
import { requireDistinct } from './distinct-names.ts';
import type { CompleteConfig } from './flags.ts';
import { hasStep, isLoadTest } from './modes.ts';
import { notesOnOldNames, underPresentName } from './old-names.ts';
import type { DatasetPlan, ModelPlan, Plan } from './plan.ts';
import type { RawConfig } from './raw.ts';
import type { Surroundings } from './reading.ts';
import { notesOnRepeats, requireEnoughAnswers } from './repeats.ts';
import { classOf, requireAttr } from './resolve-class.ts';
import { resolveDataset } from './resolve-dataset.ts';
import { notesOnJudge, withJudge } from './resolve-judge.ts';
import { resolveLoad } from './resolve-load.ts';
import { resolveLocal } from './resolve-local.ts';
import { notesOn, resolveModel } from './resolve-model.ts';
import { summarizerSchema } from './schema.ts';
import { type RawEntry, validate } from './validate.ts';

const DEFAULT_WORK_DIR = 'outputs/default';

/** What a plan is resolved in: nothing is read from the process. */
export interface ResolveContext extends Surroundings {
  /** Folders that datasets are looked for in, in order. */
  readonly data: readonly string[];
}

/** Makes the plan of raw configs and flags: complete, plain data, frozen. */
export async function resolvePlan(
  raw: RawConfig,
  flags: CompleteConfig,
  catalog: Catalog,
  { env, cwd, data }: ResolveContext,
): Promise<Plan> {
  refuseContradictions(flags);
  const modelOf = (entry: RawEntry) => resolveEntry(entry, { flags, catalog, env, cwd });
  const models = await Promise.all(raw.models.map(modelOf));
  // No judge is asked about what is not scored.
  const isUnscored = isLoadTest(flags.mode) && !hasStep(flags.mode, 'score');
  const judged = (entry: RawEntry) => async (plan: DatasetPlan) =>
    isUnscored ? plan : withJudge(plan, entry, modelOf);
  const datasets = await Promise.all(
    raw.datasets.map((entry) => resolveDataset(entry, catalog, cwd).then(judged(entry))),
  );
  requireDistinct(
    models.map(({ abbr }) => abbr),
    'models',
  );
  requireDistinct(
    datasets.flatMap(({ abbr, judge }) => (judge === undefined ? [abbr] : [abbr, judge.dataset.abbr])),
    'datasets',
  );
  requireEnoughAnswers(models, datasets, raw.datasets);
  const { summarizer } = raw;
  const plan = {
    places: { base: cwd, data },
    mode: flags.mode,
    models,
    datasets,
    pairs: raw.pairs,
    summarizer: summarizer && validate(summarizerSchema, summarizer),
    workDir: flags.workDir ?? raw.workDir ?? DEFAULT_WORK_DIR,
    numPrompts: flags.numPrompts,
    numWarmups: flags.numWarmups,
    load: resolveLoad(flags, models),
    nonce: flags.nonce,
    maxErrorRate: flags.maxErrorRate,
    notes: [
      ...(raw.notes ?? []),
      ...notesOnOldNames(raw.models, catalog),
      ...raw.models.flatMap(({ values }) => notesOn(values)),
      ...notesOnRepeats(models, datasets),
      ...(isUnscored ? [] : datasets.flatMap(notesOnJudge)),
    ],
  };
  return deepFreeze(defined(plainData(plan, refuseCode)));
}

/** The class is found first, so that its abilities are known; then the kind of model decides the rest. */
async function resolveEntry(
  given: RawEntry,
  { flags, catalog, ...surroundings }: Surroundings & { flags: CompleteConfig; catalog: Catalog },
): Promise<ModelPlan> {
  const entry = underPresentName(given, catalog);
  const found = await classOf(entry, catalog, surroundings.cwd);
  requireAttr(entry, found.modelClass);
  const known = { ...entry, values: { ...entry.values, type: found.modelClass } };
  if (entry.values['attr'] === 'local') return resolveLocal(known, found);
  return resolveModel(known, found, flags, surroundings);
}

/** Throws UTILS-CFG-002: a plan that held code could be neither written nor sent to a worker. */
function refuseCode(value: unknown, path: readonly string[]): never {
  const what =
    typeof value === 'function' ? 'a function' : typeof value === 'object' ? 'no plain data' : String(value);
  throw new AisBenchError(
    'UTILS-CFG-002',
    `${path.join('.')} is ${what}: a plan is made of what JSON can hold`,
    {
      where: path.join('.'),
      cure: 'write a text, number, list or table; code belongs into a model or dataset class',
    },
  );
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}
