/**
 * C-Eval, Chinese multiple choice in 52 subjects: hkust-nlp/ceval, CC BY-NC-SA 4.0. Files `val/<subject>_val.csv` (asked),
 * `dev/<subject>_dev.csv` (five worked examples), `test/<subject>_test.csv` (no answers are published); columns id, question,
 * A to D, answer and, in dev, explanation. Format unseen: no real file was read with this class.
 */
import { join } from 'node:path';
import type { DatasetType, Row } from '../../contract/dataset.ts';
import { checkedLetter, ifThere, splitNames, textIn, textParam } from '../columns.ts';
import { parseCsv } from '../csv.ts';
import { locateFolder } from '../locate.ts';
import { readText } from '../read.ts';

const SOURCE = 'github.com/hkust-nlp/ceval (ceval-exam.zip, CC BY-NC-SA 4.0)';
const USUAL = ['ais_bench/datasets/ceval/formal_ceval', 'ais_bench/datasets/ceval'];
const HIDDEN =
  'C-Eval publishes no answers of its test split: its accuracy here says nothing; ask the val split';

/** Rows with the columns of the file, `explanation` and `answer` '' where there is none. The config's `name` is the subject. */
export const CEvalDataset: DatasetType = {
  name: 'CEvalDataset',
  async load(options) {
    const subject = textParam(options, 'name', 'college_physics');
    const own = { train: 'dev', test: 'val', known: ['dev', 'val', 'test'] };
    const { train, test } = splitNames(options, own);
    const fileOf = (split: string) => join(split, `${subject}_${split}.csv`);
    const folder = await locateFolder(options, { files: [fileOf(test)], source: SOURCE, usual: USUAL });
    const asked = await readCEval(join(folder, fileOf(test)));
    return {
      train: await ifThere(join(folder, fileOf(train)), readCEval),
      test: asked,
      notes: asked.length > 0 && asked.every(({ answer }) => answer === '') ? [HIDDEN] : [],
    };
  },
};

/** Line breaks inside of fields are LF, as Python's text files have them. */
async function readCEval(file: string): Promise<Row[]> {
  return parseCsv((await readText(file)).replace(/\r\n?/g, '\n'), file, toCEvalRow);
}

function toCEvalRow(row: Row, where: string): Row {
  for (const column of ['question', 'A', 'B', 'C', 'D']) textIn(row, column, where);
  const { answer = '', explanation = '' } = row;
  return { ...row, explanation, answer: answer === '' ? '' : checkedLetter(answer, 'ABCD', where) };
}
