import { describe, expect, it } from 'vitest';
import { sampleOf } from '../../../test/sample-of.ts';
import {
  needleBenchATCEvaluator,
  needleBenchAtcPostprocess,
  needleBenchOriginEvaluator,
  needleBenchParallelEvaluator,
} from './long-context.ts';

const BOTH = ['compat', 'fixed'] as const;

it.each([
  ['The Stone1 lies there.', 1],
  ['the stone1', 0],
  ['', 0],
])('one fact: %j is worth %s', (reply, credit) => {
  expect(needleBenchOriginEvaluator.grade(sampleOf(reply, '\nStone1 lies on isle1.\n*Stone1'))).toEqual({
    credit,
  });
});

it('several facts: the share that is in the reply, and each depth', () => {
  const reference = 'Stone1*Stone2*Stone3#0*50*100';
  expect(needleBenchParallelEvaluator.grade(sampleOf('Stone3, Stone1', reference))).toEqual({
    credit: 1 - 1 / 3,
    explanation: 'missing at depth 50',
    parts: { Depth0: [1, 1], Depth50: [0, 1], Depth100: [1, 1] },
  });
  expect(needleBenchParallelEvaluator.grade(sampleOf('Stone3 Stone2 Stone1', reference))).toMatchObject({
    credit: 1,
  });
});

it.each([needleBenchOriginEvaluator, needleBenchParallelEvaluator])(
  '$name refuses another reference',
  (evaluator) => {
    expect(() => evaluator.grade(sampleOf('a', 'a'))).toThrow(
      expect.objectContaining({ code: 'RUN-DATA-001' }),
    );
  },
);

describe('the box', () => {
  it.each([
    ['So it is \\boxed{Ann Lee}.', 'Ann Lee', 'Ann Lee'],
    ['\\boxed{Bo} no, \\boxed{\\text{Ann  Lee}}', 'Ann Lee', 'Ann Lee'],
    ['\\boxed{{Ann}}', 'Ann', 'Ann'],
    ["\\boxed{'Ann~Lee'.}", 'Ann Lee.', 'Ann Lee'],
    ['\\boxed {Ann}', undefined, 'Ann'],
    ['Ann', undefined, undefined],
    ['\\boxed{}', undefined, undefined],
  ])('of %j', (reply, ...wanted) => {
    expect(BOTH.map((rules) => needleBenchAtcPostprocess[rules](reply)?.answer)).toEqual(wanted);
  });
});

it.each([
  ['Ann', 'Ann', 1, 1],
  ['ann', 'Ann', 0, 1],
  ['5 generations', '5', 0, 1],
  ['5 or 6', '5', 0, 0],
  ['Bo', 'Ann', 0, 0],
])('%j against %j', (answer, reference, ...wanted) => {
  const credits = BOTH.map((rules) => needleBenchATCEvaluator.grade(sampleOf(answer, reference, { rules })));
  expect(credits).toMatchObject(wanted.map((credit) => ({ credit })));
});
