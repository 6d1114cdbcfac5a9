import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { sampleOf } from '../../../test/sample-of.ts';
import { stringMatchEvaluator } from './choice.ts';
import { getAOrB, llmJudgeCorrectEvaluator } from './llm-judge.ts';

describe('get_a_or_b', () => {
  test.each([
    ['A', 'A', 'verdict-line'],
    ['\n**B**\n', 'B', 'verdict-line'],
    ['CORRECT', 'A', 'verdict-line'],
    ['Incorrect.', 'B', 'verdict-line'],
    ['The two agree.\n\nVerdict: A', 'A', 'named-verdict'],
    ['Grade: **INCORRECT** (B), although the verdict: A was near', 'A', 'named-verdict'],
    ['My judgement is "B".', 'B', 'named-verdict'],
    ['判断：A', 'A', 'named-verdict'],
    ['Hence \\boxed{\\text{B}}', 'B', 'boxed-verdict'],
    ['[[A]] because they agree', 'A', 'boxed-verdict'],
    ['I choose B: INCORRECT for this one', 'B', 'letter-and-word'],
    ['The prediction is correct', 'A', 'word'],
    ['The prediction is not entirely correct', 'B', 'word'],
    ["That isn't correct", 'B', 'word'],
    ['A correct solution would end with 7; this one is incorrect', 'B', 'word'],
  ])('reads %j as %s by %s', (text, answer, rule) => {
    expect(getAOrB.fixed(text)).toMatchObject({ answer, rule });
  });

  test.each(['', 'Sorry.', 'a', 'A matter of taste', 'Both', 'abc', 'correctness'])(
    'finds nothing in %j',
    (text) => {
      expect(getAOrB.fixed(text)).toBeUndefined();
    },
  );

  test.each([
    ['A', 'A'],
    ['B', 'B'],
    ['The answer is A', 'A'],
    ['A.', 'B'],
    ['CORRECT', 'B'],
    ['', 'B'],
  ])('compat looks at the last character of %j alone: %s', (text, answer) => {
    expect(getAOrB.compat(text)).toMatchObject({ answer });
  });

  it('points into the text, whatever the text', () => {
    const piece = fc.constantFrom(
      'A',
      'B',
      'correct',
      'INCORRECT',
      ' ',
      '\n',
      'verdict: ',
      '**',
      '\\boxed{',
      'not ',
      '答案是',
      '𝒳',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(piece).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, fc.constantFrom('fixed' as const, 'compat' as const), (value, rules) => {
        const found = getAOrB[rules](value);
        if (found === undefined) return;
        const [start, end] = found.span;
        expect(found.answer).toMatch(/^[AB]$/);
        expect(start >= 0 && start <= end && end <= value.length).toBe(true);
        if (rules === 'fixed') expect(value.slice(start, end)).toMatch(/^(?:[AB]|(?:in)?correct)$/i);
      }),
      { numRuns: 200 },
    );
  });
});

describe('LLMJudgeCorrectEvaluator', () => {
  test.each([
    ['A', 1],
    ['B', 0],
    ['The prediction is correct.', 1],
    ['', 0],
  ])('grades %j with %d', async (answer, credit) => {
    expect(await llmJudgeCorrectEvaluator.grade(sampleOf(answer, 'x'))).toEqual({ credit });
  });
});

describe('StringMatchEvaluator', () => {
  test.each([
    ['45', '45', 1],
    ['x = 45.', '45', 1],
    ['It is  Mount\nEverest', 'mount everest', 1],
    ['４５', '45', 1],
    ['答案是北京市', '北京', 1],
    ['450', '45', 0],
    ['4.45', '45', 0],
    ['45.2', '45', 0],
    ['-45', '45', 0],
    ['the 450 of 45', '45', 1],
    ['', '45', 0],
    ['anything', '', 0],
  ])('%j against %j is %d', async (answer, reference, credit) => {
    expect(await stringMatchEvaluator.grade(sampleOf(answer, reference))).toEqual({ credit });
  });

  it('finds every reference in itself and between other words', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(text.normalize('NFKC').trim() !== '');
        for (const answer of [text, `so ${text} then`])
          expect(stringMatchEvaluator.grade(sampleOf(answer, text))).toEqual({ credit: 1 });
      }),
      { numRuns: 200 },
    );
  });
});
