import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countPieces, splitPieces } from './sim-reply.ts';

const ANY_TEXT = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string(),
  fc.string({
    unit: fc.constantFrom(' ', '\n', '\r', '\t', 'a', 'é', 'ß', '7', '.', '中', '😀', '\u0301', '\ud800'),
  }),
);

describe('splitPieces', () => {
  it.each([
    ['The answer is 46.', ['The', ' answer', ' is', ' ', '4', '6', '.']],
    ['a, b\n\nc', ['a', ',', ' b', '\n\n', 'c']],
    ['incomprehensible', ['incompre', 'hensible']],
    [' ($5)', [' (', '$', '5', ')']],
    ['', []],
  ])('%j', (text, pieces) => {
    expect(splitPieces(text)).toEqual(pieces);
  });

  it('gives pieces that are the text again, whatever the text', () => {
    fc.assert(fc.property(ANY_TEXT, (text) => splitPieces(text).join('') === text));
  });

  it('never gives an empty piece, and counts the pieces that it gives', () => {
    fc.assert(
      fc.property(ANY_TEXT, fc.nat(10), (text, limit) => {
        const pieces = splitPieces(text);
        expect(pieces).not.toContain('');
        expect(countPieces(text)).toBe(pieces.length);
        expect(countPieces(text, limit)).toBe(Math.min(pieces.length, limit));
      }),
    );
  });
});
