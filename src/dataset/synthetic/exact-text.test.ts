import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../basics/random.ts';
import { type CountsTokens, exactText } from './exact-text.ts';
import { englishWords, FILLERS } from './words.ts';

/** Tokenizers that cut where ours do not: across words, by letters, by words, with a head of their own. */
const MEASURES: Readonly<Record<string, CountsTokens>> = {
  letters: (text) => text.length,
  pairs: (text) => Math.ceil(text.length / 2),
  words: (text) => text.split(' ').filter((word) => word !== '').length,
  sentences: (text) => text.split(/[.,]/).length - 1,
  'words after a head of 7': (text) => 7 + text.split(' ').filter((word) => word !== '').length,
};

const material = (measure: CountsTokens, seed: number) => ({
  measure,
  sizeOf: (piece: string) => measure(piece) - measure(''),
  next: englishWords(seededRandom(seed)),
  fillers: FILLERS,
});

describe('an exact text', () => {
  it.each(Object.entries(MEASURES))('is found whatever counts it: %s', (_name, measure) => {
    fc.assert(
      fc.property(
        fc.integer({ min: 7, max: 300 }),
        fc.nat(),
        fc.constantFrom('', 'a1b2c:'),
        (tokens, seed, start) => {
          const least = measure(start);
          if (least > tokens) return;
          const text = exactText(tokens, start, material(measure, seed));
          expect(measure(text)).toBe(tokens);
          expect(text.startsWith(start)).toBe(true);
          expect(text.trim()).toBe(text);
        },
      ),
    );
  });

  it('is refused where its beginning alone is longer, or nothing has that length', () => {
    expect(() => exactText(5, 'longer', material(MEASURES['letters']!, 1))).toThrow(
      expect.objectContaining({ code: 'UTILS-CFG-002', message: expect.stringContaining('6 is the least') }),
    );
    const even: CountsTokens = (text) => 2 * text.length;
    expect(() => exactText(9, '', material(even, 1))).toThrow(/no text of exactly 9 tokens/);
  });

  it('is read as English, its words in sentences', () => {
    const text = exactText(400, '', material(MEASURES['letters']!, 3));
    expect(text).toMatch(/^[A-Z]/);
    expect(text.match(/[a-z]\. [A-Z]/g)!.length).toBeGreaterThan(2);
  });
});
