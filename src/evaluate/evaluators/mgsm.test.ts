import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleOf } from '../../../test/sample-of.ts';
import type { PredPostprocessor } from '../types.ts';
import { mgsmEvaluator, mgsmPostprocess } from './gsm8k.ts';

function rulesOf(lang: unknown): PredPostprocessor {
  return typeof mgsmPostprocess === 'function'
    ? mgsmPostprocess({ type: 'mgsm_postprocess', lang })
    : mgsmPostprocess;
}

describe('the compat rule', () => {
  it.each([
    ['en', 'So 5.\nAnswer: 1,234', '1234'],
    ['en', 'Answer: 5. Answer: 18.', '18'],
    ['en', 'Answer: 18.50 or so', '18.50'],
    ['en', 'Answer: -18', '18'],
    ['en', 'Answer: 3 of 18 days', '18'],
    ['en', 'answer: 18', undefined],
    ['en', 'Answer: none', undefined],
    ['de', 'Die Antwort ist 1.234', '1.234'],
    ['bn', 'উত্তর: ১৮', '১৮'],
    ['zh', '答案：18', '18'],
  ])('%s: %s', (lang, text, answer) => {
    expect(rulesOf(lang).compat(text)?.answer).toBe(answer);
  });
});

describe('the fixed rules', () => {
  it.each([
    ['en', 'So 5.\n**Answer:** $1,234', '1234', 'after-mark'],
    ['en', 'answer: -18', '-18', 'after-mark'],
    ['en', 'Answer: 18\n\nNote: 3 days', '18', 'after-mark'],
    ['en', 'Answer: 18. It took 3 steps.', '18', 'after-mark'],
    ['en', 'Answer: 5 + 13 = 18', '18', 'after-mark'],
    ['ja', 'İ 答え:\n18', '18', 'after-mark'],
    ['en', 'It is 18.', '18', 'last-number'],
    ['de', 'Antwort: 1.234 Euro', '1234', 'after-mark'],
    ['fr', 'Réponse : 12 000', '12000', 'after-mark'],
    ['bn', 'উত্তর: ১৮', '18', 'after-mark'],
    ['th', 'คำตอบ: 18 บาท', '18', 'after-mark'],
  ])('%s: %s', (lang, text, answer, rule) => {
    expect(rulesOf(lang).fixed(text)).toMatchObject({ answer, rule });
  });

  it('finds any whole number in a last line', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer(), (text, n) => {
        const found = rulesOf('en').fixed(`${text}\nAnswer: ${n.toLocaleString('en-US')}`);
        expect(found).toMatchObject({ answer: String(n), rule: 'after-mark' });
      }),
      { numRuns: 100 },
    );
  });
});

it.each([undefined, 'xx', 5, 'toString'])('refuses the language %j', (lang) => {
  expect(() => rulesOf(lang)).toThrow(expect.objectContaining({ code: 'UTILS-CFG-002' }));
});

it.each([
  ['18', '18', 1, 1],
  ['18.0', '18', 0, 1],
  ['1234', '1,234', 0, 1],
  ['১৮', '18', 0, 1],
  ['17', '18', 0, 0],
  ['', '18', 0, 0],
])('%s against %s: compat %d, fixed %d', (answer, reference, compat, fixed) => {
  expect(mgsmEvaluator.grade(sampleOf(answer, reference, { rules: 'compat' }))).toEqual({ credit: compat });
  expect(mgsmEvaluator.grade(sampleOf(answer, reference, { rules: 'fixed' }))).toEqual({ credit: fixed });
});
