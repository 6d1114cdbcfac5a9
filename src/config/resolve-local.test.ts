import { describe, expect, it } from 'vitest';
import { BaseModel } from '../contract/base-model.ts';
import { scopedText } from '../contract/finding.ts';
import { modelFindings, resolveLocal } from './resolve-model.ts';

class MyCustomModel extends BaseModel {
  async generate() {
    return [];
  }
}

const REF = { module: './models/mine.ts', export: 'MyCustomModel', name: 'MyCustomModel' };

/** The guide's example. */
const GUIDE = {
  attr: 'local',
  type: MyCustomModel,
  abbr: 'my_custom_model',
  path: 'THUDM/chatglm-6b',
  max_out_len: 100,
  batch_size: 4,
  max_seq_len: 2048,
  generation_kwargs: { temperature: 0.0, stop_token_ids: null, num_return_sequences: 3 },
};

function resolve(values: Record<string, unknown>, modelClass: any = MyCustomModel) {
  const entry = {
    values,
    label: 'models.0',
    overridden: {},
    where: (keys: any) => `mine.yaml:${keys.join('.')}`,
  };
  return resolveLocal(entry, { modelClass, ref: REF });
}

describe('a local model', () => {
  it('of the guide', () => {
    expect(resolve(GUIDE)).toMatchObject({
      attr: 'local',
      abbr: 'my_custom_model',
      modelClass: REF,
      methods: [],
      concurrency: 4,
      arrival: { kind: 'closed' },
      attempts: 1,
      repetitions: 3,
      options: {
        path: 'THUDM/chatglm-6b',
        maxOutLen: 100,
        batchSize: 4,
        maxSeqLen: 2048,
        tokenizerOnly: false,
        generationKwargs: { temperature: 0, stop_token_ids: null },
      },
    });
    expect(resolve(GUIDE).origins['path']).toBe('mine.yaml:path');
  });

  it('hands every further key to the class, in camelCase', () => {
    const own = { model_kwargs: { device_map: 'auto' }, tokenizer_path: '/t', peft_path: '/p', run_cfg: {} };
    expect(resolve({ ...GUIDE, ...own }).options).toMatchObject({
      modelKwargs: { device_map: 'auto' },
      tokenizerPath: '/t',
      peftPath: '/p',
    });
    expect(resolve({ ...GUIDE, ...own }).options).not.toHaveProperty('runCfg');
    const { run_cfg: _ours, ...further } = own;
    expect(resolve({ ...GUIDE, ...own }).options.further).toEqual(further);
  });

  it('keeps its meta template for the prompts and for the class', () => {
    const meta_template = { round: [] };
    const plan = resolve({ ...GUIDE, meta_template });
    expect([plan.metaTemplate, plan.options.metaTemplate]).toEqual([meta_template, meta_template]);
  });

  it.each(['abbr', 'path', 'max_out_len', 'batch_size', 'max_seq_len'])('without %s is refused', (key) => {
    const { [key as 'path']: _gone, ...rest } = GUIDE;
    expect(() => resolve(rest)).toThrow(
      expect.objectContaining({ code: 'UTILS-CFG-002', where: `mine.yaml:${key}` }),
    );
  });

  it.each([
    ['generation_kwarg', 'generation_kwargs'],
    ['meta_templat', 'meta_template'],
    ['tokenizer_onyl', 'tokenizer_only'],
  ])('with the slip %s is told %s', (slip, meant) => {
    expect(() => resolve({ ...GUIDE, [slip]: true })).toThrow(
      expect.objectContaining({ message: `models.0 has no key "${slip}"`, cure: `did you mean "${meant}"?` }),
    );
  });

  it('without generate is refused by name', () => {
    class Empty {}
    expect(() => resolve(GUIDE, Empty)).toThrow(
      expect.objectContaining({ code: 'MODEL-IMPL-003', message: 'Empty lacks generate' }),
    );
  });
});

describe('code that a model brings along', () => {
  it.each([
    [{}, []],
    [{ model_kwargs: { trust_remote_code: false }, tokenizer_kwargs: {} }, []],
    [
      { model_kwargs: { trust_remote_code: true }, tokenizer_kwargs: { trust_remote_code: 1 } },
      ['model_kwargs', 'tokenizer_kwargs'],
    ],
  ])('%j: that it runs is said', (own, keys) => {
    expect(modelFindings({ ...GUIDE, ...own }).map((one) => scopedText(one))).toEqual(
      keys.map(
        (key) =>
          `my_custom_model: ${key}.trust_remote_code is on: code that lies at THUDM/chatglm-6b runs here, with your rights`,
      ),
    );
  });
});
