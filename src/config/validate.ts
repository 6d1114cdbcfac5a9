import type { z } from 'zod';
import { nearest } from '../basics/nearest.ts';
import { AisBenchError } from '../contract/errors.ts';
import { isSecretName, MASK } from '../store/redact.ts';
import type { KeyPath } from './load.ts';

/** A raw config entry and where its keys are. */
export interface RawEntry {
  readonly values: Readonly<Record<string, unknown>>;
  /** How the entry is called in errors and in `--set`: `models.0`. */
  readonly label: string;
  /** The config file, absolute; absent where no file holds the entry. */
  readonly file?: string;
  /** Origin of each top-level key that did not come from the file. */
  readonly overridden: Readonly<Record<string, string>>;
  where(keys: KeyPath): string;
}

/** Checks an entry against its schema. Throws UTILS-CFG-002 that lists every problem with its key and place. */
export function validate<S extends z.ZodType>(schema: S, entry: RawEntry): z.output<S> {
  const result = schema.safeParse(entry.values);
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap((issue) => describeIssue(issue, entry, schema));
  const places = problems.map(({ text, where }) => `${text}  (${where})`);
  throw new AisBenchError(
    'UTILS-CFG-002',
    problems.length === 1 ? problems[0]!.text : `${problems.length} problems:\n    ${places.join('\n    ')}`,
    {
      where: problems[0]!.where,
      cure: problems[0]!.cure,
    },
  );
}

interface ConfigProblem {
  text: string;
  where: string;
  cure: string;
}

function describeIssue(issue: z.core.$ZodIssue, entry: RawEntry, schema: z.ZodType): ConfigProblem[] {
  const path = issue.path as (string | number)[];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey([...path, key], key, entry, keysAt(schema, path)));
  }
  const value = path.reduce<any>((inner, key) => inner?.[key], entry.values);
  const shown = path.some((key) => isSecretName(String(key)))
    ? MASK
    : typeof value === 'number'
      ? String(value)
      : (JSON.stringify(value) ?? typeof value);
  const given = value === undefined ? 'it is missing' : `got ${shown}`;
  return [
    {
      text: `${[entry.label, ...path].join('.')}: ${issue.message} (${given})`,
      where: originOf(path, entry),
      cure: value === undefined ? `add ${path.join('.')} to the config` : `correct ${path.join('.')}`,
    },
  ];
}

/** The keys that a schema knows at a path. */
function keysAt(schema: z.ZodType, path: KeyPath): string[] {
  const unwrapped = (inner: any): any =>
    typeof inner?.unwrap === 'function' ? unwrapped(inner.unwrap()) : inner;
  const at = path.reduce((inner: any, key) => unwrapped(inner?.shape?.[key]), unwrapped(schema));
  return Object.keys(at?.shape ?? {});
}

/** A value that fits the schema and is wrong all the same. */
export function wrongValue(entry: RawEntry, path: KeyPath, why: string, cure: string): AisBenchError {
  return new AisBenchError('UTILS-CFG-002', `${entry.label}.${path.join('.')}: ${why}`, {
    where: originOf(path, entry),
    cure,
  });
}

export function unknownKey(
  path: KeyPath,
  key: string,
  entry: RawEntry,
  known: readonly string[],
): ConfigProblem {
  const near = nearest(key, known);
  return {
    text: `${entry.label} has no key "${path.join('.')}"`,
    where: originOf(path, entry),
    cure: near === undefined ? 'take the key out (docs/config.md lists the keys)' : `did you mean "${near}"?`,
  };
}

function originOf(path: KeyPath, entry: RawEntry): string {
  return entry.overridden[String(path[0])] ?? entry.where(path);
}
