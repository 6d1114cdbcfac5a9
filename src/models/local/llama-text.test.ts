import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LlamaText } from './llama-batch.ts';

const decodeBytes = (bytes: readonly number[]): string => Buffer.from(bytes).toString('utf8');

it('holds the first bytes of a letter until the last one comes', () => {
  const text = new LlamaText(decodeBytes, []);
  const bytes = [...Buffer.from('é😀!')];
  expect(bytes.map((byte) => text.add(byte, false))).toEqual(['', 'é', '', '', '', '😀', '!']);
});

it('shows an unfinished letter when no token follows', () => {
  const text = new LlamaText(decodeBytes, []);
  expect(text.add(0xc3, true)).toBe('\uFFFD');
});

it('gives the whole text, with a token for each byte', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (whole) => {
      const text = new LlamaText(decodeBytes, []);
      expect([...Buffer.from(whole)].map((byte) => text.add(byte, false)).join('')).toBe(whole);
    }),
  );
});

it('tells the decoder which tokens came before', () => {
  const seen: (readonly string[])[] = [];
  const text = new LlamaText<string>(
    (tokens, before) => {
      seen.push(before);
      return tokens.join('');
    },
    ['p', 'q'],
  );
  text.add('a', false);
  text.add('b', false);
  expect(seen).toEqual([
    ['p', 'q'],
    ['p', 'q', 'a'],
  ]);
});
