import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Configurable, PredPostprocessor } from '../types.ts';
import { firstLine, lcstsHeadline, readStated, statedAnswer, xsumLine } from './stated-answer.ts';

it.each([
  ['The answer is Paris.', 'Paris.', 'answer-is'],
  ['Paris', 'Paris', 'first-line'],
  ['\n\n  **Paris**\nIt lies on the Seine.', 'Paris', 'first-line'],
  ['First I thought the answer is Rome.\nAnswer: *Paris*', 'Paris', 'answer-is'],
  ['The answer is Paris. It is not Rome.', 'Paris', 'answer-is'],
  ['The answer is St. Paul', 'St. Paul', 'answer-is'],
  ['The answer is J. K. Rowling. She wrote it.', 'J. K. Rowling', 'answer-is'],
  ['**Final Answer:** 43', '43', 'answer-is'],
  ['Answer:\n43', '43', 'answer-is'],
  ['答案\nA: Paris', 'Paris', 'answer-is'],
  ['answer is known: Answer：巴黎。是的', '巴黎', 'answer-is'],
  ['The answers vary', 'The answers vary', 'first-line'],
  ['Answer:', 'Answer:', 'first-line'],
])('%j states %j', (text, answer, rule) => {
  expect(readStated(text, 'first-line')).toMatchObject({ answer, rule });
});

it.each([
  ['So it is \\boxed{43}.', '43'],
  ['\\boxed{\\text{Ann Lee}}', 'Ann Lee'],
  ['\\boxed{12} is wrong.\nAnswer: 43', '43'],
  ['Answer: \\boxed{43}', '43'],
  ['43', '43'],
  ['First 12.\nThen 43.', undefined],
  ['', undefined],
])('%j with only a line to fall back on is %j', (text, answer) => {
  expect(readStated(text, 'only-line')?.answer).toBe(answer);
});

it('refuses keys that it has not', () => {
  for (const keys of [{ otherwise: 'last-line' }, { else: 'only-line' }])
    expect(() => made(keys)).toThrow(expect.objectContaining({ code: 'UTILS-CFG-002' }));
});

const made = statedAnswer as Exclude<Configurable<PredPostprocessor>, PredPostprocessor>;

it('AISBench’s Xsum and lcsts take a line', () => {
  expect(xsumLine.compat('\n  One line. \nTwo')?.answer).toBe('One line.');
  expect(lcstsHeadline.compat('1. 港口清淤。\n二')?.answer).toBe('港口清淤');
  expect(lcstsHeadline.compat('- “清淤- 港口”')?.answer).toBe('清淤港口');
  expect(lcstsHeadline.compat('。')).toBeUndefined();
  expect(firstLine.compat('\n\nType: Date\nx')?.answer).toBe('Type: Date');
  expect(firstLine.compat('\n')).toBeUndefined();
});

const texts = fc
  .array(
    fc.constantFrom(
      'The answer is ',
      'Answer:',
      '\n',
      ' ',
      'Paris',
      '. It',
      'St. ',
      '**',
      '"',
      '1. ',
      '港。',
    ),
    {
      maxLength: 8,
    },
  )
  .map((parts) => parts.join(''));
const parts: readonly PredPostprocessor[] = [made({}), made({ otherwise: 'only-line' }), firstLine, xsumLine];

it.each(parts)('$name takes what stands at its span', ({ compat, fixed }) => {
  fc.assert(
    fc.property(texts, (text) => {
      for (const found of [compat(text), fixed(text)]) {
        if (found !== undefined) expect(text.slice(...found.span)).toBe(found.answer);
      }
    }),
  );
});
