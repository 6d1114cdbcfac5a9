import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PageSample } from '../../../src/report/page/samples.ts';
import { findSamples, partsOf } from './find-samples.ts';

const sample = (index: number, verdict: PageSample['verdict'], content: string): PageSample => ({
  ...{ index, verdict, content, reference: '4' },
  prompt: [{ role: 'user', text: `Question ${index}` }],
});
const all = [sample(0, 'correct', 'It is Four'), sample(1, 'wrong', '一共五个'), sample(2, 'failed', '')];

describe('findSamples', () => {
  const found = (verdicts: string[], query: string) =>
    findSamples(all, new Set(verdicts), query).map(({ index }) => index);

  it('finds by verdict and by words in any text, in any case and order', () => {
    expect(found([], '')).toEqual([0, 1, 2]);
    expect(found(['wrong', 'failed'], '')).toEqual([1, 2]);
    expect(found([], 'four IS')).toEqual([0]);
    expect(found([], '五个 question')).toEqual([1]);
    expect(found(['correct'], '五个')).toEqual([]);
    expect(found([], '#2')).toEqual([2]);
  });
});

describe('partsOf', () => {
  it('gives the whole text back, with what the span holds marked', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(20), fc.nat(20), (text, begin, length) => {
        const parts = partsOf(text, [begin, begin + length]);
        expect(parts.map((part) => part.text).join('')).toBe(text);
        const marked = parts.filter((part) => part.marked).map((part) => part.text);
        expect(marked.join('')).toBe(text.slice(begin, begin + length));
      }),
    );
  });

  it('marks a span in the end of a text that was cut, and nothing of what was left out', () => {
    expect(partsOf(['head', 100, 'tail'], [105, 107])).toEqual([
      { text: 'head' },
      { text: '', leftOut: 100 },
      { text: 't' },
      { text: 'ai', marked: true },
      { text: 'l' },
    ]);
    expect(partsOf(['head', 100, 'tail'], [50, 60]).some(({ marked }) => marked)).toBe(false);
  });
});
