import { resolve } from 'node:path';
import type { DatasetPlan, ModelPlan } from '../config/plan.ts';
import type { LoadOptions, Splits, Tokenizer } from '../contract/dataset.ts';
import { loadTokenizer } from '../tokenizer/tokenizer.ts';

/**
 * Reads datasets, each once; one whose rows depend on the model's tokenizer once for each tokenizer. The function throws as
 * the dataset's `load` does.
 */
export function rowReader(
  roots: readonly string[],
  nonce?: string,
): (dataset: DatasetPlan, model: ModelPlan) => Promise<Splits> {
  const read = new Map<DatasetPlan, Map<string, Promise<Splits>>>();
  const tokenizers = new Map<string, Promise<Tokenizer>>();
  const tokenizerAt = (folder: string) => remembered(tokenizers, folder, () => loadTokenizer(folder));
  return (plan, { options: { path: modelPath } }) => {
    const { dataset, config, params } = plan;
    const tokenizer = async (own = modelPath) => (own === '' ? undefined : tokenizerAt(own));
    const known = remembered(read, plan, () => new Map<string, Promise<Splits>>());
    return remembered(known, dataset.usesTokenizer ? modelPath : '', () =>
      dataset.load({
        path: config.path,
        roots,
        params,
        ...splitsOf(config.reader_cfg),
        mediaRoots: mediaRootsOf(plan),
        ...(nonce === undefined ? {} : { nonce }),
        ...(dataset.usesTokenizer ? { tokenizer } : {}),
      }),
    );
  };
}

/** The folders of `media_root`, absolute. */
export function mediaRootsOf({ config }: Pick<DatasetPlan, 'config'>): string[] {
  return (config.media_root ?? []).map((folder) => resolve(folder));
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
