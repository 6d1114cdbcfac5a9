/**
 * MMLU, multiple choice in 57 subjects: hendrycks/test, MIT licence. Files `dev/<subject>_dev.csv` (five worked examples) and
 * `test/<subject>_test.csv`, also `val/`; no header, fields: question, four options, the letter of the answer.
 */
import { join } from 'node:path';
import type { DatasetType, Row } from '../../contract/dataset.ts';
import { checkedLetter, ifThere, splitNames, textParam } from '../columns.ts';
import { readCsvRecords } from '../csv.ts';
import { locateFolder } from '../locate.ts';
import { badRow } from '../read.ts';

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
