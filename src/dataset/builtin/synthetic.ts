import type { DatasetType } from '../../contract/dataset.ts';
import { readSyntheticConfig } from '../synthetic/config.ts';
import { syntheticRows } from '../synthetic/prompts.ts';

/** Prompts of an exact length in the tokens of the model that is asked (AISBench §4.9; docs/datasets.md). */
export const SyntheticDataset: DatasetType = {
  name: 'SyntheticDataset',
  usesTokenizer: true,
  async load({ params, tokenizer, nonce = 'none' }) {
    const config = readSyntheticConfig(params);
    const { rows, warmup, notes } = syntheticRows(config, await tokenizer?.(config.tokenizerPath), nonce);
    return { train: [], test: rows, warmup, notes };
  },
};
