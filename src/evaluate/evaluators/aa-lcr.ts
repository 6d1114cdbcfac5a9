import { pythonRegex } from '../python-regex.ts';
import type { Evaluator } from '../types.ts';
import { getAOrB } from './llm-judge.ts';

const CORRECT = pythonRegex(String.raw`(?i)\bCORRECT\b`);

/**
 * A judge model called the answer correct: AISBench's evaluator of AA-LCR. `compat`: the word CORRECT is somewhere in its reply, behind
 * *not* too. `fixed`: its last verdict is that.
 */
export const aaLcrJudgeEvaluator: Evaluator = {
  name: 'AALCRJudgeEvaluator',
  grade({ answer, text, rules }) {
    if (rules === 'compat') return { credit: CORRECT.test(text) ? 1 : 0 };
    const verdict = /^[AB]$/.test(answer) ? answer : getAOrB.fixed(answer)?.answer;
    return { credit: verdict === 'A' ? 1 : 0 };
  },
};
