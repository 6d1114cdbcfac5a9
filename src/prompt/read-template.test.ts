import { expect, it } from 'vitest';
import { promptRenderer } from './render.ts';

const readerCfg = { input_columns: ['question', 'choices'], output_column: 'answer' };
const row = { question: 'Which is {larger}?', choices: ['two', 'three'], answer: 'B' };

function render(template: unknown, more: object = {}) {
  const inferCfg = {
    prompt_template: { type: 'JinjaTemplate', template },
    retriever: { type: 'ZeroRetriever' },
    inferencer: { type: 'GenInferencer' },
    ...more,
  };
  return promptRenderer(inferCfg, readerCfg, undefined, [row]);
}

it('a Jinja template loops, and leaves the answer empty', () => {
  const text =
    "{{ question }}\n{% for c in choices %}{{ 'AB'[loop.index0] }}. {{ c }}\n{% endfor %}Answer: {{ answer }}";
  expect(render(text)(row)).toBe('Which is {larger}?\nA. two\nB. three\nAnswer: ');
});

it('a Jinja dialogue shows worked examples with their answers', () => {
  const prompts = render(
    { begin: '</E>', round: [{ role: 'HUMAN', prompt: '{{ question | upper }}' }] },
    {
      prompt_template: {
        type: 'JinjaTemplate',
        template: { begin: '</E>', round: [{ role: 'HUMAN', prompt: '{{ question | upper }}' }] },
        ice_token: '</E>',
      },
      ice_template: {
        type: 'JinjaTemplate',
        template: {
          round: [
            { role: 'HUMAN', prompt: '{{ question }}' },
            { role: 'BOT', prompt: '{{ answer }}' },
          ],
        },
      },
      retriever: { type: 'FixKRetriever', fix_id_list: [0] },
    },
  )(row);
  expect(prompts).toEqual([
    { role: 'user', content: 'Which is {larger}?' },
    { role: 'assistant', content: 'B' },
    { role: 'user', content: 'WHICH IS {LARGER}?' },
  ]);
});

it('names a column that the dataset has not', () => {
  expect(() => render('{{ qestion }}')(row)).toThrow(
    expect.objectContaining({ code: 'ICLR-TYPE-001', cure: expect.stringContaining('{question}') }),
  );
});

it('names the template that cannot be read', () => {
  expect(() => render('{% import "x" %}{{ question }}')(row)).toThrow(
    expect.objectContaining({ code: 'ICLR-TYPE-001', where: 'infer_cfg.prompt_template.template' }),
  );
});

it('keeps the last line break of a template, and prints lists as Python does', () => {
  expect(render('{{ question }} {{ choices }}\n')(row)).toBe("Which is {larger}? ['two', 'three']\n");
});
