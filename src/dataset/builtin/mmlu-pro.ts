/**
 * MMLU-Pro, up to ten options in 14 categories: TIGER-Lab/MMLU-Pro on Hugging Face, MIT licence. Published as Parquet, which
 * is not read: `test.jsonl` (12,032 rows) and `validation.jsonl` (five worked examples a category) hold the same rows,
 * `{question, options, answer, cot_content, category, …}`. Format unseen: no real file was read with this class.
 */
import { join } from 'node:path';
import type { DatasetType, Row } from '../../contract/dataset.ts';
import { checkedLetter, ifThere, splitNames, textIn, textParam, textsIn } from '../columns.ts';
import { locateFolder } from '../locate.ts';
import { badRow, readJsonl } from '../read.ts';

const SOURCE =
  'TIGER-Lab/MMLU-Pro on Hugging Face (MIT licence; its Parquet files written as JSON lines, one object a row)';
const LETTERS = 'ABCDEFGHIJKLMNOP';
const COT_PREFIX = "A: Let's think step by step.";

/**
 * Rows of the config's `category`, with the columns of the file and `options_str` (a line an option, `N/A` left out),
 * `answer_string` (the right one of these lines, its line break included) and `cot_content` without its opening words.
 */
export const MMLUProDataset: DatasetType = {
  name: 'MMLUProDataset',
  async load(options) {
    const category = textParam(options, 'category', 'law');
    const own = { train: 'validation', test: 'test', known: ['validation', 'test'] };
    const { train, test } = splitNames(options, own);
    const wanted = { files: [`${test}.jsonl`], source: SOURCE, usual: ['ais_bench/datasets/mmlu_pro'] };
    const folder = await locateFolder(options, wanted);
    const read = (file: string) => readCategory(file, category);
    return {
      train: await ifThere(join(folder, `${train}.jsonl`), read),
      test: await read(join(folder, `${test}.jsonl`)),
    };
  },
};

async function readCategory(file: string, category: string): Promise<Row[]> {
  const rows = await readJsonl(file, (row, where) => ({ row, where }));
  const own = rows.filter(({ row }) => row['category'] === category);
  if (own.length > 0) return own.map(({ row, where }) => toMmluProRow(row, where));
  const there = [...new Set(rows.map(({ row }) => String(row['category'])))].sort();
  throw badRow(file, `none is of category '${category}'; there are ${there.join(', ') || 'none at all'}`);
}

/** Checks a row and adds the columns that prompts and scores use. Throws DSET-DATA-002 naming `where`. */
function toMmluProRow(row: Row, where: string): Row {
  const options = textsIn(row, 'options', where);
  if (options.length > LETTERS.length) throw badRow(where, `it has ${options.length} options`);
  const answer = checkedLetter(row['answer'], LETTERS.slice(0, options.length), where);
  const lines = options.map((option, i) => `${LETTERS[i]}. ${option}\n`);
  const cot = textIn(row, 'cot_content', where);
  return {
    ...row,
    question: textIn(row, 'question', where),
    options_str: lines
      .filter((_, i) => options[i] !== 'N/A')
      .join('')
      .trim(),
    answer,
    answer_string: lines[LETTERS.indexOf(answer)],
    cot_content: (cot.startsWith(COT_PREFIX) ? cot.slice(COT_PREFIX.length) : cot).trim(),
  };
}
