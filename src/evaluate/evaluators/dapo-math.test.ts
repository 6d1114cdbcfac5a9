import { describe, expect, it } from 'vitest';
import { sampleOf } from '../../../test/sample-of.ts';
import { dapoMathEvaluator, dapoMathEvaluatorV2 } from './math.ts';

const made = { first: dapoMathEvaluator, second: dapoMathEvaluatorV2 };

describe.each([
  ['first', '1234', '1,234', 1, 1],
  ['second', '1234', '1,234', 0, 1],
  ['first', '0.5', '\\frac12', 0, 1],
  ['second', '42', '42', 1, 1],
  ['second', ' 42', '42', 0, 1],
  ['first', '41', '42', 0, 0],
  ['first', '[INVALID]', '42', 0, 0],
] as const)('%s: %j against %j', (which, answer, reference, compat, fixed) => {
  it(`is worth ${compat} under compat and ${fixed} under fixed`, async () => {
    const one = made[which];
    const evaluator = typeof one === 'function' ? one({}) : one;
    const grade = async (rules: 'compat' | 'fixed') =>
      (await evaluator.grade(sampleOf(answer, reference, { rules, text: `Answer: ${answer}` }))).credit;
    expect([await grade('compat'), await grade('fixed')]).toEqual([compat, fixed]);
  });
});
