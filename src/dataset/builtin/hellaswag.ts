/**
 * HellaSwag, which of four endings makes sense: rowanz/hellaswag, MIT licence. Read in both forms that are about: the authors'
 * `hellaswag_val.jsonl` `{activity_label, ctx_a, ctx_b, endings, label}` and OpenCompass's `hellaswag.jsonl` `{query, choices,
 * gold}`, which was made of it. Format unseen: no real file was read with these classes.
 */
import { dirname, join } from 'node:path';
import type { DatasetType, LoadOptions, Row, Splits } from '../../contract/dataset.ts';
import { ifThere, textIn, textsIn } from '../columns.ts';
import { locateFile, locateFolder } from '../locate.ts';
import { badRow, readJsonl } from '../read.ts';

const SOURCE = 'github.com/rowanz/hellaswag (folder data, MIT licence)';
const REPACKED = 'hellaswag.jsonl';
const AUTHORS = 'hellaswag_val.jsonl';
const FOLDER = 'ais_bench/datasets/hellaswag';
const LETTERS = ['A', 'B', 'C', 'D'] as const;

/** A question as OpenCompass's file has it. */
interface HellaSwagQuestion {
  /** `activity: context`. */
  readonly query: string;
  readonly choices: readonly string[];
  /** Which of them is right, from 0. */
  readonly gold: number;
}

/** What a class makes of a question. */
type HellaSwagToRow = (question: HellaSwagQuestion) => Row;

/** Rows with the columns `ctx`, `A` to `D` and `label`, a number from 0. */
export const HellaswagDataset: DatasetType = hellaswag('HellaswagDataset', (question) => ({
  ctx: afterColon(question.query, 2),
  ...lettered(question),
  label: question.gold,
}));

/** Rows with the columns `ctx`, `A` to `D` and `label`, a letter. */
export const HellaswagDataset_V2: DatasetType = hellaswag('HellaswagDataset_V2', withLetter);

/** Rows with the columns `query`, `A` to `D` and `gold`, a number from 0. */
export const HellaswagDataset_V3: DatasetType = hellaswag('HellaswagDataset_V3', (question) => ({
  query: question.query,
  ...lettered(question),
  gold: question.gold,
}));

/** As `HellaswagDataset_V2`, with worked examples: OpenCompass's sample of 25, or the authors' train file. */
export const HellaswagDatasetwithICE: DatasetType = {
  name: 'HellaswagDatasetwithICE',
  async load(options) {
    const test = await questionsOf(options);
    const folder = dirname(test.file);
    const samples = await ifThere(join(folder, 'hellaswag_train_sampled25.jsonl'), readQuestions);
    const train =
      samples.length > 0 ? samples : await ifThere(join(folder, 'hellaswag_train.jsonl'), readQuestions);
    return { train: train.map(withLetter), test: test.questions.map(withLetter) };
  },
};

function hellaswag(name: string, toRow: HellaSwagToRow): DatasetType {
  const load = async (options: LoadOptions): Promise<Splits> => {
    const rows = (await questionsOf(options)).questions.map(toRow);
    return { train: rows, test: rows };
  };
  return { name, load };
}

function withLetter(question: HellaSwagQuestion): Row {
  return { ctx: afterColon(question.query, 1), ...lettered(question), label: LETTERS[question.gold] };
}

function lettered({ choices }: HellaSwagQuestion): Row {
  return Object.fromEntries(LETTERS.map((letter, i) => [letter, choices[i]]));
}

/** Python's `text.split(': ', most)[-1]`. */
function afterColon(text: string, most: number): string {
  const parts = text.split(': ');
  return parts.slice(Math.min(most, parts.length - 1)).join(': ');
}

async function questionsOf(options: LoadOptions) {
  const file = await fileOf(options);
  return { file, questions: await readQuestions(file) };
}

/** The path may be the folder, or either file. */
async function fileOf(options: LoadOptions): Promise<string> {
  const path = options.path === '' ? FOLDER : options.path.replace(/(?<!\/)\/+$/, '');
  if (path.endsWith('.jsonl') && !path.endsWith(`/${REPACKED}`))
    return locateFile({ ...options, path }, { file: AUTHORS, extension: '.jsonl', source: SOURCE });
  const folder = { ...options, path: path.endsWith('.jsonl') ? dirname(path) : path };
  const repacked = await locateFolder(folder, { files: [REPACKED], source: SOURCE }).catch(() => undefined);
  if (repacked !== undefined) return join(repacked, REPACKED);
  return join(await locateFolder(folder, { files: [AUTHORS], source: SOURCE }), AUTHORS);
}

async function readQuestions(file: string): Promise<HellaSwagQuestion[]> {
  return readJsonl(file, toQuestion);
}

/** A row of either form. Throws DSET-DATA-002 naming `where`. */
function toQuestion(row: Row, where: string): HellaSwagQuestion {
  const isRepacked = Object.hasOwn(row, 'choices');
  const choices = textsIn(row, isRepacked ? 'choices' : 'endings', where, LETTERS.length);
  const told = String(isRepacked ? row['gold'] : row['label']);
  if (!/^[0-3]$/.test(told)) throw badRow(where, `its right ending '${told}' is no number from 0 to 3`);
  const gold = Number(told);
  if (isRepacked) return { query: textIn(row, 'query', where), choices, gold };
  const [label, before] = [textIn(row, 'activity_label', where), textIn(row, 'ctx_a', where)];
  const context = `${before} ${capitalized(textIn(row, 'ctx_b', where))}`;
  return { query: cleaned(`${label}: ${context}`), choices: choices.map(cleaned), gold };
}

/** Python's `str.capitalize`. */
function capitalized(text: string): string {
  const [first = '', ...rest] = text;
  return first.toUpperCase() + rest.join('').toLowerCase();
}

/** How the repacked texts were made of WikiHow's: no marks in brackets, no doubled spaces. */
function cleaned(text: string): string {
  return text
    .trim()
    .replaceAll(' [title]', '. ')
    .replace(/\[.*?\]/g, '')
    .replaceAll('  ', ' ');
}
