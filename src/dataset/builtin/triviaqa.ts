/**
 * TriviaQA, questions of quizzes: University of Washington, Apache-2.0 for the code and no licence stated for the questions. Read in
 * three forms that are about: OpenCompass's `triviaqa-validation.jsonl` and `triviaqa-train.jsonl`, rows `{question, answer}`
 * with a list of names; rows of Hugging Face's copy in the same files, whose answers are objects; and the authors'
 * `qa/wikipedia-dev.json`, `{Data: [{Question, Answer}, …]}`. Format unseen: no real file was read with this class.
 */
import { join } from 'node:path';
import type { DatasetType, LoadOptions, Row } from '../../contract/dataset.ts';
import { ifThere, textIn } from '../columns.ts';
import { fileExists, locateFolder } from '../locate.ts';
import { badRow, readJson, readJsonl } from '../read.ts';

const SOURCE = 'nlp.cs.washington.edu/triviaqa (triviaqa-rc.tar.gz), or OpenCompass (triviaqa.zip)';
const USUAL = [
  'ais_bench/datasets/triviaqa',
  'ais_bench/datasets/trivia_qa',
  'ais_bench/datasets/triviaqa-rc',
];
const REPACKED = { train: 'triviaqa-train.jsonl', test: 'triviaqa-validation.jsonl' };
const AUTHORS = { train: 'qa/wikipedia-train.json', test: 'qa/wikipedia-dev.json' };

/** Keys under which an answer's names stand: the authors', then Hugging Face's. */
const NAME_KEYS = [
  'Value',
  'Aliases',
  'NormalizedAliases',
  'HumanAnswers',
  'value',
  'aliases',
  'normalized_aliases',
];

/** Rows with the columns `question`, `answer`, all names of the right answer, and `name`, the first of them. */
export const TriviaQADataset_V2: DatasetType = {
  name: 'TriviaQADataset_V2',
  async load(options) {
    const folder = await folderOf(options);
    const isRepacked = await fileExists(join(folder, REPACKED.test));
    const files = isRepacked ? REPACKED : AUTHORS;
    const read = isRepacked ? (file: string) => readJsonl(file, toRow) : readAuthors;
    return {
      train: await ifThere(join(folder, files.train), read),
      test: await read(join(folder, files.test)),
    };
  },
};

/** The error of a dataset that is nowhere names the repacked form, which is the smaller one. */
async function folderOf(options: LoadOptions): Promise<string> {
  const look = (file: string) => locateFolder(options, { files: [file], source: SOURCE, usual: USUAL });
  return look(REPACKED.test).catch((first: unknown) =>
    look(AUTHORS.test).catch(() => {
      throw first;
    }),
  );
}

async function readAuthors(file: string): Promise<Row[]> {
  const { Data: rows } = ((await readJson(file)) ?? {}) as { Data?: unknown };
  if (!Array.isArray(rows)) throw badRow(file, "it has no list 'Data'");
  return rows.map((row: Row | null, n) => {
    const { Question: question, Answer: answer } = row ?? {};
    return toRow({ question, answer }, `${file}, question ${n}`);
  });
}

function toRow(row: Row, where: string): Row {
  const answer = namesIn(row['answer'], where);
  return { question: textIn(row, 'question', where), answer, name: answer[0] };
}

function namesIn(answer: unknown, where: string): string[] {
  const isObject = typeof answer === 'object' && answer !== null && !Array.isArray(answer);
  const given = isObject ? NAME_KEYS.flatMap((key) => (answer as Row)[key] ?? []) : [answer].flat();
  const names = given.filter((one) => typeof one === 'string' && one.trim() !== '') as string[];
  if (names.length === 0) throw badRow(where, "its column 'answer' names no answer");
  return [...new Set(names)];
}
