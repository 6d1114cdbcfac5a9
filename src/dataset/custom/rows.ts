/** Rows of a custom dataset file (AISBench §4.8). */

import type { Row } from '../../contract/dataset.ts';
import { badRow } from '../read.ts';

export type CustomKind = 'mcq' | 'qa';

/** Names of option columns: A, B, C, … without a gap. */
export function optionsIn(row: Row): string[] {
  const letters: string[] = [];
  for (let code = 65; code <= 90; code++) {
    const letter = String.fromCharCode(code);
    if (!Object.hasOwn(row, letter)) break;
    letters.push(letter);
  }
  return letters;
}

/** Multiple choice, if a row has at least the options A and B. */
export function kindOf(row: Row): CustomKind {
  return optionsIn(row).length >= 2 ? 'mcq' : 'qa';
}

/**
 * Checks a row and adds `choices`: the options, a line each, for multiple choice, else ''. `max_tokens` becomes `max_out_len`; a
 * row without an answer has ''. Throws DSET-DATA-002 naming `where`.
 */
export function toCustomRow(row: Row, where: string, kind: CustomKind): Row {
  const { question, answer = '', max_tokens, ...rest } = row;
  if (typeof question !== 'string' || question === '')
    throw badRow(where, "it has no text in column 'question'");
  const options = kind === 'mcq' ? optionsIn(row) : [];
  if (kind === 'mcq' && options.length < 2) throw badRow(where, "it has no options in columns 'A' and 'B'");
  const limit = max_tokens ?? rest['max_out_len'];
  if (
    limit !== undefined &&
    limit !== '' &&
    limit !== null &&
    !(Number.isInteger(Number(limit)) && Number(limit) > 0)
  )
    throw badRow(where, `its 'max_tokens' is ${JSON.stringify(limit)}, no whole number ≥ 1`);
  return {
    ...rest,
    question,
    answer,
    choices: options.map((letter) => `${letter}. ${String(row[letter])}\n`).join(''),
    ...(limit === undefined ? {} : { max_out_len: limit }),
  };
}

/** What scoring needs of a row with options: the right one and the text of each, null where the row has none. */
export function choiceReference(row: Row): unknown {
  if (row['choices'] === '' || row['choices'] === undefined) return undefined;
  const { answer } = row;
  return {
    answer,
    options: Object.fromEntries(optionsIn(row).map((letter) => [letter, row[letter] ?? null])),
  };
}
