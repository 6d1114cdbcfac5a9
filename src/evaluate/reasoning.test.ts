import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { originalSpan, stripReasoning } from './judge.ts';

describe('stripReasoning', () => {
  it.each([
    ['both tags', '<think>5 or 6?</think>\n\nIt is 6.\n', 'It is 6.'],
    ['only the closing tag', '5 or 6?\n</think>\n\nIt is 6.', 'It is 6.'],
    ['an unclosed tag', '<think>5 or 6? I', ''],
    ['an unclosed tag after text', 'It is 6. <think>Or 5', 'It is 6.'],
    ['several blocks', '<think>a</think>It <think>b</think>is 6.', 'It is 6.'],
    ['a block after a stray end', 'a</think>It is<think>b</think> 6.', 'It is 6.'],
    ['stray ends', 'a</think>b</think>It is 6.', 'It is 6.'],
    ['a block opened twice', '<think>a<think>b</think>It is 6.', 'It is 6.'],
    ['only reasoning', '<think>5</think>', ''],
    ['nothing', '', ''],
    ['no tags', '  It is 6. \n', '  It is 6. \n'],
  ])('%s', (_, text, expected) => {
    expect(stripReasoning(text).text).toBe(expected);
  });

  const part = fc.constantFrom('<think>', '</think>', ' ', '\n', 'a', 'bc', '<', 'think>');
  const text = fc.array(part).map((parts) => parts.join(''));

  it('leaves no tag, and settles at once', () => {
    fc.assert(
      fc.property(text, (original) => {
        const once = stripReasoning(original).text;
        if (!/<\/?think>/.test(original)) expect(once).toBe(original);
        else expect(once).toBe(once.trim());
      }),
    );
  });

  it('knows where each character came from', () => {
    fc.assert(
      fc.property(text, (original) => {
        const answer = stripReasoning(original);
        for (let i = 0; i < answer.text.length; i++) {
          const [start, end] = originalSpan(answer, [i, i + 1]);
          expect(end).toBe(start + 1);
          expect(original.slice(start, end)).toBe(answer.text[i]);
        }
      }),
    );
  });
});
