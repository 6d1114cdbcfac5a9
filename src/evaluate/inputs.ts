/** The further keys of a post-processor or evaluator, beside its `type`. */

import { AisBenchError } from '../contract/errors.ts';
import { pythonStrip } from './python-text.ts';
import type { Sample } from './types.ts';

export type Keys = Readonly<Record<string, unknown>>;

/** The error for a key that is wrong. `key` with the part it belongs to: `pred_postprocessor.options`. */
export function badKey(key: string, value: unknown, wanted: string): AisBenchError {
  const given = value === undefined ? 'is missing' : `is ${JSON.stringify(value) ?? String(value)}`;
  return new AisBenchError('UTILS-CFG-002', `${key} ${given}`, {
    where: `eval_cfg.${key}`,
    cure: `give ${wanted}`,
  });
}

/** Refuses keys that the part has not, which are mistyped more often than not. Throws UTILS-CFG-002. */
export function onlyKeys(keys: Keys, part: string, known: readonly string[]): void {
  const unknown = Object.keys(keys).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  throw badKey(
    `${part}.${unknown}`,
    keys[unknown],
    known.length === 0 ? 'no such key' : `only: ${known.join(', ')}`,
  );
}

/** The letters that may be chosen, as `'ABCD'` or `['A', 'B', 'C', 'D']`. Throws UTILS-CFG-002. */
export function lettersIn(keys: Keys, part: string): string {
  const given = keys['options'];
  const letters: unknown = Array.isArray(given) ? given.join('') : given;
  if (typeof letters === 'string' && /^[A-Z]+$/.test(letters)) return letters;
  throw badKey(`${part}.options`, given, "capital letters, as 'ABCD'");
}

/** The right answers of a gold that is a text, a list of texts, or `{answers: list}`. Throws RUN-DATA-001 for any other. */
export function goldTexts(gold: unknown, evaluator: string): readonly string[] {
  const found = isObject(gold) && 'answers' in gold ? gold.answers : gold;
  if (typeof found === 'string') return [found];
  if (isTexts(found) && found.length > 0) return found;
  throw badGold(gold, evaluator, 'a text or a list of texts');
}

/** RUN-DATA-001 for a gold that an evaluator cannot read. */
export function badGold(gold: unknown, evaluator: string, wanted: string): AisBenchError {
  return new AisBenchError('RUN-DATA-001', `the reference is not ${wanted}`, {
    where: `${evaluator}: ${String(JSON.stringify(gold)).slice(0, 200)}`,
    cure: 'use a dataset class that makes such references, or another evaluator',
  });
}

export function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/**
 * What AISBench's evaluator gets for a prediction: the answer that was extracted; the reply as it is, space around it too,
 * where no post-processor took anything out of it.
 */
export function predictionOf({ answer, text }: Pick<Sample, 'answer' | 'text'>): string {
  return answer === text.trim() || answer === pythonStrip(text) ? text : answer;
}

/** Words without case, punctuation around them and space beyond one blank: what makes no difference between two answers. */
export function looseText(text: string): string {
  return pythonStrip(text.normalize('NFKC').toLowerCase())
    .replace(/\s+/gu, ' ')
    .replace(/^[\s"'“”‘’*_`$([{]+/u, '')
    .replace(/[\s"'“”‘’*_`$)\]}.。!,;:]{1,40}$/u, '');
}
