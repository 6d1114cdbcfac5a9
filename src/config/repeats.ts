import { type Finding, finding } from '../contract/finding.ts';
import type { DatasetPlan, ModelPlan } from './plan.ts';

type Repeating = Pick<ModelPlan, 'repetitions' | 'fixesRepetitions'>;
type Repeated = Pick<DatasetPlan['config'], 'n'>;

/** Returns how often each row of a dataset is sent to a model: `num_return_sequences`, else the dataset's `n`, else once. */
export function timesAsked({ repetitions, fixesRepetitions }: Repeating, { n }: Repeated): number {
  return fixesRepetitions === true || n === undefined ? repetitions : n;
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
