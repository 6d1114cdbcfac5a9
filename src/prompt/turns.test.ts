import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Row } from '../contract/dataset.ts';
import { dialogueRenderer } from './turns.ts';
import type { InferCfg, ReaderCfg } from './types.ts';

const HUMAN = { role: 'HUMAN', prompt: '{question}' };
const BOT = { role: 'BOT', prompt: '{answer}' };
const READER: ReaderCfg = { input_columns: ['question'], output_column: 'answer' };

function renderer(
  template: unknown,
  type = 'MultiTurnPromptTemplate',
  more: Partial<InferCfg> = {},
  meta?: unknown,
) {
  const cfg: InferCfg = {
    prompt_template: { type, template },
    retriever: { type: 'ZeroRetriever' },
    inferencer: { type: 'MultiTurnGenInferencer' },
    ...more,
  };
  return dialogueRenderer(cfg, READER, meta, []);
}

const user = (content: string) => ({ role: 'user', content });
const assistant = (content: string) => ({ role: 'assistant', content });

describe('a row with lists', () => {
  const { render, turnsOf } = renderer({ round: [HUMAN, BOT] });
  const row = { question: ['a?', 'b?', 'c?'], answer: ['A', 'B', 'C'] };

  it('is a turn for each element', () => {
    expect(turnsOf(row)).toBe(3);
    expect(render(row).answers).toEqual(['A', 'B', 'C']);
  });

  it('asks each turn with what was said before it', () => {
    const { promptAt } = render(row);
    expect(promptAt(0, [])).toEqual([user('a?')]);
    expect(promptAt(1, ['x'])).toEqual([user('a?'), assistant('x'), user('b?')]);
    expect(promptAt(2, ['x', '{answer}'])).toEqual([
      user('a?'),
      assistant('x'),
      user('b?'),
      assistant('{answer}'),
      user('c?'),
    ]);
  });

  it('never tells an answer that is to be found', () => {
    const { promptAt } = renderer({ round: [{ role: 'HUMAN', prompt: '{question}{answer}' }, BOT] }).render(
      row,
    );
    expect(promptAt(1, ['x'])).toEqual([user('a?'), assistant('x'), user('b?')]);
  });

  it('needs no answers', () => {
    for (const none of [{ question: ['a?', 'b?'] }, { question: ['a?', 'b?'], answer: null }]) {
      expect(turnsOf(none)).toBe(2);
      expect(render(none).answers).toEqual(['', '']);
    }
    expect(render({ question: ['a?'], answer: [null] }).answers).toEqual(['']);
  });

  it('other columns are the same at every turn, and a system message stands before the first', () => {
    const named = renderer({
      begin: [{ role: 'SYSTEM', prompt: 'You are {name}.' }],
      round: [{ role: 'HUMAN', prompt: '{name}: {question}' }, BOT],
    });
    const prompt = named.render({ ...row, name: 'Ann' }).promptAt(1, ['x']);
    expect(prompt).toEqual([
      { role: 'system', content: 'You are Ann.' },
      user('Ann: a?'),
      assistant('x'),
      user('Ann: b?'),
    ]);
  });

  it.each([
    [{ question: ['a', 'b'], answer: ['A'] }, 'question has 2, answer has 1'],
    [{ question: [], answer: [] }, 'question has 0, answer has 0'],
    [{ question: 'a', answer: 'A' }, 'none of question, answer is a list'],
  ])('%j is refused', (bad: Row, why) => {
    expect(() => turnsOf(bad)).toThrow(expect.objectContaining({ code: 'DSET-DATA-002' }));
    expect(() => turnsOf(bad)).toThrow(why);
    expect(() => render(bad)).toThrow(why);
  });

  it('a column that is missing is told', () => {
    expect(() => render({ questions: ['a'], answer: ['A'] })).toThrow("names a column 'question'");
  });
});

describe('a template with several rounds', () => {
  const template = {
    round: [
      { role: 'HUMAN', prompt: '{q1}' },
      { role: 'BOT', prompt: '{a1}' },
      { role: 'HUMAN', prompt: 'And {q2}' },
      { role: 'BOT', prompt: '{a2}' },
    ],
  };
  const { render, turnsOf } = renderer(template, 'PromptTemplate');
  const row = { q1: 'a?', a1: 'A', q2: 'b?', a2: 'B', answer: 'B' };

  it('is as many turns as it has answers', () => {
    expect(turnsOf(row)).toBe(2);
    expect(render(row).answers).toEqual(['A', 'B']);
    expect(render(row).promptAt(1, ['x'])).toEqual([user('a?'), assistant('x'), user('And b?')]);
  });
});

describe('a malformed dialogue', () => {
  it.each([
    ['{question}', 'it is one text'],
    [{ round: [HUMAN] }, 'nobody answers in its round'],
    [{ round: [HUMAN, BOT, HUMAN] }, 'its round does not end with an answer'],
    [{ round: [BOT, HUMAN, BOT] }, 'an answer has no question before it'],
    [{ round: [HUMAN, BOT, BOT] }, 'an answer has no question before it'],
  ])('%j is refused', (template, why) => {
    expect(() => renderer(template)).toThrow(expect.objectContaining({ code: 'ICLR-TYPE-001' }));
    expect(() => renderer(template)).toThrow(why);
  });
});

describe('a meta template', () => {
  it('says where generation starts, and can make one text of it', () => {
    const meta = {
      begin: '<s>',
      round: [
        { role: 'HUMAN', begin: 'U: ', end: '\n' },
        { role: 'BOT', begin: 'A: ', end: '\n', generate: true },
      ],
    };
    const { promptAt } = renderer({ round: [HUMAN, BOT] }, undefined, {}, meta).render({
      question: ['a?', 'b?'],
      answer: ['A', 'B'],
    });
    expect(promptAt(0, [])).toBe('<s>U: a?\nA: ');
    expect(promptAt(1, ['x'])).toBe('<s>U: a?\nA: x\nU: b?\nA: ');
  });
});

it('worked examples stand before the first turn', () => {
  const cfg: InferCfg = {
    ice_template: { template: { round: [HUMAN, BOT] } },
    prompt_template: {
      type: 'MultiTurnPromptTemplate',
      template: { begin: '</E>', round: [HUMAN, BOT] },
      ice_token: '</E>',
    },
    retriever: { type: 'FixKRetriever', fix_id_list: [0] },
    inferencer: { type: 'MultiTurnGenInferencer' },
  };
  const { render } = dialogueRenderer(cfg, READER, undefined, [{ question: 'e?', answer: 'E' }]);
  expect(render({ question: ['a?', 'b?'], answer: ['A', 'B'] }).promptAt(1, ['x'])).toEqual([
    user('e?'),
    assistant('E'),
    user('a?'),
    assistant('x'),
    user('b?'),
  ]);
});

it('any dialogue of any texts: turn k is 2k + 1 messages, the said ones where they were said', () => {
  const { render } = renderer({ round: [HUMAN, BOT] });
  const pairs = fc.array(fc.tuple(fc.string(), fc.string()), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(pairs, (turns) => {
      const question = turns.map(([text]) => `q${text}`);
      const said = turns.map(([, text]) => text);
      const { promptAt, answers } = render({ question, answer: said });
      expect(answers).toEqual(said);
      for (const turn of turns.keys()) {
        const wanted = question
          .slice(0, turn + 1)
          .flatMap((text, i) => (i === turn ? [user(text)] : [user(text), assistant(said[i]!)]));
        expect(promptAt(turn, said)).toEqual(wanted);
      }
    }),
  );
});
