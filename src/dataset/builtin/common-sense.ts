/** Questions of common sense and of short passages, with two to four choices. */
import { dirname, join } from 'node:path';
import type { DatasetType, LoadOptions, Row, Splits } from '../../contract/dataset.ts';
import {
  checkedLetter,
  ifThere,
  markOf,
  readSplits,
  splitNames,
  textIn,
  textParam,
  textsIn,
} from '../columns.ts';
import { fileExists, filesIn, locateFile, locateFolder } from '../locate.ts';
import { badRow, readJson, readJsonl, readText, type ToRow } from '../read.ts';

// ARC, science questions of schools, an easy and a hard set: Allen Institute for AI, CC BY-SA 4.0. Files
// `ARC-Challenge-Test.jsonl`, `ARC-Easy-Test.jsonl` and the same with `Dev`, rows `{question: {stem, choices: [{text,
// label}]}, answerKey}`. Format unseen: no real file was read with this class.

const ARC_SOURCE = 'allenai.org/data/arc (ARC-V1-Feb2018-2.zip, CC BY-SA 4.0)';
const ARC_LETTERS = 'ABCD';

/**
 * Rows with the columns `question`, `textA` to `textD` and `answerKey`, a letter. Only questions with four choices, as in
 * AISBench: its counts are smaller than the authors'. The config's `name` is `ARC-Challenge` or `ARC-Easy`. `path` is a folder, or the file
 * to ask, as AISBench has it: worked examples are of `Dev` beside it, else of the file itself; its splits `train` and `test` mean these.
 */
export const ARCDataset: DatasetType = {
  name: 'ARCDataset',
  async load(options) {
    const name = textParam(options, 'name', 'ARC-Challenge');
    const all = options.path.endsWith('.jsonl')
      ? await arcFile(options, name)
      : await arcFolder(options, name);
    const [train, test] = [all.train, all.test].map((rows) => rows.filter((row) => row !== undefined));
    const left = all.test.length - test!.length;
    const note = `${name}: ${left} of ${all.test.length} questions are left out, as in AISBench: they have not four choices`;
    return { train: train!, test: test!, notes: left === 0 ? [] : [note] };
  },
};

interface ArcRows {
  readonly train: readonly (Row | undefined)[];
  readonly test: readonly (Row | undefined)[];
}

const readArc = (file: string) => readJsonl(file, toArcRow);

async function arcFile({ path, roots }: LoadOptions, name: string): Promise<ArcRows> {
  const file = await locateFile({ path, roots }, { file: path, extension: '.jsonl', source: ARC_SOURCE });
  const test = await readArc(file);
  const train = await ifThere(join(dirname(file), `${name}-Dev.jsonl`), readArc);
  return { train: train.length > 0 ? train : test, test };
}

function arcFolder({ splits = {}, ...options }: LoadOptions, name: string): Promise<ArcRows> {
  const [train, test] = [splits.train, splits.test].map((one) =>
    one === 'train' || one === 'test' ? undefined : one,
  );
  return readSplits(
    { ...options, splits: { train, test } },
    {
      own: { train: 'Dev', test: 'Test', known: ['Train', 'Dev', 'Test'] },
      file: (split) => `${name}-${split}.jsonl`,
      read: readArc,
      source: ARC_SOURCE,
      usual: [
        `ais_bench/datasets/ARC/${name === 'ARC-Easy' ? 'ARC-e' : 'ARC-c'}`,
        `ais_bench/datasets/ARC/${name}`,
        `ais_bench/datasets/ARC-V1-Feb2018-2/${name}`,
      ],
    },
  );
}

