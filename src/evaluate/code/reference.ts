import { AisBenchError } from '../../contract/errors.ts';

/**
 * What a dataset class kept of a row for scoring, whose `keys` are all texts. Throws RUN-DATA-001 where they are not there:
 * the answers are those of another dataset class.
 */
export function readReference<K extends string>(
  gold: unknown,
  keys: readonly K[],
  dataset: string,
): Readonly<Record<K, string>> {
  const fields = typeof gold === 'object' && gold !== null ? (gold as Record<string, unknown>) : {};
  const missing = keys.find((key) => typeof fields[key] !== 'string');
  if (missing === undefined) return fields as Record<K, string>;
  throw new AisBenchError('RUN-DATA-001', `the reference of an answer has no text '${missing}'`, {
    cure: `score answers to ${dataset}, whose rows carry their tests, or choose the asked dataset's evaluator`,
  });
}
