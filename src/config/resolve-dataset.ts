import { defined } from '../basics/defined.ts';
import { nearest } from '../basics/nearest.ts';
import { AisBenchError } from '../contract/errors.ts';
import { type Catalog, originsOf, unknownName } from './catalog.ts';
import type { DatasetConfig } from './config-types.ts';
import type { DatasetPlan } from './plan.ts';
import { datasetRef } from './resolve-class.ts';
import { datasetSchema } from './schema.ts';
import { type RawEntry, unknownKey, validate } from './validate.ts';

export async function resolveDataset(entry: RawEntry, catalog: Catalog, base: string): Promise<DatasetPlan> {
  const known = Object.keys(datasetSchema.shape);
  const config = validate(datasetSchema, entry);
  const params = Object.fromEntries(Object.entries(config).filter(([key]) => !known.includes(key)));
  for (const key of Object.keys(params)) refuseMisspelling(key, entry, known);
  checkEvaluation(config, entry, catalog);
  const datasetClass = await datasetRef(config.type, entry, catalog, base);
  return {
    abbr: config.abbr,
    datasetClass,
    config: withoutCode(config, datasetClass.name),
    params,
    origins: originsOf(entry, known),
  };
}

/** A config's own classes become names: the plan says elsewhere where they are. */
function withoutCode({ type, judge_infer_cfg, ...config }: DatasetConfig, className: string): DatasetConfig {
  const named = { ...config, type: typeof type === 'string' ? type : className };
  const judge_model = judge_infer_cfg?.judge_model;
  if (judge_infer_cfg === undefined || judge_model === undefined)
    return { ...named, ...defined({ judge_infer_cfg }) };
  const judge = judge_model['type'];
  const judgeType = typeof judge === 'function' ? judge.name : judge;
  return {
    ...named,
    judge_infer_cfg: { ...judge_infer_cfg, judge_model: { ...judge_model, type: judgeType } },
  };
}

/** A dataset class may have keys of its own, but one that is nearly ours was meant to be ours. */
function refuseMisspelling(key: string, entry: RawEntry, known: readonly string[]): void {
  // Every short key is near to `k` and `n`.
  const names = known.filter((name) => name.length > 2);
  if (nearest(key, names) === undefined) return;
  const { text, where, cure } = unknownKey([key], key, entry, names);
  throw new AisBenchError('UTILS-CFG-002', text, { where, cure });
}

function checkEvaluation({ eval_cfg }: DatasetConfig, entry: RawEntry, catalog: Catalog): void {
  if (eval_cfg === undefined) return;
  const check = (
    what: string,
    keys: readonly string[],
    name: string | undefined,
    known: Readonly<Record<string, unknown>>,
  ) => {
    if (name === undefined || Object.hasOwn(known, name)) return;
    throw unknownName(what, name, Object.keys(known), entry, ['eval_cfg', ...keys, 'type']);
  };
  const { evaluator, pred_postprocessor, dataset_postprocessor, extractors = {} } = eval_cfg;
  for (const [name, { type }] of Object.entries(extractors))
    check('post-processor', ['extractors', name], type, catalog.predPostprocessors);
  if (eval_cfg.extractors !== undefined && pred_postprocessor !== undefined) {
    throw new AisBenchError('UTILS-CFG-002', 'eval_cfg has both pred_postprocessor and extractors', {
      where: entry.where(['eval_cfg', 'extractors']),
      cure: 'keep one: the first of extractors makes the headline',
    });
  }
  check('evaluator', ['evaluator'], evaluator.type, catalog.evaluators);
  check('post-processor', ['pred_postprocessor'], pred_postprocessor?.type, catalog.predPostprocessors);
  check(
    'post-processor',
    ['dataset_postprocessor'],
    dataset_postprocessor?.type,
    catalog.datasetPostprocessors,
  );
}
