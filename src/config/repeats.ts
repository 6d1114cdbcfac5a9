import { AisBenchError } from '../contract/errors.ts';
import { type Finding, finding } from '../contract/finding.ts';
import type { DatasetPlan, ModelPlan } from './plan.ts';
import type { RawEntry } from './validate.ts';

type Repeating = Pick<ModelPlan, 'repetitions' | 'fixesRepetitions'>;
type Repeated = Pick<DatasetPlan['config'], 'n'>;

/** Returns how often each row of a dataset is sent to a model: `num_return_sequences`, else the dataset's `n`, else once. */
export function timesAsked({ repetitions, fixesRepetitions }: Repeating, { n }: Repeated): number {
  return fixesRepetitions === true || n === undefined ? repetitions : n;
}

/** Throws DSET-PARAM-002 where a dataset asks for a `k` of more answers than one of the models gives to each row. */
export function requireEnoughAnswers(
  models: readonly ModelPlan[],
  datasets: readonly DatasetPlan[],
  entries: readonly RawEntry[],
): void {
  for (const [at, { abbr, config }] of datasets.entries()) {
    const most = Math.max(...(config.k ?? [1]));
    const short = models.find((model) => timesAsked(model, config) < most);
    if (short === undefined) continue;
    const times = timesAsked(short, config);
    throw new AisBenchError(
      'DSET-PARAM-002',
      `dataset ${abbr}: k is ${most}, but ${short.abbr} is asked each row ${times === 1 ? 'once' : `${times} times`}`,
      {
        where: entries[at]!.where(['k']),
        cure: short.fixesRepetitions
          ? `raise num_return_sequences in the generation_kwargs of ${short.abbr}, or lower k`
          : 'set n of the dataset to at least k, or lower k',
      },
    );
  }
}

/** Finds an `n` of a dataset that does not count. */
export function repeatFindings(models: readonly ModelPlan[], datasets: readonly DatasetPlan[]): Finding[] {
  return datasets.flatMap(({ abbr, config }) =>
    models
      .filter((model) => config.n !== undefined && timesAsked(model, config) !== config.n)
      .map(({ abbr: model, repetitions }) =>
        finding('REPEATS-UNUSED', { n: config.n!, model, repetitions }, { dataset: abbr }),
      ),
  );
}
