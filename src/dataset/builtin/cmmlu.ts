/**
 * CMMLU, Chinese multiple choice in 67 subjects: haonan-li/CMMLU, CC BY-NC 4.0. Files `test/<subject>.csv` (11,582 questions) and
 * `dev/<subject>.csv` (five worked examples); a header, then a number, the question, four options and the letter of the
 * answer. Format unseen: no real file was read with this class.
 */
import { join } from 'node:path';
import type { DatasetType, Row } from '../../contract/dataset.ts';
import { checkedLetter, ifThere, splitNames, textParam } from '../columns.ts';
import { readCsvRecords } from '../csv.ts';
import { locateFolder } from '../locate.ts';
import { badRow } from '../read.ts';

const SOURCE = 'github.com/haonan-li/CMMLU (cmmlu_v1_0_1.zip, CC BY-NC 4.0)';

/** Rows with the columns `question`, `A` to `D` and `answer`, a letter. The config's `name` is the subject. */
export const CMMLUDataset: DatasetType = {
  name: 'CMMLUDataset',
  async load(options) {
    const subject = textParam(options, 'name', 'agronomy');
    const { train, test } = splitNames(options, { train: 'dev', test: 'test', known: ['dev', 'test'] });
    const fileOf = (split: string) => join(split, `${subject}.csv`);
    const usual = ['ais_bench/datasets/cmmlu', 'ais_bench/datasets/cmmlu_v1_0_1'];
    const folder = await locateFolder(options, { files: [fileOf(test)], source: SOURCE, usual });
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
