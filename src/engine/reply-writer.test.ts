import { describe, expect, it } from 'vitest';
import { type ReplyPiece, ReplyWriter, type Sampling } from './engine.ts';

const SAMPLING: Sampling = {
  maxTokens: 100,
  minTokens: 0,
  stop: [],
  keepStop: false,
  ignoreEos: false,
  temperature: 0,
  topP: 1,
  topK: 0,
  seed: undefined,
};

function write(sampling: Partial<Sampling>, tokens: readonly string[]) {
  const pieces: ReplyPiece[] = [];
  const writer = new ReplyWriter({ ...SAMPLING, ...sampling }, (piece) => pieces.push(piece));
  const used = tokens.findIndex((token) => writer.token(token)) + 1;
  if (used === 0) writer.endOfText(1);
  return {
    text: pieces.map((piece) => piece.text).join(''),
    tokens: pieces.reduce((sum, piece) => sum + piece.tokens, 0),
    finish: pieces.at(-1)?.finish,
    finishes: pieces.filter((piece) => piece.finish !== undefined).length,
  };
}

describe('ReplyWriter', () => {
  it('counts the end-of-text token', () => {
    expect(write({}, ['a', 'b'])).toEqual({
      text: 'ab',
      tokens: 3,
      finish: { reason: 'stop', stop: null },
      finishes: 1,
    });
  });

  it('ends with length at maxTokens, with the text that was held back', () => {
    const { text, tokens, finish } = write({ maxTokens: 2, stop: ['bx'] }, ['a', 'b', 'c']);
    expect({ text, tokens, finish }).toEqual({
      text: 'ab',
      tokens: 2,
      finish: { reason: 'length', stop: null },
    });
  });

  it('counts tokens whose text is not shown', () => {
    const { text, tokens, finish } = write({ stop: ['bc'] }, ['a', 'b', 'c', 'd']);
    expect({ text, tokens, finish }).toEqual({
      text: 'a',
      tokens: 3,
      finish: { reason: 'stop', stop: 'bc' },
    });
  });

  it('looks for no stop string before minTokens', () => {
    expect(write({ stop: ['b'], minTokens: 2 }, ['a', 'b', 'c', 'b', 'd']).text).toBe('abc');
  });

  it('must go on below minTokens, and always with ignoreEos', () => {
    const writer = new ReplyWriter({ ...SAMPLING, minTokens: 1 }, () => {});
    expect(writer.mustGoOn).toBe(true);
    writer.token('a');
    expect(writer.mustGoOn).toBe(false);
    expect(new ReplyWriter({ ...SAMPLING, ignoreEos: true }, () => {}).mustGoOn).toBe(true);
  });
});
