/** Which models are run on which datasets, and pairs that are left out because they cannot be run. */
import { defined } from '../basics/defined.ts';
import { AisBenchError } from '../contract/errors.ts';
import { type Finding, finding } from '../contract/finding.ts';
import type { DatasetPlan, ModelPlan, Plan } from './plan.ts';
import { timesAsked } from './repeats.ts';
import type { RawEntry } from './validate.ts';

/** A model and a dataset that cannot be run on each other, while others can. */
export interface RefusedPair {
  readonly model: ModelPlan;
  readonly dataset: DatasetPlan;
  readonly error: AisBenchError;
}

/** Says that a pair is left out of a run, and what can be done about it. */
export function refusedPair({ model, dataset, error }: RefusedPair): Finding {
  const why = error.cure === undefined ? error.message : `${error.message}; ${error.cure}`;
  return finding('PAIR-REFUSED', { model: model.abbr, dataset: dataset.abbr, why });
}

/** Whether a plan runs a model on a dataset. */
export function isPaired({ pairs }: Pick<Plan, 'pairs'>, { abbr }: ModelPlan, dataset: DatasetPlan): boolean {
  return pairs?.some(([one, other]) => one === abbr && other === dataset.abbr) ?? true;
}

/**
 * Returns the pairs of a run without those whose dataset wants a `k` of more answers than the model gives to each row, with a finding on
 * each. Throws DSET-PARAM-002 where no pair would be left.
 */
export function pairsWithEnoughAnswers(
  { models, datasets, pairs }: Pick<Plan, 'models' | 'datasets' | 'pairs'>,
  entries: readonly RawEntry[],
): Pick<Plan, 'pairs' | 'findings'> {
  const all = models.flatMap((model) => datasets.map((dataset, at) => ({ model, dataset, at })));
  const planned = all.filter(({ model, dataset }) => isPaired({ pairs }, model, dataset));
  const refused = planned.flatMap((pair) => {
    const error = tooFewAnswers(pair.model, pair.dataset, entries[pair.at]!);
    return error === undefined ? [] : [{ ...pair, error }];
  });
  if (refused.length === 0) return { ...defined({ pairs }), findings: [] };
  if (refused.length === planned.length) throw refused[0]!.error;
  const left = planned.filter(
    ({ model, dataset }) => !refused.some((one) => one.model === model && one.dataset === dataset),
  );
  return {
    pairs: left.map(({ model, dataset }) => [model.abbr, dataset.abbr]),
    findings: refused.map(refusedPair),
  };
}

function tooFewAnswers(
  model: ModelPlan,
  { abbr, config }: DatasetPlan,
  entry: RawEntry,
): AisBenchError | undefined {
  const most = Math.max(...(config.k ?? [1]));
  const times = timesAsked(model, config);
  if (times >= most) return undefined;
  return new AisBenchError(
    'DSET-PARAM-002',
    `dataset ${abbr}: k is ${most}, but ${model.abbr} is sent each row ${times === 1 ? 'once' : `${times} times`}`,
    {
      where: entry.where(['k']),
      cure: model.fixesRepetitions
        ? `raise num_return_sequences in the generation_kwargs of ${model.abbr}, or lower k`
        : 'set n of the dataset to at least k, or lower k',
    },
  );
}
