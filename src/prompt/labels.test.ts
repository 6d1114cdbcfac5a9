import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Row } from '../contract/dataset.ts';
import { labelRenderer, promptRenderer } from './render.ts';
import type { InferCfg, ReaderCfg } from './types.ts';

const READER: ReaderCfg = { input_columns: ['question', 'A', 'B'], output_column: 'answer' };
const TEXTS = { A: 'Q: {question}\nA: {A}', B: 'Q: {question}\nA: {B}' };
const ROW = { question: 'sky?', A: 'blue', B: 'green', answer: 'A' };

function renderer(
  template: unknown,
  more: Partial<InferCfg> = {},
  meta?: unknown,
  train: readonly Row[] = [],
) {
  const cfg: InferCfg = {
    prompt_template: { template },
    retriever: { type: 'ZeroRetriever' },
    inferencer: { type: 'PPLInferencer' },
    ...more,
  };
  return labelRenderer(cfg, READER, meta, train);
}

describe('labels', () => {
  it('each has its complete prompt, in the order of the template', () => {
    const { labelsOf, render } = renderer(TEXTS);
    expect(labelsOf(ROW)).toEqual(['A', 'B']);
    expect(render(ROW)).toEqual([
      { label: 'A', prompt: 'Q: sky?\nA: blue' },
      { label: 'B', prompt: 'Q: sky?\nA: green' },
    ]);
  });

  it('may have the name of a part of a dialogue', () => {
    const { labelsOf, render } = renderer({ start: TEXTS.A, end: TEXTS.B });
    expect(labelsOf(ROW)).toEqual(['start', 'end']);
    expect(render(ROW)[1]).toEqual({ label: 'end', prompt: 'Q: sky?\nA: green' });
    expect(() => renderer({ begin: 'x', end: 'y' }).render(ROW)).toThrow('malformed');
  });

  it('the answer is not blank: a label may say it', () => {
    const { render } = renderer({ yes: '{answer}: yes', no: '{answer}: no' });
    expect(render(ROW).map(({ prompt }) => prompt)).toEqual(['A: yes', 'A: no']);
  });

  it('a dialogue is told whole, its last message included', () => {
    const round = (answer: string) => ({
      round: [
        { role: 'HUMAN', prompt: '{question}' },
        { role: 'BOT', prompt: answer },
      ],
    });
    const dialogues = { A: round('{A}'), B: round('{B}') };
    expect(renderer(dialogues).render(ROW)[1]!.prompt).toEqual([
      { role: 'user', content: 'sky?' },
      { role: 'assistant', content: 'green' },
    ]);
    const meta = {
      round: [
        { role: 'HUMAN', begin: 'U: ', end: '\n' },
        { role: 'BOT', begin: 'A: ', end: '</s>', generate: true },
      ],
      end: '<end>',
    };
    expect(renderer(dialogues, {}, meta).render(ROW)[0]!.prompt).toBe('U: sky?\nA: blue</s><end>');
  });

  it('a label whose column is null in a row is not one of its labels', () => {
    const { labelsOf, render } = renderer({ ...TEXTS, C: 'Q: {question}\nA: {C}' });
    expect(labelsOf({ ...ROW, C: null })).toEqual(['A', 'B']);
    expect(render({ ...ROW, C: 'red' })).toHaveLength(3);
    expect(() => render({ ...ROW, B: undefined, C: 'red' })).toThrow("a column 'B'");
  });

  it('inferencer.labels picks them and their order', () => {
    const wanted = (labels: unknown) => renderer(TEXTS, { inferencer: { type: 'PPLInferencer', labels } });
    expect(wanted(['B', 'A']).labelsOf(ROW)).toEqual(['B', 'A']);
    for (const bad of [['A'], ['A', 'A'], 'AB', []]) {
      expect(() => wanted(bad)).toThrow('it is not a list of different labels');
    }
    expect(() => wanted(['A', 'C'])).toThrow('no template has the label "C"');
  });

  it.each(['Q: {question}', { round: [{ role: 'HUMAN', prompt: '{question}' }] }])(
    '%j is no template for each label',
    (template) => {
      expect(() => renderer(template)).toThrow('PPLInferencer needs a template for each label');
    },
  );

  it('a template for each label is no prompt of a question', () => {
    const cfg: InferCfg = {
      prompt_template: { template: TEXTS },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'GenInferencer' },
    };
    expect(() => promptRenderer(cfg, READER, undefined, [])).toThrow('it has a template for each label');
  });
});

describe('worked examples', () => {
  const train = [
    { question: 'grass?', A: 'blue', B: 'green', answer: 'B' },
    { question: 'sea?', A: 'blue', B: 'red', answer: 'A' },
  ];
  const retriever = { type: 'FixKRetriever', fix_id_list: [0, 1] };

  it('are told by the template of their own label, before every label', () => {
    const withToken = { A: `</E>${TEXTS.A}`, B: `</E>${TEXTS.B}` };
    const prompts = {
      prompt_template: { template: withToken, ice_token: '</E>' },
      ice_template: { template: TEXTS },
    };
    const { render } = renderer(undefined, { ...prompts, retriever }, undefined, train);
    const examples = 'Q: grass?\nA: green\nQ: sea?\nA: blue\n';
    expect(render(ROW).map(({ prompt }) => prompt)).toEqual([
      `${examples}Q: sky?\nA: blue`,
      `${examples}Q: sky?\nA: green`,
    ]);
  });

  it('and question may share one template', () => {
    const dialogue = (answer: string) => ({
      begin: '</E>',
      round: [
        { role: 'HUMAN', prompt: 'Q: {question}' },
        { role: 'BOT', prompt: answer },
      ],
    });
    const texts = { A: `</E>${TEXTS.A}`, B: `</E>${TEXTS.B}` };
    const whole = (template: unknown) =>
      renderer(
        undefined,
        { prompt_template: undefined, ice_template: { template, ice_token: '</E>' }, retriever },
        undefined,
        train,
      )
        .render(ROW)
        .map(({ prompt }) => prompt);
    const examples = 'Q: grass?\nA: green\nQ: sea?\nA: blue\n';
    expect(whole(texts)).toEqual([`${examples}Q: sky?\nA: blue`, `${examples}Q: sky?\nA: green`]);
    const said = (question: string, answer: string) => [
      { role: 'user', content: `Q: ${question}` },
      { role: 'assistant', content: answer },
    ];
    const before = [...said('grass?', 'green'), ...said('sea?', 'blue')];
    expect(whole({ A: dialogue('{A}'), B: dialogue('{B}') })).toEqual([
      [...before, ...said('sky?', 'blue')],
      [...before, ...said('sky?', 'green')],
    ]);
  });

  it('an example whose answer is no label is told', () => {
    const make = () =>
      renderer(
        undefined,
        { prompt_template: { template: TEXTS }, ice_template: { template: TEXTS }, retriever },
        undefined,
        [train[0]!, { ...train[1]!, answer: 'D' }],
      );
    expect(make).toThrow('no label is "D"');
  });
});

it('any texts: what a column says never names another column', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (question, A, B) => {
      const [first, second] = renderer(TEXTS).render({ question, A, B, answer: 'A' });
      expect(first!.prompt).toBe(`Q: ${question}\nA: ${A}`);
      expect(second!.prompt).toBe(`Q: ${question}\nA: ${B}`);
    }),
  );
});
