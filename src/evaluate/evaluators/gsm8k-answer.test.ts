import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gsm8kPostprocess } from './gsm8k.ts';

const { compat, fixed } = gsm8kPostprocess;

describe('the compat rule', () => {
  // aisbench.md C.6; undefined is AISBench's NULL.
  it.each([
    ['The answer is 1,234.', '234'],
    ['So 18.0\nQuestion: 5', '18.0'],
    ['no digits', undefined],
    ['-3 apples', '-3'],
    ['10-3', '-3'],
    ['1.2.3', '3'],
    ['18.', '18'],
    ['Question: 5', undefined],
    ['my Question:5', undefined],
    ['question: 5', '5'],
    ['٣٫٥ or ١٢', '١٢'],
    ['x² ½', undefined],
    ['\\boxed{18} for 7 days', '7'],
  ])('%s', (text, expected) => {
    expect(compat(text)?.answer).toBe(expected);
  });

  it('names what AISBench writes for nothing', () => {
    expect(gsm8kPostprocess.none).toBe('NULL');
  });
});

describe('the fixed rules', () => {
  it.each([
    ['The answer is 1,234.', '1234', 'answer-is'],
    ['The answer is: **$18.00** per day, for 7 days.', '18.00', 'answer-is'],
    ['The final answer is \\(18\\).', '18', 'answer-is'],
    ['the answer to how many are left is 5. I used 3 steps.', '5', 'answer-is'],
    ['The answer would be -5 degrees', '-5', 'answer-is'],
    ['**Answer:** 18 dollars', '18', 'answer-is'],
    ['**Final Answer**\n\nAnswer:\n\n$70{,}000$', '70000', 'answer-is'],
    ['**Answer: 18**\n\nExplanation: 9 * 2 = 19', '18', 'answer-is'],
    ['答案是 18 元，3 天', '18', 'answer-is'],
    ['16 - 7 = 9.\n#### 18', '18', 'hashes'],
    ['So the answer is 17. #### 18', '18', 'hashes'],
    ['#### $1,800.00', '1800.00', 'hashes'],
    ['#### 18 dollars', '18', 'hashes'],
    ['\\[ \\boxed{1{,}234} \\] in 7 days', '1234', 'boxed'],
    ['$\\boxed{\\$18 \\text{ per 3 days}}$', '18', 'boxed'],
    ['\\boxed{\\text{18 eggs}} 7', '18', 'boxed'],
    ['\\boxed{x = -5}', '-5', 'boxed'],
    ['\\boxed{5}. No: \\boxed{6}. ', '6', 'boxed'],
    ['\\boxed{5}. Wait, the answer is 6.', '6', 'answer-is'],
    ['The answer is 5. So \\boxed{6}', '6', 'boxed'],
    ['\\boxed{?} and 7', '7', 'last-number'],
    ['\\boxed{18', '18', 'last-number'],
    ['9 * 2 = $18 a day.', '18', 'last-number'],
    ['50% of 40 is 20%', '20', 'last-number'],
    ['18 eggs.\nQuestion: how many of 5?\nAnswer: 7', '18', 'last-number'],
    ['18 eggs.\n\nQ: how many of 5?\nA: 7', '18', 'last-number'],
    ['3 * 6 = <<3*6=18>>18 eggs\nA: 18', '18', 'last-number'],
    ['Question: how many of 5?\nAnswer: 7', '7', 'answer-is'],
    ['Sure!\n**Question:** how many of 5?\nIt is 7', '7', 'last-number'],
  ])('%s', (text, answer, rule) => {
    expect(fixed(text)).toMatchObject({ answer, rule });
  });

  it.each([
    ['the start of a calculation', 'The answer is 5 + 13 = 18', '18'],
    ['the start of a sentence', 'Answer: 3 friends get 6 each, so 18.', '18'],
    ['the start of a solution', 'Answer: 15 coins in hour one\n35 in hour two, 50 in all.', '50'],
    ['the start of a list', '**Answer:**\n1. Buy.\n\n2. Add: 18', '18'],
    ['a heading', '#### 1. Calculate\nIt is 18', '18'],
    ['a heading of steps', '#### 2) Add them\nIt is 18', '18'],
    ['what comes before the answer', 'To answer: 3 items; 18 in all', '18'],
  ])('do not take %s for the answer', (_, text, answer) => {
    expect(fixed(text)).toMatchObject({ answer, rule: 'last-number' });
  });

  it.each(['', 'no digits', 'Question:', '\\boxed{}', '####', 'The answer is'])(
    'find nothing in %j',
    (text) => {
      expect(fixed(text)).toBeUndefined();
    },
  );
});

describe('any extraction', () => {
  const piece = fc.constantFrom(
    ...[
      'The answer is ',
      'Answer: ',
      '\\boxed{',
      '}',
      '#### ',
      '\n',
      'Question:',
      '-',
      '$',
      ',',
      '.',
      ' = ',
      'x',
    ],
    ...['18', '1,234', '0.5', '１２'],
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('')),
  );

  it('has a span that holds its digits', () => {
    fc.assert(
      fc.property(text, fc.constantFrom(compat, fixed), (original, extract) => {
        const found = extract(original);
        if (found === undefined) return;
        const [start, end] = found.span;
        const digits = (part: string) => part.normalize('NFKC').replace(/\D/g, '');
        expect(digits(original.slice(start, end))).toBe(digits(found.answer));
      }),
    );
  });

  it('finds a last line of GSM8K under any reasoning', () => {
    fc.assert(
      fc.property(text, fc.integer(), (reasoning, n) => {
        fc.pre(!reasoning.includes('Question'));
        expect(fixed(`${reasoning}\n#### ${n.toLocaleString('en-US')}`)).toMatchObject({ answer: String(n) });
        expect(compat(`${reasoning}\n#### ${n}`)).toMatchObject({ answer: String(n) });
      }),
    );
  });

  it.each([
    '\\boxed{',
    '#### ',
    'answer is ',
    'answer: ',
    ' ',
    '\n',
    '1',
    '1,',
    '#',
    '\nQuestion',
    '<think>',
  ])('takes linear time on many %j', (part) => {
    const start = performance.now();
    fixed(part.repeat(10_000));
    compat(part.repeat(10_000));
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
