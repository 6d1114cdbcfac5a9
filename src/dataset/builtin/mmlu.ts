/**
 * MMLU, multiple choice in 57 subjects: hendrycks/test, MIT licence. Files `dev/<subject>_dev.csv` (five worked examples) and
 * `test/<subject>_test.csv`, also `val/`; no header, fields: question, four options, the letter of the answer.
 */
import { join } from 'node:path';
import type { DatasetType, Row } from '../../contract/dataset.ts';
import { checkedLetter, ifThere, splitNames, textIn, textParam } from '../columns.ts';
import { parseCsv, readCsvRecords } from '../csv.ts';
import { locateFolder } from '../locate.ts';
import { badRow, readText } from '../read.ts';

// CMMLU, Chinese multiple choice in 67 subjects: haonan-li/CMMLU, CC BY-NC 4.0. Files `test/<subject>.csv` (11,582 questions) and
// `dev/<subject>.csv` (five worked examples); a header, then a number, the question, four options and the letter of the
// answer. Format unseen: no real file was read with this class.

const CMMLU_SOURCE = 'github.com/haonan-li/CMMLU (cmmlu_v1_0_1.zip, CC BY-NC 4.0)';

/** Rows with the columns `question`, `A` to `D` and `answer`, a letter. The config's `name` is the subject. */
export const CMMLUDataset: DatasetType = {
  name: 'CMMLUDataset',
  async load(options) {
    const subject = textParam(options, 'name', 'agronomy');
    const { train, test } = splitNames(options, { train: 'dev', test: 'test', known: ['dev', 'test'] });
    const fileOf = (split: string) => join(split, `${subject}.csv`);
    const usual = ['ais_bench/datasets/cmmlu', 'ais_bench/datasets/cmmlu_v1_0_1'];
    const folder = await locateFolder(options, { files: [fileOf(test)], source: CMMLU_SOURCE, usual });
    return {
      train: await ifThere(join(folder, fileOf(train)), readCmmlu),
      test: await readCmmlu(join(folder, fileOf(test))),
    };
  },
};

/** By place, as AISBench reads it: the header's first column has no name, and the others' names differ from ours. */
async function readCmmlu(file: string): Promise<Row[]> {
  const [, ...records] = await readCsvRecords(file);
  return records.map(({ fields, line }) => {
    const where = `${file}:${line}`;
    if (fields.length !== 7) throw badRow(where, `it has ${fields.length} fields and not 7`);
    const [, question, A, B, C, D, answer] = fields;
    return { question, A, B, C, D, answer: checkedLetter(answer, 'ABCD', where) };
  });
}

// C-Eval, Chinese multiple choice in 52 subjects: hkust-nlp/ceval, CC BY-NC-SA 4.0. Files `val/<subject>_val.csv` (asked),
// `dev/<subject>_dev.csv` (five worked examples), `test/<subject>_test.csv` (no answers are published); columns id, question,
// A to D, answer and, in dev, explanation. Format unseen: no real file was read with this class.

const CEVAL_SOURCE = 'github.com/hkust-nlp/ceval (ceval-exam.zip, CC BY-NC-SA 4.0)';
const CEVAL_USUAL = ['ais_bench/datasets/ceval/formal_ceval', 'ais_bench/datasets/ceval'];
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
    const folder = await locateFolder(options, {
      files: [fileOf(test)],
      source: CEVAL_SOURCE,
      usual: CEVAL_USUAL,
    });
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

const SOURCE = 'github.com/hendrycks/test (data.tar, MIT licence)';
const USUAL = ['ais_bench/datasets/mmlu', 'ais_bench/datasets/mmlu/data'];

/** Rows with the columns `input`, `A` to `D` and `target`, a letter. The config's `name` is the subject. */
export const MMLUDataset: DatasetType = {
  name: 'MMLUDataset',
  async load(options) {
    const subject = textParam(options, 'name', 'college_physics');
    const own = { train: 'dev', test: 'test', known: ['dev', 'val', 'test'] };
    const { train, test } = splitNames(options, own);
    const fileOf = (split: string) => join(split, `${subject}_${split}.csv`);
    const folder = await locateFolder(options, { files: [fileOf(test)], source: SOURCE, usual: USUAL });
    return {
      train: await ifThere(join(folder, fileOf(train)), readMmlu),
      test: await readMmlu(join(folder, fileOf(test))),
    };
  },
};

async function readMmlu(file: string): Promise<Row[]> {
  return (await readCsvRecords(file)).map(({ fields, line }) => {
    const where = `${file}:${line}`;
    if (fields.length !== 6) throw badRow(where, `it has ${fields.length} fields and not 6`);
    const [input, A, B, C, D, target] = fields;
    return { input, A, B, C, D, target: checkedLetter(target, 'ABCD', where) };
  });
}
