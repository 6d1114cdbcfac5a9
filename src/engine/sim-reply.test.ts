import { describe, expect, it } from 'vitest';
import {
  countPieces,
  fillerReply,
  fingerprint,
  lookUp,
  PieceSource,
  promptText,
  replySeed,
} from './sim-reply.ts';

const BOOK = new Map([
  [fingerprint('How many legs have 3 cats?'), 'twelve'],
  [fingerprint('How many legs have 2 birds?'), 'four'],
]);
const CATS = 'How many legs have 3 cats?';
const BIRDS = 'How many legs have 2 birds?';

describe('lookUp', () => {
  it.each([
    ['a bare question', CATS],
    ['a question with other blanks and quote marks', ` How many  legs have “3” cats? `],
    [
      'a question with an instruction after it',
      `${CATS}\nPlease reason step by step, and end with \\boxed{}.`,
    ],
    ['the frame of the few-shot prompt', `Question: ${CATS}\nLet's think step by step\nAnswer:`],
    ['the last of several', `Question: ${BIRDS}\nAnswer:\nThe answer is 4\nQuestion: ${CATS}\nAnswer:\n`],
  ])('finds %s in a plain prompt and in a chat', (_, text) => {
    expect(lookUp({ kind: 'text', text }, BOOK)).toBe('twelve');
    expect(lookUp({ kind: 'chat', messages: [{ role: 'user', content: text }] }, BOOK)).toBe('twelve');
  });

  it('answers the last user message of a chat', () => {
    const messages = [
      { role: 'user', content: `Question: ${BIRDS}` },
      { role: 'assistant', content: 'four' },
      { role: 'user', content: `Question: ${CATS}` },
    ];
    expect(lookUp({ kind: 'chat', messages }, BOOK)).toBe('twelve');
  });

  it('knows when it does not know', () => {
    expect(lookUp({ kind: 'text', text: 'How many legs have 3 birds?' }, BOOK)).toBeUndefined();
    expect(lookUp({ kind: 'chat', messages: [{ role: 'system', content: CATS }] }, BOOK)).toBeUndefined();
  });
});

describe('fillerReply', () => {
  it('is within the length asked, says what it is, and depends on the seed alone', () => {
    for (let seed = 0; seed < 50; seed++) {
      const text = fillerReply(seed, { min: 40, max: 90 });
      expect(countPieces(text)).toBeLessThanOrEqual(90);
      expect(countPieces(text)).toBeGreaterThan(20);
      expect(text).toMatch(/^This is a simulated reply\..*\.$/);
      expect(fillerReply(seed, { min: 40, max: 90 })).toBe(text);
    }
    expect(fillerReply(1, { min: 40, max: 90 })).not.toBe(fillerReply(2, { min: 40, max: 90 }));
  });
});

describe('replySeed', () => {
  it('depends on the prompt, the engine and the request', () => {
    const seeds = [replySeed('a', 1, 1), replySeed('b', 1, 1), replySeed('a', 2, 1), replySeed('a', 1, 2)];
    expect(new Set(seeds).size).toBe(4);
    expect(replySeed('a', 1, undefined)).toBe(replySeed('a', 1, undefined));
  });
});

describe('PieceSource', () => {
  it('gives the reply and then filler without end', () => {
    const source = new PieceSource('One two.', 5);
    expect([source.take(), source.take(), source.used, source.take(), source.used]).toEqual([
      'One',
      ' two',
      false,
      '.',
      true,
    ]);
    expect(Array.from({ length: 100 }, () => source.take()).join('')).toMatch(/^ The \w+ \w+ /);
  });
});

it('a chat is its roles and contents, and the turn of the assistant', () => {
  const messages = [{ role: 'user', content: 'Hi' }];
  expect(promptText({ kind: 'chat', messages })).toBe('user: Hi\nassistant:');
});
