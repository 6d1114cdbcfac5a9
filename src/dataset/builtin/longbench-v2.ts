/**
 * LongBench v2, choices that take long texts to make: zai-org/LongBench-v2 on Hugging Face, Apache 2.0. One file, `data.json`, a list of
 * 503 objects of together some 465 MB, `{_id, domain, sub_domain, difficulty, length, question, choice_A … choice_D, answer,
 * context}`, read one by one. Format unseen: no real file was read with this class.
 */
import { join } from 'node:path';
import type { DatasetType, LoadOptions, Row } from '../../contract/dataset.ts';
import { checkedLetter, markOf, textIn } from '../columns.ts';
import { locateFile, locateFolder } from '../locate.ts';
import { badRow, streamJsonList, streamJsonl } from '../read.ts';

const SOURCE = 'Hugging Face, zai-org/LongBench-v2 (data.json)';
const FILE = 'data.json';
const USUAL = [
  'ais_bench/datasets/LongBench-v2',
  'ais_bench/datasets/longbenchv2',
  'opencompass/longbenchv2',
  'zai-org/LongBench-v2',
];

const LETTERS = 'ABCD';
const DIFFICULTIES = ['easy', 'hard'];
const LENGTHS = ['short', 'medium', 'long'];

/** Rows with the columns of the file; what is scored by is the letter with the groups that scores are told of. */
export const LongBenchv2Dataset: DatasetType = {
  name: 'LongBenchv2Dataset',
  reference: ({ answer, difficulty, length }) => ({ answer, difficulty, length }),
  source: ({ context }) => markOf(String(context)),
  async load(options) {
    const file = await fileOf(options);
    const test: Row[] = [];
    const rows = file.endsWith('.jsonl') ? streamJsonl(file) : streamJsonList(file);
    for await (const { row, where } of rows) test.push(toRow(row, where));
    return { train: test, test };
  },
};

async function fileOf({ path, roots }: LoadOptions): Promise<string> {
  for (const extension of ['.json', '.jsonl'])
    if (path.endsWith(extension))
      return locateFile({ path, roots }, { file: FILE, extension, source: SOURCE });
  return join(await locateFolder({ path, roots }, { files: [FILE], source: SOURCE, usual: USUAL }), FILE);
}

function toRow(row: Row, where: string): Row {
  for (const column of ['context', 'question', ...[...LETTERS].map((letter) => `choice_${letter}`)])
    textIn(row, column, where);
  checkedLetter(row['answer'], LETTERS, where);
  checkOneOf(row, 'difficulty', DIFFICULTIES, where);
  checkOneOf(row, 'length', LENGTHS, where);
  return row;
}

function checkOneOf(row: Row, column: string, known: readonly string[], where: string): void {
  const value = row[column];
  if (known.some((one) => one === value)) return;
  throw badRow(where, `its ${column} ${JSON.stringify(value)} is none of ${known.join(', ')}`);
}
