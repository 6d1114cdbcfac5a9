import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { patternPostprocess } from './choice/patterns.ts';

describe('pattern_postprocess', () => {
  const hashes = patternPostprocess({ patterns: ['#### ([\\d.,-]+)'], clean: ['no_commas'] });

  it('takes the last match of the first pattern that has one', () => {
    const text = '#### 1\nno, #### 1,234';
    expect(hashes.fixed(text)).toEqual({ answer: '1234', rule: 'pattern-1', span: [16, 21] });
    expect(text.slice(16, 21)).toBe('1,234');
    expect(hashes.fixed('none')).toBeUndefined();
    expect(hashes.compat).toBe(hashes.fixed);
  });

  it('names rules, picks the first, ignores case and cleans', () => {
    const { fixed } = patternPostprocess({
      patterns: [
        { name: 'stated', pattern: 'answer is (.+)$' },
        { name: 'letter', pattern: '[A-D]' },
      ],
      pick: 'first',
      ignore_case: true,
      clean: ['upper', 'strip', 'no_final_dot'],
    });
    expect(fixed('The ANSWER is yes. ')).toMatchObject({ answer: 'YES', rule: 'stated' });
    expect(fixed('b or c')).toMatchObject({ answer: 'B', rule: 'letter', span: [0, 1] });
  });

  it('has a span that holds the answer', () => {
    const { fixed } = patternPostprocess({ patterns: ['x(\\d+)', '\\d+'] });
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('x', '1', ' ', '7') }), (text) => {
        const found = fixed(text);
        if (found) expect(text.slice(...found.span)).toBe(found.answer);
        else expect(text).not.toMatch(/\d/);
      }),
    );
  });

  it.each([
    [{}, 'patterns'],
    [{ patterns: [] }, 'patterns'],
    [{ patterns: ['('] }, 'patterns.0'],
    [{ patterns: ['a', 3] }, 'patterns.1'],
    [{ patterns: ['a'], pick: 'middle' }, 'pick'],
    [{ patterns: ['a'], clean: ['polish'] }, 'clean'],
    [{ patterns: ['a'], pattern: 'b' }, 'pattern'],
  ])('refuses %j', (options, where) => {
    expect(() => patternPostprocess(options)).toThrow(
      expect.objectContaining({ code: 'UTILS-CFG-002', where }),
    );
  });
});
