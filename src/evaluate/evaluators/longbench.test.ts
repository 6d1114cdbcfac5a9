import { expect, it } from 'vitest';
import type { Transcript } from '../../contract/record.ts';
import { firstOptionPostprocess } from '../choice/letters.ts';
import { judgeTranscripts } from '../judge.ts';
import { score } from '../score.ts';
import { longBenchv2Evaluator } from './longbench.ts';

const extractor =
  typeof firstOptionPostprocess === 'function'
    ? firstOptionPostprocess({ options: 'ABCD' })
    : firstOptionPostprocess;

function answered(index: number, content: string, gold: unknown): Transcript {
  const call = { id: `c${index}`, model: 'm', dataset: 'd', index, repetition: 0 };
  return { call, success: true, prompt: 'q', content, reasoningContent: '', toolCalls: [], gold };
}

it('tells the accuracy of each difficulty and length, with how many they are', async () => {
  const gold = (answer: string, difficulty: string, length: string) => ({ answer, difficulty, length });
  const judged = await judgeTranscripts(
    [
      answered(0, 'The correct answer is (B)', gold('B', 'easy', 'short')),
      answered(1, 'The correct answer is (A)', gold('B', 'hard', 'short')),
      answered(2, 'The correct answer is (C).', gold('C', 'hard', 'medium')),
      answered(3, 'I cannot say.', gold('D', 'hard', 'short')),
    ],
    { evaluator: longBenchv2Evaluator, extractor },
  );
  const { value, metrics, unextractable } = score(judged);
  expect([value, unextractable]).toEqual([50, 1]);
  expect(metrics).toMatchObject({
    accuracy_easy: { value: 100, n: 1 },
    accuracy_hard: { value: expect.closeTo(100 / 3), n: 3 },
    accuracy_short: { value: expect.closeTo(100 / 3), n: 3 },
    accuracy_medium: { value: 100, n: 1 },
  });
  expect(Object.keys(metrics!)).not.toContain('accuracy_long');
});

it('refuses the gold of another dataset', () => {
  const sample = {
    answer: 'B',
    reference: 'B',
    gold: 'B',
    text: 'B',
    prompt: '',
    toolCalls: [],
    rules: 'fixed',
  } as const;
  expect(() => longBenchv2Evaluator.grade(sample)).toThrow(expect.objectContaining({ code: 'RUN-DATA-001' }));
});
