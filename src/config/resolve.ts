import type { Catalog } from './catalog.ts';
import { refuseContradictions } from './contradicting-flags.ts';
import { requireDistinct } from './distinct-names.ts';
import type { RunFlags } from './flags.ts';
import { hasStep, isLoadTest } from './modes.ts';
import { notesOnOldNames, underPresentName } from './old-names.ts';
import type { APIModelClass, DatasetPlan, LocalModelClass, ModelPlan, Plan } from './plan.ts';
import type { RawConfig } from './raw.ts';
import type { Environment } from './reading.ts';
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

/** Raw configs and flags become a plan, complete and frozen. */
export async function resolvePlan(
  raw: RawConfig,
  flags: RunFlags,
  catalog: Catalog,
  env: Environment = process.env,
): Promise<Plan> {
  refuseContradictions(flags);
  const modelOf = (entry: RawEntry) => resolveEntry(entry, { flags, catalog, env });
  const models = await Promise.all(raw.models.map(modelOf));
  // What is not scored, nobody is asked to judge.
  const isUnscored = isLoadTest(flags.mode) && !hasStep(flags.mode, 'score');
  const judged = (entry: RawEntry) => async (plan: DatasetPlan) =>
    isUnscored ? plan : withJudge(plan, entry, modelOf);
  const datasets = await Promise.all(
    raw.datasets.map((entry) => resolveDataset(entry, catalog).then(judged(entry))),
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
  return deepFreeze({
    mode: flags.mode,
    models,
    datasets,
    ...(raw.pairs === undefined ? {} : { pairs: raw.pairs }),
    summarizer: summarizer === undefined ? undefined : validate(summarizerSchema, summarizer),
    workDir: flags.workDir ?? DEFAULT_WORK_DIR,
    numPrompts: flags.numPrompts,
    numWarmups: flags.numWarmups,
    load: resolveLoad(flags, models),
    ...(flags.nonce === undefined ? {} : { nonce: flags.nonce }),
    maxErrorRate: flags.maxErrorRate,
    notes: [
      ...notesOnOldNames(raw.models, catalog),
      ...raw.models.flatMap(({ values }) => notesOn(values)),
      ...notesOnRepeats(models, datasets),
      ...(isUnscored ? [] : datasets.flatMap(notesOnJudge)),
    ],
  });
}

/** The class is found first, so that what it can do is known; then the kind of model decides the rest. */
async function resolveEntry(
  given: RawEntry,
  { flags, catalog, env }: { flags: RunFlags; catalog: Catalog; env: Environment },
): Promise<ModelPlan> {
  const entry = underPresentName(given, catalog);
  const modelClass = await classOf(entry, catalog);
  requireAttr(entry, modelClass);
  const known = { ...entry, values: { ...entry.values, type: modelClass } };
  if (entry.values['attr'] === 'local') return resolveLocal(known, modelClass as LocalModelClass);
  return resolveModel(known, modelClass as APIModelClass, flags, env);
}

/** Classes and dataset objects are code, not values; they are left as they are. */
function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) if (typeof inner === 'object') deepFreeze(inner);
  return Object.freeze(value);
}
