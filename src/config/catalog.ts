import type { DatasetType } from '../dataset/types.ts';
import { AisBenchError } from '../errors.ts';
import { nearest } from '../nearest.ts';
import type { APIModelClass, Origins } from './plan.ts';
import type { RawEntry } from './validate.ts';

/** What short names stand for; filled where the parts are put together. */
export interface Catalog {
  readonly models: Readonly<Record<string, () => Promise<APIModelClass>>>;
  readonly datasets: Readonly<Record<string, () => Promise<DatasetType>>>;
  /** Only the names matter before there are answers. */
  readonly evaluators: Readonly<Record<string, unknown>>;
  readonly predPostprocessors: Readonly<Record<string, unknown>>;
  readonly datasetPostprocessors: Readonly<Record<string, unknown>>;
}

export function unknownName(
  what: string,
  name: unknown,
  known: readonly string[],
  entry: RawEntry,
  keys = ['type'],
): AisBenchError {
  const near = typeof name === 'string' ? nearest(name, known) : undefined;
  const given = name === undefined ? `no ${what} is given` : `there is no ${what} ${JSON.stringify(name)}`;
  return new AisBenchError('UTILS-CFG-003', `${entry.label}.${keys.join('.')}: ${given}`, {
    where: entry.where(keys),
    cure: near === undefined ? `use one of: ${known.join(', ')}` : `did you mean "${near}"?`,
  });
}

/** Where each of these keys got its value. */
export function originsOf(entry: RawEntry, keys: readonly string[]): Origins {
  const origin = (key: string) =>
    entry.overridden[key] ?? (Object.hasOwn(entry.values, key) ? entry.where([key]) : 'default');
  return Object.fromEntries(keys.map((key) => [key, origin(key)]));
}
