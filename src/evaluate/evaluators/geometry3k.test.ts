import { expect, it } from 'vitest';
import { sampleOf } from '../../../test/sample-of.ts';
import type { Evaluator } from '../types.ts';
import { geometry3kEvaluator } from './math.ts';

const made = (options: object) => (geometry3kEvaluator as (options: object) => Evaluator)(options);

it.each([
  ['So x is \\boxed{3\\sqrt{2}}.', 1, 1],
  ['\\boxed{5}, no, \\boxed{\\sqrt{18}}', 1, 1],
  ['\\boxed {3\\sqrt2}', 0, 1],
  ['3\\sqrt{2}', 0, 0],
  ['\\boxed{4}', 0, 0],
])('%j', (reply, ...credits) => {
  const grades = (['compat', 'fixed'] as const).map((rules) =>
    made({}).grade(sampleOf(reply, '3 \\sqrt { 2 }', { rules })),
  );
  expect(grades).toMatchObject(credits.map((credit) => ({ credit })));
});

it('may count the form of a reply', () => {
  const evaluator = made({ format_weight: 0.25 });
  expect(evaluator.grade(sampleOf('<think>so</think> \\boxed{7}', '7'))).toMatchObject({ credit: 1 });
  expect(evaluator.grade(sampleOf('\\boxed{7}', '7'))).toMatchObject({ credit: 0.75 });
  expect(evaluator.grade(sampleOf('<think>so</think> \\boxed{8}', '7'))).toMatchObject({ credit: 0.25 });
  expect(() => made({ other: 1 })).toThrow(expect.objectContaining({ code: 'UTILS-CFG-002' }));
});
