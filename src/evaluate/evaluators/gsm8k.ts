import { pythonFloat, pythonInt } from '../python-number.ts';
import type { Evaluator } from '../types.ts';

const TOLERANCE = 1e-6;

/** Equal texts, or numbers less than 1e-6 apart: AISBench's `Gsm8kEvaluator`, with Python's `float` and `int` (§4.6). */
export const gsm8kEvaluator: Evaluator = {
  name: 'Gsm8kEvaluator',
  grade: ({ answer, reference }) => ({ credit: isEqual(answer, reference) ? 1 : 0 }),
};

function isEqual(answer: string, reference: string): boolean {
  if (answer === reference) return true;
  const given = pythonFloat(answer);
  const wanted = pythonInt(reference);
  return given !== undefined && wanted !== undefined && Math.abs(given - wanted) < TOLERANCE;
}
