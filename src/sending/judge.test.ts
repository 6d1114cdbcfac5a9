import { describe, expect, it } from 'vitest';
import { sampleDataset, samplePlan } from '../../test/support/sample-source.ts';
import { inlineRef } from '../config/class-source.ts';
import type { DatasetPlan } from '../config/plan.ts';
import { singleTurn } from './inferencers.ts';
import { checkJudge, type JudgedAnswer, judgeTask } from './judge.ts';
import type { Task } from './prepare.ts';
import { sampleAt, sampleCount } from './shape.ts';

const TEMPLATE =
  'Q {question} ({prompt}) G {answer} {gold} P {prediction} {model_answer} U {model_pred_uuid}';

const DATA = { name: 'Data', load: async () => ({ train: [], test: [] }), source: () => 'passage' };

function taskWith(template: string, rows: readonly object[]): Task {
  const dataset = planOf('data', '{question}');
  const own = planOf('data-judge', template);
  const judge = { model: samplePlan({ abbr: 'judge', concurrency: 9 }), dataset: own };
  const model = samplePlan({ abbr: 'asked', repetitions: 2 });
  const source = {
    model,
    rows: rows.map((row, index) => ({ index, row: { ...row } })),
    shape: singleTurn({ model, dataset: { ...dataset, type: DATA }, train: [] }),
  };
  const all = { model, dataset: { ...dataset, judge }, datasetType: DATA, source, warmup: source };
  return { ...all, warmupIsMeasured: true, findings: [], countTokens: undefined };
}

function planOf(abbr: string, template: string): DatasetPlan {
  const { config } = sampleDataset({ prompt_template: { template } }, { output_column: null });
  const datasetClass = inlineRef(DATA);
  return { abbr, datasetClass, config: { ...config, abbr }, params: {}, origins: {} };
}

function answer(
  index: number,
  repetition: number,
  text: string,
  more: Partial<JudgedAnswer> = {},
): JudgedAnswer {
  const call = { id: `id ${index} ${repetition}`, model: 'asked', dataset: 'data', index, repetition };
  return { call, prompt: `asked ${index}`, gold: `gold ${index}`, answer: text, ...more };
}

const ROWS = [
  { question: 'q0', answer: 'a0' },
  { question: 'q1', answer: 'a1', gold: 'own' },
];

describe('judgeTask', () => {
  it('asks a question about each answer, in the order of rows and repetitions', () => {
    const answers = [answer(1, 0, 'x {gold}'), answer(0, 1, 'y'), answer(0, 0, 'z'), answer(7, 0, 'gone')];
    const { model, dataset, source } = judgeTask(taskWith(TEMPLATE, ROWS), answers);
    expect([model.abbr, model.concurrency, dataset.abbr]).toEqual(['asked', 9, 'data-judge']);
    expect(sampleCount(source)).toBe(3);
    const calls = [0, 1, 2].map((n) => sampleAt(source, n).first);
    expect(calls.map(({ prompt }) => prompt)).toEqual([
      'Q q0 (asked 0) G a0 gold 0 P z z U id 0 0',
      'Q q0 (asked 0) G a0 gold 0 P y y U id 0 1',
      'Q q1 (asked 1) G a1 own P x {gold} x {gold} U id 1 0',
    ]);
    expect(calls.map(({ ref }) => [ref.model, ref.dataset, ref.index, ref.repetition])).toEqual([
      ['asked', 'data-judge', 0, 0],
      ['asked', 'data-judge', 0, 1],
      ['asked', 'data-judge', 1, 0],
    ]);
    expect(calls.map(({ gold }) => gold)).toEqual(['gold 0', 'gold 0', 'own']);
    expect(new Set(calls.map(({ ref }) => ref.id)).size).toBe(3);
  });

  it('knows a question again by its answer', () => {
    const idOf = (text: string) => {
      const { source } = judgeTask(taskWith('{prediction}', ROWS), [answer(0, 0, text)]);
      return sampleAt(source, 0).ref.id;
    };
    expect(idOf('x')).toBe(idOf('x'));
    expect(idOf('x')).not.toBe(idOf('y'));
  });

  it('tells messages as one text', () => {
    const prompt = [
      { role: 'user', content: 'one' },
      { role: 'assistant', content: [{ type: 'text', text: 'two' }] },
    ];
    const image = [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'u' } }] }];
    const ask = (one: unknown) => {
      const { source } = judgeTask(taskWith('{prompt}', ROWS), [answer(0, 0, '', { prompt: one })]);
      return sampleAt(source, 0).first.prompt;
    };
    expect(ask(prompt)).toBe('one\ntwo');
    expect(ask(image)).toBe(JSON.stringify(image));
  });
});

it('checkJudge finds a column that no row has before anything is asked', () => {
  expect(() => checkJudge(taskWith(TEMPLATE, ROWS))).not.toThrow();
  expect(() => checkJudge(taskWith('{verdict}', ROWS))).toThrow("names a column 'verdict'");
  const task = taskWith(TEMPLATE, []);
  expect(() => checkJudge(task)).not.toThrow();
  const { judge: _none, ...dataset } = task.dataset;
  expect(() => checkJudge({ ...task, dataset })).not.toThrow();
});

it('reads the gold answer from a row of answers, and the source as the dataset does', () => {
  const { datasetType } = judgeTask(taskWith(TEMPLATE, ROWS), []);
  expect(datasetType.reference!({ gold: 4 })).toBe(4);
  expect(datasetType.reference!({})).toBe('');
  expect(datasetType.source!({})).toBe('passage');
});
