/** The further keys of a post-processor or evaluator, beside its `type`. */
import { AisBenchError } from '../contract/errors.ts';

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
