/** Checks that the rows of files have what a dataset class needs, and that its config says what it must. */
import { createHash } from 'node:crypto';
import type { LoadOptions, Row } from '../contract/dataset.ts';
import { AisBenchError } from '../contract/errors.ts';
import { fileExists } from './locate.ts';
import { badRow } from './read.ts';

/** The text in a column. Throws DSET-DATA-002 naming `where` and the column. */
export function textIn(row: Row, column: string, where: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw badRow(where, `it has no text in column '${column}'`);
  return value;
}

/** The texts in a column that holds a list, exactly `count` where that is given. Throws DSET-DATA-002. */
export function textsIn(row: Row, column: string, where: string, count?: number): string[] {
  const value = row[column];
  const isList = Array.isArray(value) && value.every((one) => typeof one === 'string');
  if (!isList || (count !== undefined && value.length !== count)) {
    throw badRow(where, `column '${column}' is not a list of ${count === undefined ? '' : `${count} `}texts`);
  }
  return value;
}

/** One of a few letters. Throws DSET-DATA-002 that says which. */
export function checkedLetter(value: unknown, letters: string, where: string): string {
  if (typeof value === 'string' && value.length === 1 && letters.includes(value)) return value;
  throw badRow(where, `its answer ${JSON.stringify(value)} is none of ${[...letters].join(', ')}`);
}

/** A key of the dataset config that must be a text, such as the subject's `name`. Throws UTILS-CFG-002. */
export function textParam({ params }: Pick<LoadOptions, 'params'>, key: string, example: string): string {
  const value = params[key];
  if (typeof value === 'string' && value !== '') return value;
  const what = value === undefined ? 'is missing' : `is ${JSON.stringify(value)}`;
  throw new AisBenchError('UTILS-CFG-002', `the dataset config's ${key} ${what}`, {
    where: key,
    cure: `give a text, for example ${key}: '${example}'`,
  });
}

interface SplitNames {
  readonly train: string;
  readonly test: string;
}

/** The splits that a config asks for, else the dataset's own. Throws UTILS-CFG-002 for one that the dataset has not. */
export function splitNames(
  { splits = {} }: Pick<LoadOptions, 'splits'>,
  { train, test, known }: SplitNames & { readonly known: readonly string[] },
): SplitNames {
  const chosen = { train: splits.train ?? train, test: splits.test ?? test };
  for (const [key, name] of Object.entries(chosen)) {
    if (known.includes(name)) continue;
    throw new AisBenchError('UTILS-CFG-002', `this dataset has no split '${name}'`, {
      where: `reader_cfg.${key}_split`,
      cure: `use one of: ${known.join(', ')}`,
    });
  }
  return chosen;
}

/** What a file holds, nothing where it is not there: only few-shot prompts need it, and their retriever says so. */
export async function ifThere<T>(file: string, read: (file: string) => Promise<T[]>): Promise<T[]> {
  return (await fileExists(file)) ? read(file) : [];
}

/** A short mark of a long text that several rows share, the same for the same text. */
export function markOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
