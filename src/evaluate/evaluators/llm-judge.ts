import { getAOrB } from '../judge-reply.ts';
import type { Evaluator } from '../types.ts';

/**
 * A judge model called the answer correct: AISBench's `LLMJudgeCorrectEvaluator` (§7.5). What it grades is the judge's reply, so
 * no model is asked here; without a post-processor the verdict is looked for in the reply.
 */
export const llmJudgeCorrectEvaluator: Evaluator = {
  name: 'LLMJudgeCorrectEvaluator',
  grade: ({ answer, rules }) => {
    const verdict = /^[AB]$/.test(answer) ? answer : getAOrB[rules](answer)?.answer;
    return { credit: verdict === 'A' ? 1 : 0 };
  },
};
