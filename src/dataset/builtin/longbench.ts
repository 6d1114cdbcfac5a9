/**
 * LongBench, tasks on long texts in English, Chinese and code: Tsinghua University, MIT; the texts are those of 21 other datasets, with
 * the licences of these. Files `data/<name>.jsonl` of `data.zip`, rows `{input, context, answers, all_classes, …}`. Format
 * unseen: no real file was read with this class.
 */
import { join } from 'node:path';
import type { DatasetType, LoadOptions, Row } from '../../contract/dataset.ts';
import { markOf, textIn, textParam, textsIn } from '../columns.ts';
import { locateFolder } from '../locate.ts';
import { badRow, readJsonl } from '../read.ts';

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
