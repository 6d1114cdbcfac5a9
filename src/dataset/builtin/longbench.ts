/**
 * LongBench, tasks on long texts in English, Chinese and code: Tsinghua University, MIT; the texts are those of 21 other datasets, with
 * the licences of these. Files `data/<name>.jsonl` of `data.zip`, rows `{input, context, answers, all_classes, …}`. Format
 * unseen: no real file was read with this class.
 */
import { join } from 'node:path';
import type { DatasetType, LoadOptions, Row } from '../../contract/dataset.ts';
import { checkedLetter, markOf, textIn, textParam, textsIn } from '../columns.ts';
import { locateFile, locateFolder } from '../locate.ts';
import { badRow, readJsonl, streamJsonList, streamJsonl } from '../read.ts';

// LongBench v2, choices that take long texts to make: zai-org/LongBench-v2 on Hugging Face, Apache 2.0. One file, `data.json`, a list of
// 503 objects of together some 465 MB, `{_id, domain, sub_domain, difficulty, length, question, choice_A … choice_D, answer,
// context}`, read one by one. Format unseen: no real file was read with this class.

const V2_SOURCE = 'Hugging Face, zai-org/LongBench-v2 (data.json)';
const FILE = 'data.json';
const V2_USUAL = [
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
    const file = await findV2File(options);
    const test: Row[] = [];
    const rows = file.endsWith('.jsonl') ? streamJsonl(file) : streamJsonList(file);
    for await (const { row, where } of rows) test.push(toV2Row(row, where));
    return { train: test, test };
  },
};

async function findV2File({ path, roots }: LoadOptions): Promise<string> {
  for (const extension of ['.json', '.jsonl'])
    if (path.endsWith(extension))
      return locateFile({ path, roots }, { file: FILE, extension, source: V2_SOURCE });
  return join(
    await locateFolder({ path, roots }, { files: [FILE], source: V2_SOURCE, usual: V2_USUAL }),
    FILE,
  );
}

function toV2Row(row: Row, where: string): Row {
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

const SOURCE = 'Hugging Face, zai-org/LongBench (data.zip, MIT)';
const USUAL = [
  'ais_bench/datasets/LongBench',
  'ais_bench/datasets/longbench',
  'THUDM/LongBench',
  'zai-org/LongBench',
];

/** Their scores are of words, which AISBench asks jieba for. */
const OF_CHINESE_WORDS: ReadonlySet<string> = new Set(['multifieldqa_zh', 'dureader', 'vcsum']);

/**
 * Rows with the columns of the file, and `all_labels`, `{answers, all_classes}`, where there are classes. The config's `name` is
 * the file's, such as `hotpotqa`, or `hotpotqa_e` of LongBench-E.
 */
export const LongBenchDataset: DatasetType = {
  name: 'LongBenchDataset',
  source: ({ context }) => markOf(String(context)),
  async load(options) {
    const name = textParam(options, 'name', 'hotpotqa');
    const rows = await readJsonl(await fileOf(options, name), toRow);
    const note =
      "score_by_character counts characters, where AISBench and the authors count the words that jieba finds: not comparable; eval_cfg.evaluator.words: 'jieba' counts those";
    return { train: rows, test: rows, ...(OF_CHINESE_WORDS.has(name) ? { notes: [note] } : {}) };
  },
};

async function fileOf(options: LoadOptions, name: string): Promise<string> {
  const look = async (file: string) =>
    join(await locateFolder(options, { files: [file], source: SOURCE, usual: USUAL }), file);
  const file = join('data', `${name}.jsonl`);
  return look(file).catch((first: unknown) =>
    look(`${name}.jsonl`).catch(() => {
      throw first;
    }),
  );
}

function toRow(row: Row, where: string): Row {
  for (const column of ['input', 'context']) textIn(row, column, where);
  const answers = textsIn(row, 'answers', where);
  if (answers.length === 0) throw badRow(where, 'it has no answer');
  const { all_classes: classes } = row;
  if (classes === null || classes === undefined) return row;
  return { ...row, all_labels: { answers, all_classes: textsIn(row, 'all_classes', where) } };
}
