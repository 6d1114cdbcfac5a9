import { badGold } from '../gold.ts';
import type { Evaluator } from '../types.ts';

/** The groups that scores of LongBench v2 are told of, by column. */
const GROUPS = ['difficulty', 'length'] as const;

/**
 * LongBench v2: the letter, and beside `accuracy` that of easy and hard questions, and of those on short, medium and long texts, under
 * AISBench's names: `accuracy_easy` and so on. The gold is `{answer, difficulty, length}`. Both rule sets are the same.
 */
export const longBenchv2Evaluator: Evaluator = {
  name: 'LongBenchv2Evaluator',
  grade({ answer, gold }) {
    const { answer: right, ...groups } = (gold ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof right !== 'string')
      throw badGold(gold, 'LongBenchv2Evaluator', 'of the form {answer, difficulty, length}');
    const credit = answer === right ? 1 : 0;
    const parts = GROUPS.filter((group) => typeof groups[group] === 'string').map(
      (group) => [`accuracy_${String(groups[group])}`, [credit, 1]] as const,
    );
    return { credit, parts: Object.fromEntries(parts) };
  },
};
