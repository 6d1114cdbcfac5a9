/**
 * Social IQa, why people do what they do: Allen Institute for AI; no licence is stated. Files `dev.jsonl` (1,954 questions,
 * asked), `dev-labels.lst`, `train.jsonl`, `train-labels.lst`; rows `{context, question, answerA, answerB, answerC}`, labels 1
 * to 3. Format unseen: no real file was read with this class.
 */

import type { DatasetType, Row } from '../../contract/dataset.ts';
import { textIn } from '../columns.ts';
import { badRow } from '../read.ts';
import { loadLabelled } from './labelled.ts';

const SOURCE = 'allenai.org/data/socialiqa (socialiqa-train-dev.zip, no licence stated)';
const USUAL = ['ais_bench/datasets/siqa', 'ais_bench/datasets/socialiqa-train-dev'];
const LETTERS = ['A', 'B', 'C'] as const;

/**
 * Rows with the columns of the file, `label`, a letter, and `all_labels`: `{candidates, label}`, for each option the texts that
 * name it (`A. text`, `A`, `text`), and which option is right, from 0.
 */
export const siqaDataset_V2: DatasetType = {
  name: 'siqaDataset_V2',
  load: (options) => loadLabelled(options, { source: SOURCE, usual: USUAL, toRow: toSiqaRow }),
};

function toSiqaRow(row: Row, label: number, where: string): Row {
  for (const column of ['context', 'question']) textIn(row, column, where);
  const answers = LETTERS.map((letter) => textIn(row, `answer${letter}`, where));
  const letter = LETTERS[label - 1];
  if (letter === undefined) throw badRow(where, `its label ${label} is none of 1, 2, 3`);
  const candidates = LETTERS.map((own, i) => [`${own}. ${answers[i]}`, own, answers[i]]);
  return { ...row, all_labels: { candidates, label: label - 1 }, label: letter };
}
