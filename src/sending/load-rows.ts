import { resolve } from 'node:path';
import { defined } from '../basics/defined.ts';
import type { DatasetPlan, ModelPlan, Plan } from '../config/plan.ts';
import type { DatasetType, LoadOptions, Splits, Tokenizer } from '../contract/dataset.ts';
import { loadDataset } from '../load-class.ts';
import { loadTokenizer } from '../tokenizer/tokenizer.ts';

/** A dataset class, and the rows that it read. */
export interface ReadDataset {
  readonly type: DatasetType;
  readonly splits: Splits;
}

/**
 * Reads datasets, each once; one whose rows depend on the model's tokenizer once for each tokenizer. The function throws as
 * the dataset's `load` does.
 */
export function rowReader({
  places,
  nonce,
}: Pick<Plan, 'places' | 'nonce'>): (dataset: DatasetPlan, model: ModelPlan) => Promise<ReadDataset> {
  const { base, data: roots } = places;
  const read = new Map<DatasetPlan, Map<string, Promise<Splits>>>();
  const tokenizers = new Map<string, Promise<Tokenizer>>();
  const tokenizerAt = (folder: string) =>
    remembered(tokenizers, folder, () => loadTokenizer(resolve(base, folder)));
  return async (plan, { options: { path: modelPath } }) => {
    const { datasetClass, config, params } = plan;
    const type = await loadDataset(datasetClass, base);
    const tokenizer = async (own = modelPath) => (own === '' ? undefined : tokenizerAt(own));
    const known = remembered(read, plan, () => new Map<string, Promise<Splits>>());
    const splits = await remembered(known, type.usesTokenizer ? modelPath : '', () =>
      type.load({
        path: config.path,
        roots,
        base,
        params,
        ...splitsOf(config.reader_cfg),
        mediaRoots: mediaRootsOf(plan, base),
        ...defined({ nonce, tokenizer: type.usesTokenizer ? tokenizer : undefined }),
      }),
    );
    return { type, splits };
  };
}

/** The folders of `media_root`, absolute. */
export function mediaRootsOf({ config }: Pick<DatasetPlan, 'config'>, base: string): string[] {
  return (config.media_root ?? []).map((folder) => resolve(base, folder));
}

type ReaderCfg = DatasetPlan['config']['reader_cfg'];

function splitsOf({
  train_split: train,
  test_split: test,
}: Pick<ReaderCfg, 'train_split' | 'test_split'> = {}): Pick<LoadOptions, 'splits'> {
  return train === undefined && test === undefined ? {} : { splits: { train, test } };
}

function remembered<K, V>(known: Map<K, V>, key: K, make: () => V): V {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}