/** Undefined where there are not four choices. Throws DSET-DATA-002 naming `where`. */
function toArcRow({ question, answerKey }: Row, where: string): Row | undefined {
  const { stem, choices } = (question ?? {}) as Row;
  if (typeof stem !== 'string' || !Array.isArray(choices))
    throw badRow(where, 'its question has no stem or no choices');
  if (choices.length !== ARC_LETTERS.length) return undefined;
  const all = choices.map((choice: unknown) => (choice ?? {}) as Row);
  const answer = all.findIndex(({ label }) => label === answerKey);
  if (answer < 0) throw badRow(where, `no choice has the label ${JSON.stringify(answerKey)}, its answerKey`);
  const texts = all.map((choice, i) => [`text${ARC_LETTERS[i]}`, textIn(choice, 'text', where)]);
  return { question: stem, answerKey: ARC_LETTERS[answer], ...Object.fromEntries(texts) };
}

// BoolQ, yes or no of a passage, in SuperGLUE's form: Google, CC BY-SA 3.0. File `val.jsonl` (3,270 questions, asked), rows
// `{passage, question, label}`, the label true or false, as a word or as such. Format unseen: no real file was read with these
// classes.

const BOOLQ_SOURCE = 'super.gluebenchmark.com (BoolQ.zip, CC BY-SA 3.0)';
const BOOLQ_DEFAULT_PATH = 'ais_bench/datasets/SuperGLUE/BoolQ/val.jsonl';

/** Rows with the columns of the file, and A (yes) or B (no) for `label`. */
export const BoolQDatasetV2: DatasetType = boolq('BoolQDatasetV2', (row, where) => ({
  ...row,
  label: isTrueLabel(row['label'], where) ? 'A' : 'B',
}));

/** Rows with the columns of the file, the passage without its title, the question with a capital, `label` `true` or `false`. */
export const BoolQDatasetV3: DatasetType = boolq('BoolQDatasetV3', (row, where) => {
  const [passage, question] = [textIn(row, 'passage', where), textIn(row, 'question', where)];
  return {
    ...row,
    passage: passage.split(' -- ').slice(1).join(' -- '),
    question: question.charAt(0).toUpperCase() + question.slice(1),
    label: String(isTrueLabel(row['label'], where)),
  };
});

function boolq(name: string, make: ToRow): DatasetType {
  const toRow: ToRow = (row, where) => {
    for (const column of ['passage', 'question']) textIn(row, column, where);
    return make(row, where);
  };
  return {
    name,
    source: ({ passage }: Row) => markOf(String(passage)),
    load: (options) => loadBoolQ(options, toRow),
  };
}

/** Worked examples are of `train.jsonl` beside the file; where there is none they are asked rows, as in AISBench. */
async function loadBoolQ(options: LoadOptions, toRow: ToRow): Promise<Splits> {
  const path = options.path === '' ? BOOLQ_DEFAULT_PATH : options.path;
  const wanted = { file: 'val.jsonl', extension: '.jsonl', source: BOOLQ_SOURCE };
  const file = await locateFile({ path, roots: options.roots }, wanted);
  const read = (one: string) => readJsonl(one, toRow);
  const test = await read(file);
  const train = await ifThere(join(dirname(file), 'train.jsonl'), read);
  return { train: train.length > 0 ? train : test, test };
}

function isTrueLabel(label: unknown, where: string): boolean {
  const told = String(label).toLowerCase();
  if (told === 'true' || told === 'false') return told === 'true';
  throw badRow(where, `its label ${JSON.stringify(label)} is neither true nor false`);
}

// HellaSwag, which of four endings makes sense: rowanz/hellaswag, MIT licence. Read in both forms that are about: the authors'
// `hellaswag_val.jsonl` `{activity_label, ctx_a, ctx_b, endings, label}` and OpenCompass's `hellaswag.jsonl` `{query, choices,
// gold}`, which was made of it. Format unseen: no real file was read with these classes.

