import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoundedTexts, type PageText } from './samples.ts';

function size(text: PageText): number {
  return typeof text === 'string' ? text.length : text[0].length + text[2].length;
}

describe('BoundedTexts', () => {
  it('keeps texts whole while they fit', () => {
    const texts = new BoundedTexts(100);
    const numbers = ['one', 'two'].map((text) => texts.add(text));
    expect(numbers.map((n) => texts.get(n))).toEqual(['one', 'two']);
    expect(texts.cuts).toBe(0);
  });

  it('cuts long texts in the middle, says how much is missing, and stays within its bounds', () => {
    const text = fc.integer({ min: 0, max: 30_000 }).map((length) => 'a😀b'.repeat(length / 4));
    fc.assert(
      fc.property(fc.array(text, { maxLength: 12 }), (all) => {
        const texts = new BoundedTexts(20_000);
        const kept = all.map((one) => texts.add(one)).map((n) => texts.get(n));
        expect(kept.reduce((sum, one) => sum + size(one), 0)).toBeLessThanOrEqual(20_000);
        for (const [n, one] of kept.entries()) {
          if (typeof one === 'string') expect(one).toBe(all[n]);
          else {
            const [head, leftOut, tail] = one;
            expect(all[n]!.startsWith(head) && all[n]!.endsWith(tail)).toBe(true);
            expect(head.length + leftOut + tail.length).toBe(all[n]!.length);
            expect([head, tail].map((part) => Buffer.from(part, 'utf8').toString('utf8'))).toEqual([
              head,
              tail,
            ]);
          }
        }
      }),
    );
  });
});
