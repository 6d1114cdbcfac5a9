import { describe, expect, it } from 'vitest';
import { codeChanges, planChanges, templateChanges } from './find-run.ts';

const model = {
  attr: 'service',
  abbr: 'm',
  class: 'VLLMCustomAPIChat',
  concurrency: 4,
  connection: { servers: ['http://a/'], adapters: undefined as unknown },
  options: { path: '', model: '', url: 'http://a/', apiKey: '***', stream: true, generationKwargs: {} },
};
const local = { ...model, attr: 'local', options: { path: '/weights', dtype: 'float32' } };
const dataset = {
  abbr: 'd',
  class: 'Gsm8k',
  params: {},
  config: { path: 'gsm8k', reader_cfg: { output_column: 'answer' }, infer_cfg: { n: 1 }, eval_cfg: {} },
};
const plan = (own: object = {}, data: object = {}, mode = 'all') => ({
  mode,
  models: [{ ...model, ...own }],
  datasets: [{ ...dataset, ...data }],
});
const changes = (own?: object, data?: object, mode?: string) => planChanges(plan(), plan(own, data, mode));

describe('planChanges', () => {
  it('is silent about where, how fast and how judged', () => {
    const options = { ...model.options, url: 'http://b/', apiKey: 'x', stream: false, path: 'tokenizer' };
    const config = { ...dataset.config, eval_cfg: { rules: 'compat' }, infer_cfg: { n: 2 } };
    expect(changes({ options, concurrency: 9 }, { config })).toEqual([]);
  });

  it.each([
    [{ class: 'TGICustomAPI' }, 'models.m.class'],
    [{ options: { ...model.options, model: 'other' } }, 'models.m.options.model'],
    [{ options: { ...model.options, generationKwargs: { seed: 1 } } }, 'models.m.options.generationKwargs'],
    [{ options: { ...model.options, own: 1 } }, 'models.m.options.own'],
    [{ connection: { adapters: { kind: 'rows' } } }, 'models.m.connection.adapters'],
  ])('names what of a model decides an answer: %j', (own, name) => {
    expect(changes(own)).toEqual([name]);
  });

  it.each([
    [{ class: 'Other' }, 'datasets.d.class'],
    [{ params: { n: 1 } }, 'datasets.d.params'],
    [{ config: { ...dataset.config, path: 'elsewhere' } }, 'datasets.d.config.path'],
    [{ config: { ...dataset.config, reader_cfg: {} } }, 'datasets.d.config.reader_cfg'],
  ])('names what of a dataset decides what is asked: %j', (data, name) => {
    expect(changes({}, data)).toEqual([name]);
  });

  it('the path of a local model is its weights', () => {
    const moved = { ...local, options: { ...local.options, path: '/other' } };
    expect(planChanges(plan(local), plan(moved))).toEqual(['models.m.options.path']);
  });

  it('the mode must stay; models and datasets may come and go', () => {
    expect(changes({}, {}, 'perf')).toEqual(['mode']);
    expect(changes({ abbr: 'new', class: 'Other' }, { abbr: 'new', class: 'Other' })).toEqual([]);
  });

  it.each([
    ['perf', 'all+perf', true],
    ['all+perf', 'perf_viz', true],
    ['all+perf', 'eval', true],
    ['all+perf', 'viz', true],
    ['all+perf', 'all', false],
    ['all+perf', 'judge', false],
    ['perf', 'eval', false],
    ['all', 'all+perf', false],
    ['eval', 'all+perf', false],
  ])('after %s, %s: %s', (before, now, goes) => {
    expect(planChanges(plan({}, {}, before), plan({}, {}, now))).toEqual(goes ? [] : ['mode']);
  });

  it('code that has changed is named by what is made of it', () => {
    const data = (code: string) => ({ code, inferencer: { code }, evaluator: { code } });
    const before = plan({ code: 'a' }, data('a'));
    expect(codeChanges(before, plan({ code: 'b' }, data('b')))).toEqual([
      'models.m.code',
      'datasets.d.code',
      'datasets.d.inferencer.code',
      'datasets.d.evaluator.code',
    ]);
    expect(codeChanges(before, before)).toEqual([]);
    expect(codeChanges(plan(), before)).toEqual([]);
  });

  it('templates are told apart', () => {
    const config = { ...dataset.config, infer_cfg: { n: 2 } };
    expect(templateChanges(plan(), plan({}, { config }))).toEqual(['datasets.d.infer_cfg']);
    expect(templateChanges(plan(), plan())).toEqual([]);
  });

  it('code is told apart where both plans know it', () => {
    expect(codeChanges(plan({ code: 'a' }), plan({ code: 'b' }))).toEqual(['models.m.code']);
    expect(codeChanges(plan({ code: 'a' }), plan({ code: 'a' }))).toEqual([]);
    expect(codeChanges(plan(), plan({ code: 'b' }))).toEqual([]);
    expect(changes({ code: 'b' })).toEqual([]);
  });

  it.each([null, 3, [], { models: 'x', datasets: [1, null] }])(
    'a plan that is none has nothing: %j',
    (odd) => {
      expect(planChanges(odd, {})).toEqual([]);
    },
  );
});
