import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { promptRenderer } from './render.ts';
import type { InferCfg } from './types.ts';

const readerCfg = { input_columns: ['q'], output_column: 'a' };
const train = [
  { q: 'q0', a: 'a0' },
  { q: 'q1', a: 'a1' },
  { q: 'q2', a: 'a2' },
];
const row = { q: 'Q', a: 'secret' };
const inferencer = { type: 'GenInferencer' };
const zero = { type: 'ZeroRetriever' };
const two = { type: 'FixKRetriever', fix_id_list: [2, 0] };
const human = { role: 'HUMAN', prompt: 'Q: {q}' };
const bot = { role: 'BOT', prompt: '{a}' };

function render(cfg: Partial<InferCfg>, meta?: unknown, asked: Record<string, unknown> = row) {
  return promptRenderer({ retriever: zero, inferencer, ...cfg }, readerCfg, meta, train)(asked);
}
const dialogue = (template: unknown, ice_token?: string) => ({ prompt_template: { template, ice_token } });
const fewShot = (template: unknown): Partial<InferCfg> => ({
  ...dialogue(template, '</E>'),
  ice_template: { template: { round: [human, bot] } },
  retriever: two,
});

describe('a string template', () => {
  it('gives a text, the output column blank, whatever the meta template', () => {
    const cfg = { prompt_template: { type: 'PromptTemplate', template: '{q}\nAnswer: {a}' } };
    expect(render(cfg)).toBe('Q\nAnswer: ');
    expect(render(cfg, { round: [{ role: 'HUMAN', begin: '<u>' }] })).toBe('Q\nAnswer: ');
  });

  it('takes worked examples in the place of the token, with their answers', () => {
    const cfg = {
      prompt_template: { template: 'Do it.\n</E>{q}=', ice_token: '</E>' },
      ice_template: { template: '{q}={a}' },
      retriever: two,
    };
    expect(render(cfg)).toBe('Do it.\nq2=a2\nq0=a0\nQ=');
    const retriever = { ...two, ice_separator: '', ice_eos_token: ';' };
    expect(render({ ...cfg, retriever })).toBe('Do it.\nq2=a2q0=a0;Q=');
    expect(render({ ...cfg, retriever: zero })).toBe('Do it.\nQ=');
  });

  it('can be its own example template, and drops the separator token', () => {
    const ice_template = { template: '</E>{q}<s>={a}', ice_token: '</E>', sep_token: '<s>' };
    expect(render({ ice_template, retriever: two })).toBe('q2=a2\nq0=a0\nQ=');
  });

  it('can be its own example template as a dialogue', () => {
    const ice_template = { template: { begin: '</E>', round: [human, bot] }, ice_token: '</E>' };
    const said = (role: string, content: string) => ({ role, content });
    expect(render({ ice_template, retriever: two })).toEqual([
      ...[said('user', 'Q: q2'), said('assistant', 'a2'), said('user', 'Q: q0'), said('assistant', 'a0')],
      said('user', 'Q: Q'),
    ]);
    expect(render({ ice_template })).toEqual([said('user', 'Q: Q')]);
    expect(() => render({ ice_template: { template: ice_template.template } })).toThrow(
      'ice_template has no ice_token',
    );
  });

  it('leaves braces and tokens in the data alone', () => {
    const prompt_template = { template: '</E>{q}', ice_token: '</E>' };
    const cfg = {
      prompt_template,
      ice_template: { template: '{q}={a}' },
      retriever: { ...two, fix_id_list: [0] },
    };
    const odd = { q: '</E>{a}', a: '{q}' };
    expect(promptRenderer({ ...cfg, inferencer }, readerCfg, undefined, [odd])(odd)).toBe(
      '</E>{a}={q}\n</E>{a}',
    );
  });
});

