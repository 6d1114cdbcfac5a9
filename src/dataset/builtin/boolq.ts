/**
 * BoolQ, yes or no of a passage, in SuperGLUE's form: Google, CC BY-SA 3.0. File `val.jsonl` (3,270 questions, asked), rows
 * `{passage, question, label}`, the label true or false, as a word or as such. Format unseen: no real file was read with these
 * classes.
 */
import { dirname, join } from 'node:path';
import type { DatasetType, LoadOptions, Row, Splits } from '../../contract/dataset.ts';
import { ifThere, markOf, textIn } from '../columns.ts';
import { locateFile } from '../locate.ts';
import { badRow, readJsonl, type ToRow } from '../read.ts';

const SOURCE = 'super.gluebenchmark.com (BoolQ.zip, CC BY-SA 3.0)';
const DEFAULT_PATH = 'ais_bench/datasets/SuperGLUE/BoolQ/val.jsonl';

/** Rows with the columns of the file, and A (yes) or B (no) for `label`. */
export const BoolQDatasetV2: DatasetType = boolq('BoolQDatasetV2', (row, where) => ({
  ...row,
  label: isTrue(row['label'], where) ? 'A' : 'B',
}));

/** Rows with the columns of the file, the passage without its title, the question with a capital, `label` `true` or `false`. */
export const BoolQDatasetV3: DatasetType = boolq('BoolQDatasetV3', (row, where) => {
  const [passage, question] = [textIn(row, 'passage', where), textIn(row, 'question', where)];
  return {
    ...row,
    passage: passage.split(' -- ').slice(1).join(' -- '),
    question: question.charAt(0).toUpperCase() + question.slice(1),
    label: String(isTrue(row['label'], where)),
  };
});

function boolq(name: string, make: ToRow): DatasetType {
  const toRow: ToRow = (row, where) => {
    for (const column of ['passage', 'question']) textIn(row, column, where);
    return make(row, where);
  };
  return {
    name,
    source: ({ passage }: Row) => markOf(String(passage)),
    load: (options) => load(options, toRow),
  };
}

/** Worked examples are of `train.jsonl` beside the file; where there is none they are asked rows, as in AISBench. */
async function load(options: LoadOptions, toRow: ToRow): Promise<Splits> {
  const path = options.path === '' ? DEFAULT_PATH : options.path;
  const wanted = { file: 'val.jsonl', extension: '.jsonl', source: SOURCE };
  const file = await locateFile({ path, roots: options.roots }, wanted);
  const read = (one: string) => readJsonl(one, toRow);
  const test = await read(file);
  const train = await ifThere(join(dirname(file), 'train.jsonl'), read);
  return { train: train.length > 0 ? train : test, test };
}

function isTrue(label: unknown, where: string): boolean {
  const told = String(label).toLowerCase();
  if (told === 'true' || told === 'false') return told === 'true';
  throw badRow(where, `its label ${JSON.stringify(label)} is neither true nor false`);
}
