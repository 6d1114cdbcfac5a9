import { describe, expect, it } from 'vitest';
import { sampleDataset, sampleSource } from '../../test/support/sample-source.ts';
import { checkReferences, type Task } from './prepare.ts';
import { sampleAt } from './shape.ts';

function task(golds: readonly unknown[], own: object = {}): Task {
  const dataset = sampleDataset();
  const config = { ...dataset.config, eval_cfg: { evaluator: { type: 'AccEvaluator' }, rules: 'fixed' } };
  const source = sampleSource(golds.length);
  const shape = {
    ...source.shape,
    makeRun: (...args: Parameters<typeof source.shape.makeRun>) => {
      const one = sampleAt({ ...source, rows: [args[0]] }, 0);
      return { ...one, first: { ...one.first, gold: golds[args[0].index] } };
    },
  };
  return { dataset: { ...dataset, config, ...own }, source: { ...source, shape } } as unknown as Task;
}

describe('checkReferences', () => {
  it.each([[['18', '7']], [[0, '']], [[false]], [[]]])('takes %j', (golds) => {
    expect(() => checkReferences(task(golds))).not.toThrow();
  });

  it.each([undefined, null])('refuses a row whose reference is %s, by its number', (gold) => {
    expect(() => checkReferences(task(['1', '2', gold]))).toThrow(
      expect.objectContaining({ code: 'DSET-PARAM-003', where: expect.stringMatching(/, row 2$/) }),
    );
  });

  it('refuses a dataset without eval_cfg, and one with a judge', () => {
    const { config } = sampleDataset();
    const { eval_cfg: _none, ...rest } = config;
    expect(() => checkReferences(task(['1'], { config: rest }))).toThrow('it has no eval_cfg');
    expect(() => checkReferences(task(['1'], { judge: {} }))).toThrow('a judge model scores its answers');
  });
});
