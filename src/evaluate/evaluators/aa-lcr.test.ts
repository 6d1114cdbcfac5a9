import { expect, it } from 'vitest';
import { sampleOf } from '../../../test/sample-of.ts';
import { aaLcrJudgeEvaluator } from './llm-judge.ts';

it.each([
  ['CORRECT', 1, 1],
  ['INCORRECT', 0, 0],
  ['It is correct.', 1, 1],
  ['The answer is not correct.', 1, 0],
  ['Verdict: INCORRECT. The correct one is 4.', 1, 0],
  ['**Correct**', 1, 1],
  ['A', 0, 1],
  ['', 0, 0],
  ['correctly', 0, 0],
])('%j is worth %i under compat and %i under fixed', async (text, compat, fixed) => {
  const credit = async (rules: 'compat' | 'fixed') =>
    (await aaLcrJudgeEvaluator.grade(sampleOf(text, '4', { rules }))).credit;
  expect([await credit('compat'), await credit('fixed')]).toEqual([compat, fixed]);
});
