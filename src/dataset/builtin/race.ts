/**
 * RACE, reading comprehension from English exams in China: Carnegie Mellon University, for research that is not commercial.
 * Read in both forms that are about: the authors' folders `test/high/*.txt`, a passage a file `{article, questions, options,
 * answers}`, and OpenCompass's `test/high.jsonl`, a question a row. Format unseen: no real file was read with this class.
 */
import { join } from 'node:path';
import type { DatasetType, LoadOptions, Row } from '../../contract/dataset.ts';
import { checkedLetter, markOf, splitNames, textIn, textParam, textsIn } from '../columns.ts';
import { fileExists, filesIn, locateFolder } from '../locate.ts';
import { badRow, readJson, readJsonl } from '../read.ts';

const SOURCE = 'www.cs.cmu.edu/~glai1/data/race (RACE.tar.gz, for non-commercial research)';
const USUAL = ['ais_bench/datasets/race', 'ais_bench/datasets/RACE'];
/** OpenCompass's name of a split → the authors'. */
const AUTHORS: Readonly<Record<string, string>> = { validation: 'dev', test: 'test', train: 'train' };

/**
 * Rows with the columns `article`, `question`, `A` to `D` and `answer`, a letter. The config's `name` is `high` or `middle`.
 */
export const RaceDataset: DatasetType = {
  name: 'RaceDataset',
  source: ({ article }) => markOf(String(article)),
  async load(options) {
    const name = textParam(options, 'name', 'high');
    const own = { train: 'validation', test: 'test', known: Object.keys(AUTHORS) };
    const { train, test } = splitNames(options, own);
    const folder = await folderOf(options, name, test);
    return { train: await readSplit(folder, train, name), test: await readSplit(folder, test, name) };
  },
};

/** The error of a dataset that is nowhere names the authors' form. */
async function folderOf(options: LoadOptions, name: string, split: string): Promise<string> {
  const look = (file: string) => locateFolder(options, { files: [file], source: SOURCE, usual: USUAL });
  return look(join(split, `${name}.jsonl`)).catch(() => look(join(AUTHORS[split]!, name)));
}

async function readSplit(folder: string, split: string, name: string): Promise<Row[]> {
  const repacked = join(folder, split, `${name}.jsonl`);
  if (await fileExists(repacked)) return readJsonl(repacked, toQuestion);
  const passages = join(folder, AUTHORS[split]!, name);
  const rows: Row[] = [];
  for (const file of await filesIn(passages, '.txt'))
    rows.push(...questionsOf(await readJson(join(passages, file)), join(passages, file)));
  return rows;
}

function toQuestion(row: Row, where: string): Row {
  const [A, B, C, D] = textsIn(row, 'options', where, 4);
  const [article, question] = [textIn(row, 'article', where), textIn(row, 'question', where)];
  return { article, question, A, B, C, D, answer: checkedLetter(row['answer'], 'ABCD', where) };
}

/** The questions about a passage, as the authors' file has them. */
function questionsOf(content: unknown, file: string): Row[] {
  const passage = (content ?? {}) as Row;
  const [questions, answers] = [textsIn(passage, 'questions', file), textsIn(passage, 'answers', file)];
  const { article, options } = passage;
  if (!Array.isArray(options) || options.length !== questions.length || answers.length !== questions.length)
    throw badRow(file, 'it has not as many options and answers as questions');
  return questions.map((question, i) =>
    toQuestion({ article, question, options: options[i], answer: answers[i] }, `${file}, question ${i}`),
  );
}
