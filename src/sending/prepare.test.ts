import { describe, expect, it } from 'vitest';
import { DIALOGUES, sampleDataset, samplePlan } from '../../test/support/sample-source.ts';
import { inlineRef } from '../config/class-source.ts';
import type { Plan } from '../config/plan.ts';
import type { Row } from '../contract/dataset.ts';
import { AisBenchError } from '../contract/errors.ts';
import { scopedText } from '../contract/finding.ts';
import { preparePairs, prepareTasks } from './prepare.ts';
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

  it('says where a dataset has fewer samples than --num-prompts', async () => {
    const rows = ['a', 'b'].map((question) => ({ question, answer: '' }));
    const said = async (numPrompts: number | undefined) =>
      (await prepareTasks({ ...planOf(rows, {}), numPrompts }))[0]!.findings.map((one) => scopedText(one));
    expect(await said(3)).toEqual(['data: --num-prompts 3, but the dataset has 2 samples']);
    for (const enough of [undefined, 1, 2]) expect(await said(enough)).toEqual([]);
  });

  it('says which keys of a dataset its class did not look at, and that tools are not sent', async () => {
    const rows = [{ question: 'a', answer: '', tools: [] }];
    const plan = planOf(rows, {});
    const load = async ({ params }: { params: Readonly<Record<string, unknown>> }) => {
      expect(params['name']).toBe('x');
      return { train: [], test: rows };
    };
    const own = {
      ...plan.datasets[0]!,
      datasetClass: inlineRef({ name: 'Own', load }),
      params: { name: 'x', subset: 1, level: 2 },
    };
    const findingsOf = async (models: Plan['models']) =>
      (await prepareTasks({ ...plan, models, datasets: [own] }))[0]!.findings;
    const keys = { code: 'DATASET-KEYS-UNUSED', params: { class: 'Own', keys: 'subset, level' } };
    expect(await findingsOf([samplePlan()])).toMatchObject([keys, { code: 'TOOLS-UNUSED' }]);
    expect(await findingsOf([samplePlan({ sendsTools: true })])).toMatchObject([keys]);
  });

  it('says which keys mean nothing to the inferencer', async () => {
    const inferencer = { type: 'GenInferencer', max_out_len: 32 };
    const plan = planOf([{ question: 'a', answer: '' }], { inferencer });
    const keys = { class: 'GenInferencer', keys: 'infer_cfg.inferencer.max_out_len' };
    expect((await prepareTasks(plan))[0]!.findings).toMatchObject([
      { code: 'DATASET-KEYS-UNUSED', params: keys },
    ]);
  });

  it('lets a class that makes its rows know how many the run takes', async () => {
    const load = async ({ count = 1 }) => ({
      train: [],
      test: Array(count).fill({ question: 'a', answer: '' }),
    });
    const plan = planOf([], {});
    const made = { ...plan.datasets[0]!, datasetClass: inlineRef({ name: 'Made', load }) };
    const [task] = await prepareTasks({ ...plan, datasets: [made], numPrompts: 5 });
    expect(sampleCount(task!.source)).toBe(5);
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

  describe('of several pairs', () => {
    const rows = [{ question: 'a', A: '1', B: '2', answer: 'A' }];
    const labels = {
      prompt_template: { template: { A: '{A}', B: '{B}' } },
      inferencer: { type: 'PPLInferencer' },
    };
    const [choices] = planOf(rows, labels).datasets;
    const [questions] = planOf(rows, {}).datasets;
    const named = (dataset: typeof questions, abbr: string) => ({ ...dataset!, abbr });
    const several = (...datasets: Plan['datasets']): Plan => ({ ...planOf(rows, {}), datasets });

    it('one that is impossible is left out, and others are not', async () => {
      const plan = several(named(choices, 'choices'), named(questions, 'questions'));
      const { tasks, refused } = await preparePairs(plan);
      expect(tasks.map(({ dataset }) => dataset.abbr)).toEqual(['questions']);
      expect(refused).toMatchObject([
        { model: plan.models[0], dataset: { abbr: 'choices' }, error: { code: 'ICLI-IMPL-008' } },
      ]);
      expect(await prepareTasks(plan)).toHaveLength(1);
    });

    it('none that can be run is an error, as one pair alone is', async () => {
      for (const plan of [several(named(choices, 'a')), several(named(choices, 'a'), named(choices, 'b'))])
        await expect(preparePairs(plan)).rejects.toMatchObject({ code: 'ICLI-IMPL-008' });
    });

    it('a dataset that is wrong for every model refuses the run', async () => {
      const wrong = named(planOf(rows, { inferencer: { type: 'None' } }).datasets[0], 'wrong');
      const plan = several(named(questions, 'questions'), wrong);
      await expect(preparePairs(plan)).rejects.toMatchObject({ code: 'UTILS-CFG-003' });
    });

    it('what one model alone cannot read is its pair', async () => {
      let readings = 0;
      // Read once a tokenizer: the first model's is not good for it.
      const needy = {
        name: 'Needy',
        usesTokenizer: true as const,
        load: async () => {
          readings++;
          if (readings === 1)
            throw new AisBenchError('UTILS-FILE-003', 'there is no tokenizer', { cure: 'name one' });
          return { train: [], test: rows };
        },
      };
      const dataset = { ...named(questions, 'needy'), datasetClass: inlineRef(needy) };
      const local = { ...samplePlan(), attr: 'local', abbr: 'counts', options: { path: 'w' } };
      const models = [samplePlan(), local];
      const { tasks, refused } = await preparePairs({ ...several(dataset), models } as Plan);
      expect(tasks.map(({ model }) => model.abbr)).toEqual(['counts']);
      expect(refused).toMatchObject([{ error: { code: 'UTILS-FILE-003' } }]);
      readings = 0;
      const alone = several(dataset, named(questions, 'questions'));
      await expect(preparePairs(alone)).rejects.toMatchObject({ code: 'UTILS-FILE-003' });
    });
  });

  it('a dataset without rows is refused', async () => {
    await expect(prepareTasks(planOf([], {}))).rejects.toMatchObject({ code: 'DSET-DATA-002' });
  });
});