const HELLASWAG_SOURCE = 'github.com/rowanz/hellaswag (folder data, MIT licence)';
const HELLASWAG_REPACKED = 'hellaswag.jsonl';
const HELLASWAG_AUTHORS = 'hellaswag_val.jsonl';
const HELLASWAG_FOLDER = 'ais_bench/datasets/hellaswag';
const HELLASWAG_LETTERS = ['A', 'B', 'C', 'D'] as const;

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
    const test = await hellaSwagQuestions(options);
    const folder = dirname(test.file);
    const samples = await ifThere(join(folder, 'hellaswag_train_sampled25.jsonl'), readHellaSwagQuestions);
    const train =
      samples.length > 0
        ? samples
        : await ifThere(join(folder, 'hellaswag_train.jsonl'), readHellaSwagQuestions);
    return { train: train.map(withLetter), test: test.questions.map(withLetter) };
  },
};

function hellaswag(name: string, toRow: HellaSwagToRow): DatasetType {
  const load = async (options: LoadOptions): Promise<Splits> => {
    const rows = (await hellaSwagQuestions(options)).questions.map(toRow);
    return { train: rows, test: rows };
  };
  return { name, load };
}

function withLetter(question: HellaSwagQuestion): Row {
  return {
    ctx: afterColon(question.query, 1),
    ...lettered(question),
    label: HELLASWAG_LETTERS[question.gold],
  };
}

function lettered({ choices }: HellaSwagQuestion): Row {
  return Object.fromEntries(HELLASWAG_LETTERS.map((letter, i) => [letter, choices[i]]));
}

/** Python's `text.split(': ', most)[-1]`. */
function afterColon(text: string, most: number): string {
  const parts = text.split(': ');
  return parts.slice(Math.min(most, parts.length - 1)).join(': ');
}

async function hellaSwagQuestions(options: LoadOptions) {
  const file = await hellaSwagFile(options);
  return { file, questions: await readHellaSwagQuestions(file) };
}

/** The path may be the folder, or either file. */
async function hellaSwagFile(options: LoadOptions): Promise<string> {
  const path = options.path === '' ? HELLASWAG_FOLDER : options.path.replace(/(?<!\/)\/+$/, '');
  if (path.endsWith('.jsonl') && !path.endsWith(`/${HELLASWAG_REPACKED}`))
    return locateFile(
      { ...options, path },
      { file: HELLASWAG_AUTHORS, extension: '.jsonl', source: HELLASWAG_SOURCE },
    );
  const folder = { ...options, path: path.endsWith('.jsonl') ? dirname(path) : path };
  const repacked = await locateFolder(folder, {
    files: [HELLASWAG_REPACKED],
    source: HELLASWAG_SOURCE,
  }).catch(() => undefined);
  if (repacked !== undefined) return join(repacked, HELLASWAG_REPACKED);
  return join(
    await locateFolder(folder, { files: [HELLASWAG_AUTHORS], source: HELLASWAG_SOURCE }),
    HELLASWAG_AUTHORS,
  );
}

async function readHellaSwagQuestions(file: string): Promise<HellaSwagQuestion[]> {
  return readJsonl(file, toHellaSwagQuestion);
}

