import { expect, it } from 'vitest';
import { sampleOf } from '../../../test/sample-of.ts';
import type { Transcript } from '../../contract/record.ts';
import { judgeOne } from '../judge.ts';
import { accEvaluator, mmCustomEvaluator, wholeText } from './choice.ts';

it.each([
  ['A', 'A', true],
  ['A', 'B', false],
  ['a', 'A', false],
  ['1.0', '1', false],
])('%s against %s: %s', (answer, reference, expected) => {
  expect(accEvaluator.grade(sampleOf(answer, reference))).toEqual({ credit: expected ? 1 : 0 });
});

it.each([
  ['a cat', 'a cat', 1, 1],
  ['a dog', 'a cat', 0, 1],
])(
  'MMCustomEvaluator: %s against %s is %d, and by AISBench’s rules %d',
  (answer, reference, fixed, compat) => {
    const sample = sampleOf(answer, reference);
    expect(mmCustomEvaluator.grade({ ...sample, rules: 'fixed' })).toEqual({ credit: fixed });
    expect(mmCustomEvaluator.grade({ ...sample, rules: 'compat' })).toEqual({ credit: compat });
  },
);

it.each([
  ['B', 'B', 'correct'],
  ['1', 1, 'correct'],
  ['A', 'B', 'wrong'],
])('the label %s against the gold %j is %s', async (content, gold, verdict) => {
  const transcript: Transcript = {
    call: { id: 'a', model: 'm', dataset: 'd', index: 0, repetition: 0 },
    success: true,
    prompt: [],
    content,
    reasoningContent: '',
    toolCalls: [],
    gold,
  };
  const judged = await judgeOne(transcript, { extractor: wholeText, evaluator: accEvaluator });
  expect(judged).toMatchObject({ verdict });
});
