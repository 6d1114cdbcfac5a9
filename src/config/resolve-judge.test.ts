import { describe, expect, it } from 'vitest';
import { samplePlan } from '../../test/support/sample-source.ts';
import { scopedText } from '../contract/finding.ts';
import type { DatasetPlan, ModelPlan } from './plan.ts';
import { judgeFindings, judgesOf, scoredDataset, withJudge } from './resolve-dataset.ts';
import { datasetSchema } from './schema.ts';
import type { RawEntry } from './validate.ts';

const JUDGE = { attr: 'service', type: 'VLLMCustomAPIChat', host_port: 81 };

function entryOf(judge: object, more: object = {}): RawEntry {
  const values = {
    abbr: 'data',
    type: 'DemoGSM8KDataset',
    reader_cfg: { input_columns: ['question'], output_column: 'answer' },
    infer_cfg: {
      prompt_template: { template: '{question}' },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'GenInferencer' },
    },
    judge_infer_cfg: { prompt_template: { template: '{prediction}' }, ...judge },
    ...more,
  };
  return { values, label: 'datasets.0', overridden: {}, where: (keys) => `c.yaml:${keys.join('.')}` };
}

function planOf(entry: RawEntry): DatasetPlan {
  const datasetClass = { module: 'ais-bench', export: 'Data', name: 'Data' };
  return { abbr: 'data', datasetClass, config: datasetSchema.parse(entry.values), params: {}, origins: {} };
}

/** The plan, and the entry that the judge's model was made of. */
async function judged(entry: RawEntry): Promise<{ plan: DatasetPlan; asked: RawEntry[] }> {
  const asked: RawEntry[] = [];
  const resolve = async (one: RawEntry): Promise<ModelPlan> => {
    asked.push(one);
    return samplePlan({ abbr: String(one.values['abbr']), repetitions: 3 });
  };
  return { plan: await withJudge(planOf(entry), entry, resolve), asked };
}

describe('judge_infer_cfg', () => {
  it.each([
    [{}, 'judge'],
    [{ additional_abbr: 'strict' }, 'strict'],
    [{ abbr: 'mine', additional_abbr: 'strict' }, 'mine'],
  ])('names the judge by %j', async (names, abbr) => {
    const { plan, asked } = await judged(entryOf({ judge_model: { ...JUDGE, ...names } }));
    expect(plan.judge!.dataset.abbr).toBe(`data-${abbr}`);
    expect(asked[0]!.values).toEqual({ ...JUDGE, abbr });
    expect(asked[0]!.label).toBe('datasets.0.judge_infer_cfg.judge_model');
    expect(asked[0]!.where(['host_port'])).toBe('c.yaml:judge_infer_cfg.judge_model.host_port');
    expect(scoredDataset(plan)).toBe(plan.judge!.dataset);
    expect(judgesOf({ datasets: [plan, { ...plan, judge: undefined } as never] })).toHaveLength(1);
  });

  it('asks twice where something is swapped; with columns A means what B meant', async () => {
    const swap = async (swapped: object) => {
      const { plan } = await judged(entryOf({ judge_model: JUDGE, swapped }));
      return plan.judge!.swapped;
    };
    expect(await swap({ columns: ['a', 'b'] })).toEqual({ columns: ['a', 'b'], verdicts: 'swapped' });
    expect(await swap({ columns: ['a', 'b'], verdicts: 'same' })).toMatchObject({ verdicts: 'same' });
    expect(await swap({ prompt_template: { template: 'x' } })).toMatchObject({ verdicts: 'same' });
    const { plan } = await judged(entryOf({ judge_model: JUDGE }));
    expect(plan.judge).not.toHaveProperty('swapped');
    for (const nothing of [{}, { verdicts: 'swapped' }]) {
      await expect(swap(nothing)).rejects.toThrow(/swaps nothing/);
    }
  });

  it('asks about each answer once and scores what is said by its letter', async () => {
    const { plan } = await judged(entryOf({ judge_model: JUDGE }));
    const { model, dataset } = plan.judge!;
    expect(model.repetitions).toBe(1);
    expect(dataset.config).toMatchObject({
      reader_cfg: { input_columns: [] },
      infer_cfg: { prompt_template: { template: '{prediction}' }, retriever: { type: 'ZeroRetriever' } },
      eval_cfg: {
        evaluator: { type: 'LLMJudgeCorrectEvaluator' },
        pred_postprocessor: { type: 'get_a_or_b' },
      },
    });
    expect(dataset.datasetClass).toEqual(plan.datasetClass);
  });

  it('without a judge model matches texts, and says so', async () => {
    const eval_cfg = {
      evaluator: { type: 'LLMJudgeCorrectEvaluator' },
      pred_postprocessor: { type: 'get_a_or_b' },
      rules: 'compat',
    };
    for (const more of [{}, { eval_cfg }]) {
      const { plan, asked } = await judged(entryOf({}, more));
      expect(asked).toEqual([]);
      expect(plan.judge).toBeUndefined();
      expect(plan.config.eval_cfg!.evaluator).toEqual({ type: 'StringMatchEvaluator' });
      expect(plan.config.eval_cfg!.pred_postprocessor).toBeUndefined();
      expect(judgeFindings(plan).map((one) => scopedText(one))).toEqual([
        'data: judge_infer_cfg names no judge_model: answers are scored by a match of texts',
      ]);
    }
    const own = { evaluator: { type: 'Gsm8kEvaluator' } };
    const { plan } = await judged(entryOf({}, { eval_cfg: own }));
    expect(plan.config.eval_cfg).toMatchObject(own);
  });

  it('says which of its fields only older versions of AISBench have', async () => {
    const { plan } = await judged(entryOf({ judge_model: { ...JUDGE, max_seq_len: 4096 } }));
    const judge = { ...plan.judge!, model: { ...plan.judge!.model, attr: 'service' } } as never;
    expect(judgeFindings({ ...plan, judge }).map((one) => scopedText(one))).toEqual([
      'data: max_seq_len has no effect: only older versions of AISBench have this field',
    ]);
  });

  it('says that a judge is asked once, and refuses dialogues', async () => {
    const often = { ...JUDGE, generation_kwargs: { num_return_sequences: 2 } };
    const { plan } = await judged(entryOf({ judge_model: often }));
    expect(judgeFindings(plan).map((one) => scopedText(one))).toEqual([
      'data: num_return_sequences of the judge has no effect: it is asked once',
    ]);
    const infer_cfg = {
      prompt_template: { template: '{question}' },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'MultiTurnGenInferencer' },
    };
    await expect(judged(entryOf({ judge_model: JUDGE }, { infer_cfg }))).rejects.toMatchObject({
      code: 'UTILS-CFG-002',
      where: 'c.yaml:judge_infer_cfg',
    });
  });
});
