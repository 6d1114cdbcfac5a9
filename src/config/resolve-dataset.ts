import { nearest } from '../basics/nearest.ts';
import type { DatasetType } from '../contract/dataset.ts';
import { AisBenchError } from '../contract/errors.ts';
import { type Catalog, originsOf, unknownName } from './catalog.ts';
import type { DatasetPlan } from './plan.ts';
import { type DatasetConfig, datasetSchema } from './schema.ts';
import { type RawEntry, unknownKey, validate } from './validate.ts';

export async function resolveDataset(entry: RawEntry, catalog: Catalog): Promise<DatasetPlan> {
  const known = Object.keys(datasetSchema.shape);
  const config = validate(datasetSchema, entry);
  const params = Object.fromEntries(Object.entries(config).filter(([key]) => !known.includes(key)));
  for (const key of Object.keys(params)) refuseMisspelling(key, entry, known);
  checkEvaluation(config, entry, catalog);
  return {
    abbr: config.abbr,
    dataset: await datasetOf(config.type, entry, catalog),
    config,
    params,
    origins: originsOf(entry, known),
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

async function datasetOf(type: unknown, entry: RawEntry, catalog: Catalog): Promise<DatasetType> {
  if (typeof type === 'object' && type !== null && 'load' in type) return type as DatasetType;
  if (typeof type === 'string' && Object.hasOwn(catalog.datasets, type)) return catalog.datasets[type]!();
  throw unknownName('dataset class', type, Object.keys(catalog.datasets), entry);
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
