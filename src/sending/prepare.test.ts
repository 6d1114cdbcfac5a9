import { describe, expect, it } from 'vitest';
import { DIALOGUES, sampleDataset, samplePlan } from '../../test/support/sample-source.ts';
import { inlineRef } from '../config/class-source.ts';
import type { Plan } from '../config/plan.ts';
import type { Row } from '../contract/dataset.ts';
import { prepareTasks } from './prepare.ts';
import { requestCount, sampleAt, sampleCount } from './shape.ts';

function planOf(test: readonly Row[], inferCfg: Readonly<Record<string, unknown>>, readerCfg = {}): Plan {
  const dataset = { name: 'Own', load: async () => ({ train: [], test }) };
  return {
    places: { base: '', data: [] },
    mode: 'all',
    models: [samplePlan()],
    datasets: [
      { ...sampleDataset(inferCfg, readerCfg), datasetClass: inlineRef(dataset), params: {}, origins: {} },
    ],
    summarizer: undefined,
    workDir: '',
    numPrompts: undefined,
    numWarmups: 0,
    load: { seed: 0, durationMs: undefined, pressure: false, cycle: false, workers: 1 },
    maxErrorRate: 0,
    findings: [],
  };
}

describe('prepareTasks', () => {
  it('the inferencer says how a row becomes a case', async () => {
    const rows = [
      { question: ['a', 'b'], answer: ['A', 'B'] },
      { question: ['c'], answer: ['C'] },
    ];
    const [{ source }] = (await prepareTasks(planOf(rows, DIALOGUES))) as [any];
    expect([sampleCount(source), requestCount(source)]).toEqual([2, 3]);
    expect(sampleAt(source, 0).first.ref).toMatchObject({ turn: 0, turns: 2 });
  });

  it('rows that are not measured warm up, where there are any', async () => {
    const rows = ['a', 'b', 'c'].map((question) => ({ question, answer: '' }));
    const [some] = await prepareTasks(planOf(rows, {}, { test_range: '[1:2]' }));
    expect(some!.warmup.rows.map(({ index }) => index)).toEqual([0, 2]);
    const [all] = await prepareTasks(planOf(rows, {}));
    expect([all!.warmup.rows.length, all!.warmupIsMeasured]).toEqual([3, true]);
  });

  it("asks each row as often as the dataset's n says, where the model does not say", async () => {
    const rows = ['a', 'b'].map((question) => ({ question, answer: '' }));
    const plan = planOf(rows, {});
    const [dataset] = plan.datasets;
    const twice = { ...dataset!, config: { ...dataset!.config, n: 2 } };
    const [byDataset] = await prepareTasks({ ...plan, datasets: [twice] });
    const refs = Array.from({ length: 4 }, (_, n) => sampleAt(byDataset!.source, n).ref);
    expect(refs.map(({ index, repetition }) => [index, repetition])).toEqual([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ]);
    expect(byDataset!.model).toBe(plan.models[0]);
    const thrice = samplePlan({ repetitions: 3, fixesRepetitions: true });
    const [byModel] = await prepareTasks({ ...plan, models: [thrice], datasets: [twice] });
    expect(sampleCount(byModel!.source)).toBe(6);
  });

  it('a row that is no DIALOGUES is told before anything is sent, wherever it stands', async () => {
    const rows = [
      { question: ['a'], answer: ['A'] },
      { question: 'b', answer: 'B' },
    ];
    await expect(prepareTasks(planOf(rows, DIALOGUES))).rejects.toMatchObject({ code: 'DSET-DATA-002' });
  });

  it.each([
    ['MultiTurnInferencer', 'did you mean "MultiTurnGenInferencer"?'],
    ['LMMGenInferencer', 'did you mean "GenInferencer"?'],
    [
      'constructor',
      'use one of: GenInferencer, MultiTurnGenInferencer, PPLInferencer, BFCLV3FunctionCallInferencer',
    ],
  ])('the inferencer %s is refused', async (type, cure) => {
    const plan = planOf([{ question: 'a', answer: 'A' }], { inferencer: { type } });
    await expect(prepareTasks(plan)).rejects.toMatchObject({ code: 'UTILS-CFG-003', cure });
  });

  it('a dataset without rows is refused', async () => {
    await expect(prepareTasks(planOf([], {}))).rejects.toMatchObject({ code: 'DSET-DATA-002' });
  });
});
