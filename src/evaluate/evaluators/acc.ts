import type { Evaluator } from '../types.ts';

/** Equal texts: AISBench's `AccEvaluator` (§4.5), which compares the `str` of both. */
export const accEvaluator: Evaluator = {
  name: 'AccEvaluator',
  grade: ({ answer, reference }) => ({ credit: answer === reference ? 1 : 0 }),
};