describe('a dialogue without a meta template', () => {
  it('gives messages in the roles of services', () => {
    const round = [
      { role: 'SYSTEM', prompt: 's' },
      human,
      { role: 'BOT', prompt: 'b' },
      { role: 'TOOL', prompt: 't' },
      { role: 'critic', prompt: 'c' },
      human,
    ];
    expect(render(dialogue({ round }))).toEqual([
      { role: 'system', content: 's' },
      { role: 'user', content: 'Q: Q' },
      { role: 'assistant', content: 'b' },
      { role: 'tool', content: 't' },
      { role: 'critic', content: 'c' },
      { role: 'user', content: 'Q: Q' },
    ]);
  });

  it('ends where generation starts: at the answer of the last round', () => {
    expect(render(dialogue({ round: [human, bot] }))).toEqual([{ role: 'user', content: 'Q: Q' }]);
    const earlier = render(dialogue({ round: [human, bot, human, { role: 'BOT', prompt: 'It is' }] }));
    expect(earlier).toEqual([
      { role: 'user', content: 'Q: Q' },
      { role: 'assistant', content: '' },
      { role: 'user', content: 'Q: Q' },
    ]);
  });

  it('joins neighbours of one role; a text without a role is the user’s', () => {
    const template = { begin: 'Read this.', round: [human, human, bot], end: [' '] };
    expect(render(dialogue(template))).toEqual([{ role: 'user', content: 'Read this.\nQ: Q\nQ: Q' }]);
  });

  it.each([
    ['as begin', { begin: '</E>', round: [human, bot] }],
    ['in a list', { begin: [{ role: 'SYSTEM', prompt: '{q}!' }, '</E>'], round: [human] }],
    ['in the round', { round: ['</E>', human, bot] }],
  ])('puts examples in the place of the token %s', (_, template) => {
    const messages = render(fewShot(template));
    const examples = [
      { role: 'user', content: 'Q: q2' },
      { role: 'assistant', content: 'a2' },
      { role: 'user', content: 'Q: q0' },
      { role: 'assistant', content: 'a0' },
      { role: 'user', content: 'Q: Q' },
    ];
    expect(messages).toEqual(
      'begin' in template && Array.isArray(template.begin)
        ? [{ role: 'system', content: 'Q!' }, ...examples]
        : examples,
    );
  });

  it('takes examples as text inside a message', () => {
    const cfg = {
      ...dialogue({ round: [{ role: 'HUMAN', prompt: '</E>Now: {q}' }] }, '</E>'),
      ice_template: { template: '{q}={a}' },
      retriever: two,
    };
    expect(render(cfg)).toEqual([{ role: 'user', content: 'q2=a2\nq0=a0\nNow: Q' }]);
  });

  it('never lets the answer of the asked row out', () => {
    const item = fc.constantFrom(human, bot, { role: 'SYSTEM', prompt: 'x {a} {q}' });
    fc.assert(
      fc.property(fc.array(item), fc.array(item, { minLength: 1 }), (begin, round) => {
        fc.pre(round.some(({ prompt }) => prompt.includes('{q}')));
        expect(JSON.stringify(render(dialogue({ begin, round })))).not.toContain('secret');
      }),
    );
  });
});

describe('malformed configs', () => {
  it.each<[string, Partial<InferCfg>]>([
    ['no template', {}],
    ['no text', { prompt_template: {} }],
    ['a list', dialogue([])],
    ['labels', dialogue({ A: '{q}', B: '{q}' })],
    ['no round', dialogue({ begin: 'x' })],
    ['a round that is no list', dialogue({ round: human })],
    ['an item without role', dialogue({ round: [{ prompt: '{q}' }] })],
    ['an item without prompt', dialogue({ round: [{ role: 'HUMAN' }] })],
    ['a number as item', dialogue({ begin: 7, round: [human] })],
    ['a token that is nowhere', dialogue('{q}', '</E>')],
    ['a token that is no text', { prompt_template: { template: '{q}', ice_token: 1 } }],
    ['examples without a template', { ...dialogue('</E>{q}', '</E>'), retriever: two }],
    ['examples without a place', { ...fewShot({}), ...dialogue({ round: [human] }) }],
    [
      'text examples without a place',
      { ...dialogue('{q}'), ice_template: { template: '{q}' }, retriever: two },
    ],
    ['messages inside a text', { ...fewShot({}), ...dialogue('</E>{q}', '</E>') }],
    ['messages inside a message', fewShot({ round: [{ role: 'HUMAN', prompt: '</E>{q}' }] })],
    [
      'a column that examples lack',
      {
        ...fewShot({ begin: '</E>', round: [human] }),
        ice_template: { template: { round: [{ role: 'HUMAN', prompt: '{worked}' }] } },
      },
    ],
  ])('%s is refused before any row', (_, cfg) => {
    const build = () => promptRenderer({ retriever: zero, inferencer, ...cfg }, readerCfg, undefined, train);
    expect(build).toThrow(expect.objectContaining({ code: 'ICLR-TYPE-001' }));
  });

  it('another template type is refused', () => {
    expect(() => render({ prompt_template: { type: 'SomePromptTemplate', template: '{q}' } })).toThrow(
      expect.objectContaining({ code: 'UTILS-CFG-003' }),
    );
  });

  it('a row without the column is refused', () => {
    expect(() => render(dialogue({ round: [human] }), undefined, { question: 'x' })).toThrow(
      expect.objectContaining({ code: 'ICLR-TYPE-001', where: 'infer_cfg.prompt_template.template' }),
    );
  });
});