/** A row of either form. Throws DSET-DATA-002 naming `where`. */
function toHellaSwagQuestion(row: Row, where: string): HellaSwagQuestion {
  const isRepacked = Object.hasOwn(row, 'choices');
  const choices = textsIn(row, isRepacked ? 'choices' : 'endings', where, HELLASWAG_LETTERS.length);
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

// Datasets of the Mosaic leaderboards: `<split>.jsonl`, and a number a line in `<split>-labels.lst`.

interface LabelledFiles {
  readonly source: string;
  readonly usual: readonly string[];
  readonly toRow: (row: Row, label: number, where: string) => Row;
}

/** AISBench's names of the splits → the files'. */
const MOSAIC_FILES: Readonly<Record<string, string>> = { train: 'train', validation: 'dev' };

/** Asks `dev`, shows `train`; a train split that is not there is empty. Throws as `DatasetType.load` does. */
async function loadLabelled(options: LoadOptions, { source, usual, toRow }: LabelledFiles): Promise<Splits> {
  const own = { train: 'train', test: 'validation', known: Object.keys(MOSAIC_FILES) };
  const { train, test } = splitNames(options, own);
  const files = [`${MOSAIC_FILES[test]}.jsonl`, `${MOSAIC_FILES[test]}-labels.lst`];
  const folder = await locateFolder(options, { files, source, usual });
  const hasTrain = await fileExists(join(folder, `${MOSAIC_FILES[train]}-labels.lst`));
  return {
    train: hasTrain ? await readLabelled(folder, MOSAIC_FILES[train]!, toRow) : [],
    test: await readLabelled(folder, MOSAIC_FILES[test]!, toRow),
  };
}

async function readLabelled(folder: string, name: string, toRow: LabelledFiles['toRow']): Promise<Row[]> {
  const file = join(folder, `${name}-labels.lst`);
  const labels = (await readText(file)).trimEnd().split(/\r?\n/);
  const rows = await readJsonl(join(folder, `${name}.jsonl`), (row, where) => ({ row, where }));
  if (rows.length !== labels.length)
    throw badRow(file, `it has ${labels.length} labels, and ${name}.jsonl ${rows.length} rows`);
  return rows.map(({ row: { id: _, ...row }, where }, i) => {
    const label = labels[i]!.trim();
    if (!/^-?\d+$/.test(label)) throw badRow(`${file}:${i + 1}`, `the label '${label}' is no whole number`);
    return toRow(row, Number(label), where);
  });
}

// PIQA, which of two ways reaches a goal: Academic Free License 3.0. Files `dev.jsonl` (1,838 goals, asked), `dev-labels.lst`,
// `train.jsonl`, `train-labels.lst`; rows `{goal, sol1, sol2}`, labels 0 and 1. Format unseen: no real file was read with
// these classes.

const PIQA_SOURCE = 'yonatanbisk.com/piqa (physicaliqa-train-dev.zip, Academic Free License 3.0)';
const PIQA_USUAL = ['ais_bench/datasets/physicaliqa-train-dev', 'ais_bench/datasets/piqa'];

/** Rows with the columns `goal`, `sol1`, `sol2` and `label`, 0 or 1. */
export const PIQADataset: DatasetType = piqa('PIQADataset', (row, label) => ({ ...row, label }));

/** Rows with the columns `goal`, `sol1`, `sol2` and `answer`: A, B, or `NULL` where the label is negative. */
export const PIQADatasetV2: DatasetType = piqa('PIQADatasetV2', (row, label) => ({
  ...row,
  answer: label < 0 ? 'NULL' : 'AB'[label],
}));

/** As `PIQADataset`, so written that goal and solution make one sentence, or two where the goal is one. */
export const PIQADatasetV3: DatasetType = piqa('PIQADatasetV3', (row, label) => {
  const goal = String(row['goal']);
  const turned = /[?.]$/.test(goal) ? upperFirst : lowerFirst;
  const [sol1, sol2] = [turned(String(row['sol1'])), turned(String(row['sol2']))];
  return { ...row, goal: upperFirst(goal), sol1, sol2, label };
});

function piqa(name: string, make: (row: Row, label: number) => Row): DatasetType {
  const toRow: LabelledFiles['toRow'] = (row, label, where) => {
    for (const column of ['goal', 'sol1', 'sol2']) textIn(row, column, where);
    if (label > 1) throw badRow(where, `its label ${label} is neither 0 nor 1`);
    return make(row, label);
  };
  return {
    name,
    load: (options) => loadLabelled(options, { source: PIQA_SOURCE, usual: PIQA_USUAL, toRow }),
  };
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

// Social IQa, why people do what they do: Allen Institute for AI; no licence is stated. Files `dev.jsonl` (1,954 questions,
// asked), `dev-labels.lst`, `train.jsonl`, `train-labels.lst`; rows `{context, question, answerA, answerB, answerC}`, labels 1
// to 3. Format unseen: no real file was read with this class.

const SIQA_SOURCE = 'allenai.org/data/socialiqa (socialiqa-train-dev.zip, no licence stated)';
const SIQA_USUAL = ['ais_bench/datasets/siqa', 'ais_bench/datasets/socialiqa-train-dev'];
const SIQA_LETTERS = ['A', 'B', 'C'] as const;

/**
 * Rows with the columns of the file, `label`, a letter, and `all_labels`: `{candidates, label}`, for each option the texts that
 * name it (`A. text`, `A`, `text`), and which option is right, from 0.
 */
export const siqaDataset_V2: DatasetType = {
  name: 'siqaDataset_V2',
  load: (options) => loadLabelled(options, { source: SIQA_SOURCE, usual: SIQA_USUAL, toRow: toSiqaRow }),
};

function toSiqaRow(row: Row, label: number, where: string): Row {
  for (const column of ['context', 'question']) textIn(row, column, where);
  const answers = SIQA_LETTERS.map((letter) => textIn(row, `answer${letter}`, where));
  const letter = SIQA_LETTERS[label - 1];
  if (letter === undefined) throw badRow(where, `its label ${label} is none of 1, 2, 3`);
  const candidates = SIQA_LETTERS.map((own, i) => [`${own}. ${answers[i]}`, own, answers[i]]);
  return { ...row, all_labels: { candidates, label: label - 1 }, label: letter };
}

// RACE, reading comprehension from English exams in China: Carnegie Mellon University, for research that is not commercial.
// Read in both forms that are about: the authors' folders `test/high/*.txt`, a passage a file `{article, questions, options,
// answers}`, and OpenCompass's `test/high.jsonl`, a question a row. Format unseen: no real file was read with this class.

const RACE_SOURCE = 'www.cs.cmu.edu/~glai1/data/race (RACE.tar.gz, for non-commercial research)';
const RACE_USUAL = ['ais_bench/datasets/race', 'ais_bench/datasets/RACE'];
/** OpenCompass's name of a split → the authors'. */
const RACE_AUTHORS: Readonly<Record<string, string>> = { validation: 'dev', test: 'test', train: 'train' };

/**
 * Rows with the columns `article`, `question`, `A` to `D` and `answer`, a letter. The config's `name` is `high` or `middle`.
 */
export const RaceDataset: DatasetType = {
  name: 'RaceDataset',
  source: ({ article }) => markOf(String(article)),
  async load(options) {
    const name = textParam(options, 'name', 'high');
    const own = { train: 'validation', test: 'test', known: Object.keys(RACE_AUTHORS) };
    const { train, test } = splitNames(options, own);
    const folder = await raceFolder(options, name, test);
    return { train: await readRaceSplit(folder, train, name), test: await readRaceSplit(folder, test, name) };
  },
};

/** The error of a dataset that is nowhere names the authors' form. */
async function raceFolder(options: LoadOptions, name: string, split: string): Promise<string> {
  const look = (file: string) =>
    locateFolder(options, { files: [file], source: RACE_SOURCE, usual: RACE_USUAL });
  return look(join(split, `${name}.jsonl`)).catch(() => look(join(RACE_AUTHORS[split]!, name)));
}

async function readRaceSplit(folder: string, split: string, name: string): Promise<Row[]> {
  const repacked = join(folder, split, `${name}.jsonl`);
  if (await fileExists(repacked)) return readJsonl(repacked, toRaceQuestion);
  const passages = join(folder, RACE_AUTHORS[split]!, name);
  const rows: Row[] = [];
  for (const file of await filesIn(passages, '.txt'))
    rows.push(...raceQuestions(await readJson(join(passages, file)), join(passages, file)));
  return rows;
}

function toRaceQuestion(row: Row, where: string): Row {
  const [A, B, C, D] = textsIn(row, 'options', where, 4);
  const [article, question] = [textIn(row, 'article', where), textIn(row, 'question', where)];
  return { article, question, A, B, C, D, answer: checkedLetter(row['answer'], 'ABCD', where) };
}

/** The questions about a passage, as the authors' file has them. */
function raceQuestions(content: unknown, file: string): Row[] {
  const passage = (content ?? {}) as Row;
  const [questions, answers] = [textsIn(passage, 'questions', file), textsIn(passage, 'answers', file)];
  const { article, options } = passage;
  if (!Array.isArray(options) || options.length !== questions.length || answers.length !== questions.length)
    throw badRow(file, 'it has not as many options and answers as questions');
  return questions.map((question, i) =>
    toRaceQuestion({ article, question, options: options[i], answer: answers[i] }, `${file}, question ${i}`),
  );
}

// WinoGrande, which of two words fills the gap: allenai/winogrande, CC BY. Files `dev.jsonl` (1,267 sentences, asked) and
// `train_xs.jsonl` (worked examples), rows `{sentence, option1, option2, answer}`, the gap written `_`. Format unseen: no real
// file was read with these classes.

const WINOGRANDE_SOURCE = 'github.com/allenai/winogrande (winogrande_1.1.zip, CC BY)';
const WINOGRANDE_USUAL = ['ais_bench/datasets/winogrande', 'ais_bench/datasets/winogrande_1.1'];
const WINOGRANDE_TRAINS = ['train_xs', 'train_s', 'train_m', 'train_l', 'train_xl', 'train_debiased'];

/**
 * Rows with the columns `prompt` (the sentence), `only_option1`, `only_option2`, `opt1` and `opt2` (the sentence filled),
 * `cont` (what follows the gap) and `answer`: `1` or `2`.
 */
export const WinograndeDataset: DatasetType = {
  name: 'WinograndeDataset',
  load: (options) =>
    loadWinograndeDev(
      options,
      toWinograndeRow((answer) => answer),
    ),
};

/** As `WinograndeDataset`, with the letter A or B for `answer`, `NULL` where the file has none. */
export const WinograndeDatasetV2: DatasetType = {
  name: 'WinograndeDatasetV2',
  load: (options) => loadWinograndeDev(options, toWinograndeRow(winograndeLetter)),
};

/** As `WinograndeDatasetV2`, with the rows of `train_xs.jsonl` as worked examples. */
export const WinograndeDatasetV3: DatasetType = {
  name: 'WinograndeDatasetV3',
  load: (options) =>
    readSplits(options, {
      own: { train: 'train_xs', test: 'dev', known: [...WINOGRANDE_TRAINS, 'dev'] },
      file: (split) => `${split}.jsonl`,
      read: (file) => readJsonl(file, toWinograndeRow(winograndeLetter)),
      source: WINOGRANDE_SOURCE,
      usual: WINOGRANDE_USUAL,
    }),
};

async function loadWinograndeDev(options: LoadOptions, make: ToRow) {
  const content = { files: ['dev.jsonl'], source: WINOGRANDE_SOURCE, usual: WINOGRANDE_USUAL };
  const rows = await readJsonl(join(await locateFolder(options, content), 'dev.jsonl'), make);
  return { train: rows, test: rows };
}

function winograndeLetter(answer: string): string {
  return answer === '' ? 'NULL' : 'AB'[Number(answer) - 1]!;
}

/** Throws DSET-DATA-002 naming `where`. */
function toWinograndeRow(told: (answer: string) => string): ToRow {
  return (row, where) => {
    const prompt = textIn(row, 'sentence', where);
    const [first, second] = [textIn(row, 'option1', where), textIn(row, 'option2', where)];
    const answer = textIn(row, 'answer', where);
    const cont = prompt.split('_')[1];
    if (cont === undefined) throw badRow(where, "its sentence has no gap '_'");
    if (!['', '1', '2'].includes(answer)) throw badRow(where, `its answer '${answer}' is neither 1 nor 2`);
    return {
      prompt,
      only_option1: first,
      only_option2: second,
      opt1: prompt.split('_').join(first),
      opt2: prompt.split('_').join(second),
      answer: told(answer),
      cont,
    };
  };
}
