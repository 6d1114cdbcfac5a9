import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fencedBlocks, humanevalPostprocess } from './programs.ts';

const { compat, fixed } = humanevalPostprocess;

describe.each([
  ['a block', 'Sure:\n```python\ndef f():\n    0\n```\nDone.', 'def f():\n    0\n', 'def f():\n    0\n'],
  ['no block', '    return 1\n', '    return 1\n', '    return 1\n'],
  ['a block without language', '```\nx = 1\n```', 'x = 1\n', 'x = 1\n'],
  ['a first block of a shell', '```sh\npip\n```\n```py\ndef f(): 0\n```', 'pip\n', 'def f(): 0\n'],
  ['two blocks', '```py\ndef f(): 0\n```\n```py\ndef g(): 0\n```', 'def f(): 0\n', 'def f(): 0\n'],
  ['a block that was cut', '```python\ndef f():\n    0', '```python\ndef f():\n    0', 'def f():\n    0'],
  ['tildes', '~~~\nx\n~~~', '~~~\nx\n~~~', 'x\n'],
  ['attributes', '```python title="a"\nx\n```', '```python title="a"\nx\n```', 'x\n'],
  ['fences on other lines', 'use ```x``` here', 'use ```x``` here', 'use ```x``` here'],
  ['a body, then prose', '    return x\n```\nIt works.', '    return x\n```\nIt works.', '    return x\n'],
  ['a body, then a trial of it', '    return x\n```py\nf(1)\n```', 'f(1)\n', '    return x\n'],
  ['a body with a fence in a text', '    return "```"\n', '    return "```"\n', '    return "```"\n'],
  ['an indented list, then code', '  - Do:\n```\nx = 1\n```', 'x = 1\n', 'x = 1\n'],
  ['an indented block', '1. Do\n   ```py\n   x = 1\n   ```', '   x = 1\n   ', '   x = 1\n'],
])('%s', (_, text, ofCompat, ofFixed) => {
  it('is read under both rule sets', () => {
    expect(compat(text)?.answer).toBe(ofCompat);
    expect(fixed(text)?.answer).toBe(ofFixed);
  });
});

it.each(['', '  \n', '\u00a0'])('%j holds no code', (text) => {
  expect([compat(text), fixed(text)]).toEqual([undefined, undefined]);
});

const pieces = fc.constantFrom('```', '~~~', '````', 'python', '\n', 'def f():', ' ', 'x', '`', 'é', '\r');
const text = fc.array(pieces, { maxLength: 25 }).map((parts) => parts.join(''));

it('any answer stands where its span says', () => {
  fc.assert(
    fc.property(text, fc.constantFrom(compat, fixed), (original, extract) => {
      const found = extract(original);
      if (found !== undefined) expect(original.slice(...found.span)).toBe(found.answer);
    }),
    { numRuns: 200 },
  );
});

it('blocks are in order and hold no line that closes them', () => {
  fc.assert(
    fc.property(text, (original) => {
      let last = 0;
      for (const { start, end } of fencedBlocks(original)) {
        expect(start).toBeGreaterThanOrEqual(last);
        expect(end).toBeGreaterThanOrEqual(start);
        last = end;
      }
      expect(last).toBeLessThanOrEqual(original.length);
    }),
    { numRuns: 200 },
  );
});
