import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Transcript } from '../contract/record.ts';
import { getAOrB, llmJudgeCorrectEvaluator } from './evaluators/llm-judge.ts';
import { judgeTranscripts } from './judge.ts';
import { agreementOf, cohensKappa, combined } from './measure.ts';
import { score } from './score.ts';
import type { Judgement, RuleSet } from './types.ts';

const pairs = (both: number, onlyFirst: number, onlySecond: number, neither: number) => [
  ...Array.from({ length: both }, () => ['yes', 'yes'] as const),
  ...Array.from({ length: onlyFirst }, () => ['yes', 'no'] as const),
  ...Array.from({ length: onlySecond }, () => ['no', 'yes'] as const),
  ...Array.from({ length: neither }, () => ['no', 'no'] as const),
];

describe('Cohen’s kappa', () => {
  it.each([
    // pₒ 0.7; pₑ 0.5 · 0.6 + 0.5 · 0.4 = 0.5
    [pairs(20, 5, 10, 15), 0.4],
    [pairs(10, 0, 0, 10), 1],
    [pairs(0, 10, 10, 0), -1],
    [pairs(25, 25, 25, 25), 0],
    // pₒ 0.6; pₑ 0.6 · 0.7 + 0.4 · 0.3 = 0.54: 0.06 / 0.46
    [pairs(45, 15, 25, 15), 0.13043478260869565],
  ])('%#', (all, kappa) => {
    expect(cohensKappa(all)).toBeCloseTo(kappa, 12);
  });

  it('is undefined where there is one verdict alone, and symmetric and at most 1 elsewhere', () => {
    expect(cohensKappa([])).toBeUndefined();
    expect(cohensKappa(pairs(5, 0, 0, 0))).toBeUndefined();
    const verdict = fc.constantFrom('a', 'b', 'c');
    fc.assert(
      fc.property(fc.array(fc.tuple(verdict, verdict), { minLength: 1 }), (all) => {
        const kappa = cohensKappa(all);
        const turned = cohensKappa(all.map(([one, other]) => [other, one] as const));
        if (kappa === undefined) expect(turned).toBeUndefined();
        else {
          expect(kappa).toBeLessThanOrEqual(1 + 1e-12);
          expect(turned).toBeCloseTo(kappa, 12);
        }
      }),
    );
  });
});

const correct: Judgement = { verdict: 'correct' };
const wrong: Judgement = { verdict: 'wrong' };

describe('two askings', () => {
  it('make the verdict that both gave, or none', () => {
    expect(combined(correct, correct)).toMatchObject({ verdict: 'correct' });
    expect(combined(wrong, wrong)).toMatchObject({ verdict: 'wrong' });
    expect(combined(correct, wrong)).toMatchObject({
      verdict: 'inconsistent',
      explanation: 'correct, and wrong when swapped',
      askedTwice: { first: 'correct', swapped: 'wrong' },
    });
    expect(combined(correct, { verdict: 'unextractable' })).toMatchObject({ verdict: 'unextractable' });
    expect(combined({ verdict: 'truncated' }, correct)).toMatchObject({ verdict: 'truncated' });
    const half: Judgement = { verdict: 'partial', credit: 0.5, parts: { f1: [0.5, 1] } };
    expect(combined(half, half)).toMatchObject({ verdict: 'partial', credit: 0.5 });
    const apart = combined(half, { ...half, credit: 0.25 });
    expect(apart).toMatchObject({ verdict: 'inconsistent', parts: { f1: [0, 1] } });
    expect(apart).not.toHaveProperty('credit');
  });
});

/** A judge's replies to an answer: first, and swapped. */
function transcript(index: number, first: string, swapped: string, verdicts: 'same' | 'swapped'): Transcript {
  return {
    call: { id: `${index}`, model: 'm', dataset: 'd-judge', index, repetition: 0 },
    success: true,
    prompt: 'asked',
    content: first,
    reasoningContent: '',
    toolCalls: [],
    gold: 'x',
    details: { swapped: { prompt: 'asked', content: swapped, verdicts } },
  };
}

const judge = (transcripts: readonly Transcript[], rules: RuleSet = 'fixed') =>
  judgeTranscripts(transcripts, { extractor: getAOrB, evaluator: llmJudgeCorrectEvaluator, rules });

describe('a judge that was asked twice', () => {
  const replies = (verdicts: 'same' | 'swapped') => [
    transcript(0, 'A', verdicts === 'same' ? 'A' : 'B', verdicts),
    transcript(1, 'B', verdicts === 'same' ? 'B' : '<think>A</think>A', verdicts),
    transcript(2, 'A', verdicts === 'same' ? 'B' : 'A', verdicts),
    transcript(3, 'A', 'I cannot say.', verdicts),
  ];

  it.each(['same', 'swapped'] as const)('counts what held, letters %s', async (verdicts) => {
    const judged = await judge(replies(verdicts));
    expect(judged.map(({ verdict }) => verdict)).toEqual([
      'correct',
      'wrong',
      'inconsistent',
      'unextractable',
    ]);
    const card = score(judged);
    expect(card).toMatchObject({
      value: 25,
      ...{ correct: 1, wrong: 1, inconsistent: 1, unextractable: 1, lowerBound: 25, upperBound: 75 },
      agreement: { n: 3, agreed: 2, onlyFirst: 1, onlySwapped: 0 },
    });
    expect(card.agreement!.kappa).toBeCloseTo(0.4, 12);
    expect(card.metrics!['agreement when swapped']).toMatchObject({
      value: 200 / 3,
      n: 3,
      interval: { method: 'Wilson' },
    });
  });

  it('under AISBench’s rules a reply without a letter is a B, whatever the letters mean', async () => {
    const [, , , last] = await judge(replies('swapped'), 'compat');
    expect(last).toMatchObject({
      verdict: 'inconsistent',
      askedTwice: { first: 'correct', swapped: 'wrong' },
    });
  });

  it('says nothing of agreement where it was asked once', async () => {
    const { details: _details, ...once } = transcript(0, 'A', 'A', 'same');
    const judged = await judge([once]);
    expect(agreementOf(judged, 'fixed')).toBeUndefined();
    expect(score(judged)).not.toHaveProperty('agreement');
  });
});
