import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rowsIn } from './javascript.ts';

/** What it stands for; it takes time without bound on long texts. */
const EXPRESSION =
  /^(?:\[\s*\[.*?\]\s*(?:,\s*\[.*?\]\s*)*\]|new\s+Array\(\s*\[.*?\]\s*(?:,\s*\[.*?\]\s*)*\))/;

describe('arrays of arrays', () => {
  it('are found where the expression finds them', () => {
    const sign = fc.constantFrom('[', '[', ']', ']', ',', ' ', '1', '\n', ')', 'new Array(');
    const text = fc.array(sign, { maxLength: 14 }).map((signs) => `[[${signs.join('')}`);
    const other = fc.array(sign, { maxLength: 14 }).map((signs) => signs.join(''));
    fc.assert(
      fc.property(fc.oneof(text, other), (code) => {
        expect(rowsIn(code)).toBe(EXPRESSION.exec(code)?.[0]);
      }),
      { numRuns: 3000 },
    );
  });

  it('are none, soon, where the last bracket is missing after thousands of rows', () => {
    const rows = Array.from({ length: 5000 }, () => '[1, 2]').join(', ');
    expect(rowsIn(`[${rows}`)).toBeUndefined();
    expect(rowsIn(`[${rows}, [1,\n2]]`)).toBeUndefined();
    expect(rowsIn(`[${rows}]`)).toBe(`[${rows}]`);
  });
});
