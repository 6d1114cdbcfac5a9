import fc from 'fast-check';
import { expect, it } from 'vitest';
import { GrowingText } from './output.ts';

/** Any UTF-16, halves of pairs too: a server may cut a character between two events. */
const anyText = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0x17f }), fc.integer({ min: 0, max: 0xffff })), { maxLength: 40 })
  .map((units) => String.fromCharCode(...units));

it('is what += and = make of a text, and tells when it became another', () => {
  const change = fc.oneof(
    { weight: 5, arbitrary: anyText.map((add) => ({ add })) },
    anyText.map((set) => ({ set })),
    anyText.map((append) => ({ append })),
    fc.constant({ look: true }),
  );
  fc.assert(
    fc.property(fc.array(change, { maxLength: 100 }), (changes) => {
      const text = new GrowingText();
      let expected = '';
      for (const one of changes) {
        const [before, changed] = [expected, text.changes];
        if ('add' in one) {
          text.add(one.add);
          expected += one.add;
        } else if ('set' in one) {
          text.set(one.set);
          expected = one.set;
        } else if ('append' in one) {
          text.set(text.get() + one.append);
          expected += one.append;
        } else expect(text.get()).toBe(expected);
        expect(text.changes > changed).toBe(expected !== before && expected !== '');
      }
      expect(text.get()).toBe(expected);
    }),
  );
});
