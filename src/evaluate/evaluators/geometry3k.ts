import { onlyKeys } from '../config-keys.ts';
import { boxesOf, lastBoxCompat } from '../math/extract-math.ts';
import { compareMath } from '../math/math-equal.ts';
import type { Configurable, Evaluator, Sample } from '../types.ts';

/**
 * AISBench's evaluator of Geometry3K: the last box means the same as the reference, by our own reader, where AISBench asks the package
 * mathruler. With `format_weight` above 0 that much of the credit is for a reply with its reasoning between think tags. Throws
 * UTILS-CFG-002 for other keys and values.
 */
export const geometry3kEvaluator: Configurable<Evaluator> = (options): Evaluator => {
  onlyKeys(options, 'evaluator', ['type', 'format_weight']);
  const weight = Number(options['format_weight'] ?? 0);
  return {
    name: 'Geometry3KEvaluator',
    grade: (sample) => {
      const given = boxIn(sample);
      const isRight = given !== undefined && compareMath(sample.reference, given).isEqual;
      return {
        credit: (1 - weight) * (isRight ? 1 : 0) + weight * (isFormatted(sample.text) ? 1 : 0),
        explanation: given === undefined ? 'nothing is boxed' : `${given} against ${sample.reference}`,
      };
    },
  };
};

function boxIn({ text, rules }: Sample): string | undefined {
  return (rules === 'compat' ? lastBoxCompat(text) : boxesOf(text).at(-1))?.content;
}

function isFormatted(text: string): boolean {
  const box = text.lastIndexOf('\\boxed{');
  return text.startsWith('<think>') && text.slice(0, box).includes('</think>') && text.includes('}', box);
}
