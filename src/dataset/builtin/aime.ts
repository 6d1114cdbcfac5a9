/**
 * AIME, the American Invitational Mathematics Examination of 2024, 2025 and 2026: 30 problems a year, each with a whole number
 * from 0 to 999. The problems are the MAA's; who published them as data is in `source`. Rows are `{origin_prompt, gold_answer}`
 * in OpenCompass's file of 2024 and `{question, answer}` in those of later years. Format unseen: none of the files was at hand.
 */

import type { DatasetType, Row } from '../../contract/dataset.ts';
import { badRow, readJsonl } from '../read.ts';
import { findFiles } from './find-files.ts';

/** A row's columns. */
export interface AimeRow extends Row {
  readonly question: string;
  /** The number, as text. */
  readonly answer: string;
}

interface Year {
  readonly name: string;
  readonly paths: readonly string[];
  readonly files: readonly (readonly string[])[];
  readonly source: string;
}

export const Aime2024Dataset: DatasetType = contest({
  name: 'Aime2024Dataset',
  paths: ['ais_bench/datasets/aime2024', 'ais_bench/datasets/aime'],
  files: [['aime.jsonl'], ['aime2024.jsonl']],
  source: "OpenCompass's data files (aime.zip)",
});

export const Aime2025Dataset: DatasetType = contest({
  name: 'Aime2025Dataset',
  paths: ['ais_bench/datasets/aime2025'],
  files: [['aime2025.jsonl'], ['aime2025-I.jsonl', 'aime2025-II.jsonl']],
  source: 'the data set opencompass/AIME2025 (MIT licence)',
});

export const Aime2026Dataset: DatasetType = contest({
  name: 'Aime2026Dataset',
  paths: ['ais_bench/datasets/aime2026'],
  files: [['aime2026.jsonl'], ['aime2026-I.jsonl', 'aime2026-II.jsonl']],
  source: 'a file of the 30 problems as rows {question, answer}',
});

function contest({ name, paths, files, source }: Year): DatasetType {
  return {
    name,
    async load(options) {
      const found = await findFiles(options.roots, {
        paths: options.path === '' || paths.includes(options.path) ? paths : [options.path],
        files,
        source,
      });
      const parts = await Promise.all(found.map((file) => readJsonl(file, toAimeRow)));
      return { test: parts.flat(), train: [] };
    },
  };
}

/** Checks a row and gives its columns the names of later years. Throws DSET-DATA-002 naming `where`. */
export function toAimeRow(row: Row, where: string): AimeRow {
  const question = row['origin_prompt'] ?? row['question'] ?? row['problem'];
  const answer = row['gold_answer'] ?? row['answer'];
  if (typeof question !== 'string') {
    throw badRow(where, "it has no text in column 'origin_prompt', 'question' or 'problem'");
  }
  if (typeof answer !== 'string' && typeof answer !== 'number') {
    throw badRow(where, "it has no number in column 'gold_answer' or 'answer'");
  }
  return { ...row, question, answer: String(answer).trim() };
}
