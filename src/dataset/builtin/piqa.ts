/**
 * PIQA, which of two ways reaches a goal: Academic Free License 3.0. Files `dev.jsonl` (1,838 goals, asked), `dev-labels.lst`,
 * `train.jsonl`, `train-labels.lst`; rows `{goal, sol1, sol2}`, labels 0 and 1. Format unseen: no real file was read with
 * these classes.
 */

import type { DatasetType, Row } from '../../contract/dataset.ts';
import { textIn } from '../columns.ts';
import { badRow } from '../read.ts';
import { type LabelledFiles, loadLabelled } from './labelled.ts';

const SOURCE = 'yonatanbisk.com/piqa (physicaliqa-train-dev.zip, Academic Free License 3.0)';
const USUAL = ['ais_bench/datasets/physicaliqa-train-dev', 'ais_bench/datasets/piqa'];

/** Rows with the columns `goal`, `sol1`, `sol2` and `label`, 0 or 1. */
export const PIQADataset: DatasetType = piqa('PIQADataset', (row, label) => ({ ...row, label }));

/** Rows with the columns `goal`, `sol1`, `sol2` and `answer`: A, B, or `NULL` where the label is negative. */
export const PIQADatasetV2: DatasetType = piqa('PIQADatasetV2', (row, label) => ({
  ...row,
  answer: label < 0 ? 'NULL' : 'AB'[label],
}));

/** As `PIQADataset`, so written that goal and solution make one sentence, or two where the goal is one. */
export const PIQADatasetV3: DatasetType = piqa('PIQADatasetV3', (row, label) => {
  const goal = String(row['goal']);
  const turned = /[?.]$/.test(goal) ? upperFirst : lowerFirst;
  const [sol1, sol2] = [turned(String(row['sol1'])), turned(String(row['sol2']))];
  return { ...row, goal: upperFirst(goal), sol1, sol2, label };
});

function piqa(name: string, make: (row: Row, label: number) => Row): DatasetType {
  const toRow: LabelledFiles['toRow'] = (row, label, where) => {
    for (const column of ['goal', 'sol1', 'sol2']) textIn(row, column, where);
    if (label > 1) throw badRow(where, `its label ${label} is neither 0 nor 1`);
    return make(row, label);
  };
  return { name, load: (options) => loadLabelled(options, { source: SOURCE, usual: USUAL, toRow }) };
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
