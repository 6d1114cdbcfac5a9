import type { Evaluator } from '../types.ts';

/**
 * AISBench's `AccwithDetailsEvaluator`: Python's `==` of both sides, so that under `compat` no answer, which is a text, equals
 * a reference that is a number or a list. `fixed` compares their texts.
 */
export const accWithDetailsEvaluator: Evaluator = {
  name: 'AccwithDetailsEvaluator',
  grade: ({ answer, reference, gold, rules }) => {
    const isOfAnotherType = typeof gold !== 'string' && reference === JSON.stringify(gold);
    const isComparable = rules === 'fixed' || !isOfAnotherType;
    return { credit: isComparable && answer === reference ? 1 : 0 };
  },
};
