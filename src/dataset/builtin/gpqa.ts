/**
 * GPQA, questions that experts wrote to be hard to look up: idavidrein/gpqa, CC BY 4.0. One CSV file with a header, of which
 * AISBench takes the fields 7 to 11 (from 0): question, right answer, three wrong ones. Format unseen: no real file was read
 * with these classes.
 */
import { join } from 'node:path';
import type { DatasetType, LoadOptions, Row } from '../../contract/dataset.ts';
import { markOf, textParam } from '../columns.ts';
import { readCsvRecords } from '../csv.ts';
import { locateFolder } from '../locate.ts';
import { pythonOrders } from '../python-random.ts';
import { badRow } from '../read.ts';

const SOURCE = 'github.com/idavidrein/gpqa (dataset.zip, CC BY 4.0)';
const USUAL = ['ais_bench/datasets/gpqa', 'ais_bench/datasets/gpqa/dataset'];
const LETTERS = ['A', 'B', 'C', 'D'] as const;
const FIRST_FIELD = 7;

/** By the row's number, from 1: how far the options are moved on. */
const ROTATIONS = ['ABCD', 'BCDA', 'CDAB', 'DABC'] as const;
const REPEATS = 4;

interface GpqaQuestion {
  readonly question: string;
  /** The right one first. */
  readonly options: readonly string[];
}

/** Rows with the columns `question`, `A` to `D` and `answer`, a letter; the config's `name` is the file. */
export const GPQADataset: DatasetType = {
  name: 'GPQADataset',
  async load(options) {
    const rows = (await readQuestions(options)).map(rotated);
    return { train: rows, test: rows };
  },
};

/**
 * As OpenAI's simple-evals ask it: every question four times over, the options in orders drawn from `random.Random(0)`. Rows
 * have the column `permutation` as well, and `options` in their order.
 */
export const GPQASimpleEvalDataset: DatasetType = {
  name: 'GPQASimpleEvalDataset',
  source: ({ question }) => markOf(String(question)),
  async load(options) {
    const questions = await readQuestions(options);
    const orders = pythonOrders(REPEATS * questions.length, LETTERS.length, 0);
    const rows = orders.map((order, i) => permuted(questions[i % questions.length]!, order));
    return { train: rows, test: rows };
  },
};

/** The letter is that of the first option with the right one's text, as in AISBench. */
function rotated({ question, options }: GpqaQuestion, index: number): Row {
  const order = ROTATIONS[(index + 1) % ROTATIONS.length]!;
  const moved = [...order].map((letter) => options[LETTERS.indexOf(letter as 'A')]!);
  return { question, ...lettered(moved), answer: LETTERS[moved.indexOf(options[0]!)] };
}

function permuted({ question, options }: GpqaQuestion, permutation: readonly number[]): Row {
  const moved = permutation.map((place) => options[place]!);
  const answer = LETTERS[permutation.indexOf(0)];
  return { question, ...lettered(moved), answer, options: moved, permutation };
}

function lettered(options: readonly string[]): Row {
  return Object.fromEntries(LETTERS.map((letter, i) => [letter, options[i]]));
}

async function readQuestions(options: LoadOptions): Promise<GpqaQuestion[]> {
  const name = textParam(options, 'name', 'gpqa_diamond.csv');
  const folder = await locateFolder(options, { files: [name], source: SOURCE, usual: USUAL });
  const file = join(folder, name);
  return (await readCsvRecords(file)).flatMap(({ fields, line }) => {
    const [question, ...others] = fields.slice(FIRST_FIELD, FIRST_FIELD + 5);
    if (question === undefined || others.length !== 4) {
      throw badRow(`${file}:${line}`, `it has ${fields.length} fields, fewer than 12`);
    }
    return question === 'Question' ? [] : [{ question, options: others }];
  });
}
