/** Questions of exams and of reasoning: MMLU, C-Eval, CMMLU, MMLU-Pro, GPQA, AGIEval, BIG-Bench Hard, Humanity's Last Exam. */
import { basename, dirname, join } from 'node:path';
import { plural } from '../../basics/plural.ts';
import type { DatasetType, LoadOptions, Row } from '../../contract/dataset.ts';
import { AisBenchError } from '../../contract/errors.ts';
import { checkedLetter, findFile, markOf, readSplits, textIn, textParam, textsIn } from '../columns.ts';
import { parseCsv, readCsvRecords } from '../csv.ts';
import { fileExists, locateFolder } from '../locate.ts';
import { streamParquet } from '../parquet.ts';
import { pythonOrders } from '../python-random.ts';
import { badRow, readJson, readJsonl, readText } from '../read.ts';

// CMMLU, Chinese multiple choice in 67 subjects: haonan-li/CMMLU, CC BY-NC 4.0. Files `test/<subject>.csv` (11,582 questions) and
// `dev/<subject>.csv` (five worked examples); a header, then a number, the question, four options and the letter of the
// answer. Format unseen: no real file was read with this class.

const CMMLU_SOURCE = 'github.com/haonan-li/CMMLU (cmmlu_v1_0_1.zip, CC BY-NC 4.0)';

/** Rows with the columns `question`, `A` to `D` and `answer`, a letter. The config's `name` is the subject. */
export const CMMLUDataset: DatasetType = {
  name: 'CMMLUDataset',
  async load(options) {
    const subject = textParam(options, 'name', 'agronomy');
    return readSplits(options, {
      own: { train: 'dev', test: 'test', known: ['dev', 'test'] },
      file: (split) => join(split, `${subject}.csv`),
      read: readCmmlu,
      source: CMMLU_SOURCE,
      usual: ['ais_bench/datasets/cmmlu', 'ais_bench/datasets/cmmlu_v1_0_1'],
    });
  },
};

/** By place, as AISBench reads it: the header's first column has no name, and the others' names differ from ours. */
async function readCmmlu(file: string): Promise<Row[]> {
  const [, ...records] = await readCsvRecords(file);
  return records.map(({ fields, line }) => {
    const where = `${file}:${line}`;
    if (fields.length !== 7) throw badRow(where, `it has ${fields.length} fields and not 7`);
    const [, question, A, B, C, D, answer] = fields;
    return { question, A, B, C, D, answer: checkedLetter(answer, 'ABCD', where) };
  });
}

// C-Eval, Chinese multiple choice in 52 subjects: hkust-nlp/ceval, CC BY-NC-SA 4.0. Files `val/<subject>_val.csv` (asked),
// `dev/<subject>_dev.csv` (five worked examples), `test/<subject>_test.csv` (no answers are published); columns id, question,
// A to D, answer and, in dev, explanation. Format unseen: no real file was read with this class.

const CEVAL_SOURCE = 'github.com/hkust-nlp/ceval (ceval-exam.zip, CC BY-NC-SA 4.0)';
const CEVAL_USUAL = ['ais_bench/datasets/ceval/formal_ceval', 'ais_bench/datasets/ceval'];
const CEVAL_HIDDEN =
  'C-Eval publishes no answers of its test split: its accuracy here says nothing; ask the val split';

/** Rows with the columns of the file, `explanation` and `answer` '' where there is none. The config's `name` is the subject. */
export const CEvalDataset: DatasetType = {
  name: 'CEvalDataset',
  async load(options) {
    const subject = textParam(options, 'name', 'college_physics');
    const { train, test } = await readSplits(options, {
      own: { train: 'dev', test: 'val', known: ['dev', 'val', 'test'] },
      file: (split) => join(split, `${subject}_${split}.csv`),
      read: readCEval,
      source: CEVAL_SOURCE,
      usual: CEVAL_USUAL,
    });
    const isHidden = test.length > 0 && test.every(({ answer }) => answer === '');
    return { train, test, notes: isHidden ? [CEVAL_HIDDEN] : [] };
  },
};

/** Line breaks inside of fields are LF, as Python's text files have them. */
async function readCEval(file: string): Promise<Row[]> {
  return parseCsv((await readText(file)).replace(/\r\n?/g, '\n'), file, toCEvalRow);
}

function toCEvalRow(row: Row, where: string): Row {
  for (const column of ['question', 'A', 'B', 'C', 'D']) textIn(row, column, where);
  const { answer = '', explanation = '' } = row;
  return { ...row, explanation, answer: answer === '' ? '' : checkedLetter(answer, 'ABCD', where) };
}

// MMLU, multiple choice in 57 subjects: hendrycks/test, MIT licence. Files `dev/<subject>_dev.csv` (five worked examples) and
// `test/<subject>_test.csv`, also `val/`; no header, fields: question, four options, the letter of the answer.

const MMLU_SOURCE = 'github.com/hendrycks/test (data.tar, MIT licence)';
const MMLU_USUAL = ['ais_bench/datasets/mmlu', 'ais_bench/datasets/mmlu/data'];

/** Rows with the columns `input`, `A` to `D` and `target`, a letter. The config's `name` is the subject. */
export const MMLUDataset: DatasetType = {
  name: 'MMLUDataset',
  async load(options) {
    const subject = textParam(options, 'name', 'college_physics');
    return readSplits(options, {
      own: { train: 'dev', test: 'test', known: ['dev', 'val', 'test'] },
      file: (split) => join(split, `${subject}_${split}.csv`),
      read: readMmlu,
      source: MMLU_SOURCE,
      usual: MMLU_USUAL,
    });
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

// MMLU-Pro, up to ten options in 14 categories: TIGER-Lab/MMLU-Pro on Hugging Face, MIT licence. Published as Parquet, which
// is not read: `test.jsonl` (12,032 rows) and `validation.jsonl` (five worked examples a category) hold the same rows,
// `{question, options, answer, cot_content, category, …}`. Format unseen: no real file was read with this class.

const MMLU_PRO_SOURCE =
  'TIGER-Lab/MMLU-Pro on Hugging Face (MIT licence; its Parquet files written as JSON lines, one object a row)';
const MMLU_PRO_LETTERS = 'ABCDEFGHIJKLMNOP';
const COT_PREFIX = "A: Let's think step by step.";

/**
 * Rows of the config's `category`, with the columns of the file and `options_str` (a line an option, `N/A` left out),
 * `answer_string` (the right one of these lines, its line break included) and `cot_content` without its opening words.
 */
export const MMLUProDataset: DatasetType = {
  name: 'MMLUProDataset',
  async load(options) {
    const category = textParam(options, 'category', 'law');
    return readSplits(options, {
      own: { train: 'validation', test: 'test', known: ['validation', 'test'] },
      file: (split) => `${split}.jsonl`,
      read: (file) => readCategory(file, category),
      source: MMLU_PRO_SOURCE,
      usual: ['ais_bench/datasets/mmlu_pro'],
    });
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
  if (options.length > MMLU_PRO_LETTERS.length) throw badRow(where, `it has ${options.length} options`);
  const answer = checkedLetter(row['answer'], MMLU_PRO_LETTERS.slice(0, options.length), where);
  const lines = options.map((option, i) => `${MMLU_PRO_LETTERS[i]}. ${option}\n`);
  const cot = textIn(row, 'cot_content', where);
  return {
    ...row,
    question: textIn(row, 'question', where),
    options_str: lines
      .filter((_, i) => options[i] !== 'N/A')
      .join('')
      .trim(),
    answer,
    answer_string: lines[MMLU_PRO_LETTERS.indexOf(answer)],
    cot_content: (cot.startsWith(COT_PREFIX) ? cot.slice(COT_PREFIX.length) : cot).trim(),
  };
}

// GPQA, questions that experts wrote to be hard to look up: idavidrein/gpqa, CC BY 4.0. One CSV file with a header, of which
// AISBench takes the fields 7 to 11 (from 0): question, right answer, three wrong ones. Format unseen: no real file was read
// with these classes.

const GPQA_SOURCE = 'github.com/idavidrein/gpqa (dataset.zip, CC BY 4.0)';
const GPQA_USUAL = ['ais_bench/datasets/gpqa', 'ais_bench/datasets/gpqa/dataset'];
const GPQA_LETTERS = ['A', 'B', 'C', 'D'] as const;
const FIRST_FIELD = 7;

/** By the row's number, from 1: how far the options are moved on. */
const GPQA_ROTATIONS = ['ABCD', 'BCDA', 'CDAB', 'DABC'] as const;
const GPQA_REPEATS = 4;

interface GpqaQuestion {
  readonly question: string;
  /** The right one first. */
  readonly options: readonly string[];
}

/** Rows with the columns `question`, `A` to `D` and `answer`, a letter; the config's `name` is the file. */
export const GPQADataset: DatasetType = {
  name: 'GPQADataset',
  async load(options) {
    const rows = (await readGpqaQuestions(options)).map(rotated);
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
    const questions = await readGpqaQuestions(options);
    const orders = pythonOrders(GPQA_REPEATS * questions.length, GPQA_LETTERS.length, 0);
    const rows = orders.map((order, i) => permuted(questions[i % questions.length]!, order));
    return { train: rows, test: rows };
  },
};

/** The letter is that of the first option with the right one's text, as in AISBench. */
function rotated({ question, options }: GpqaQuestion, index: number): Row {
  const order = GPQA_ROTATIONS[(index + 1) % GPQA_ROTATIONS.length]!;
  const moved = [...order].map((letter) => options[GPQA_LETTERS.indexOf(letter as 'A')]!);
  return { question, ...lettered(moved), answer: GPQA_LETTERS[moved.indexOf(options[0]!)] };
}

function permuted({ question, options }: GpqaQuestion, permutation: readonly number[]): Row {
  const moved = permutation.map((place) => options[place]!);
  const answer = GPQA_LETTERS[permutation.indexOf(0)];
  return { question, ...lettered(moved), answer, options: moved, permutation };
}

function lettered(options: readonly string[]): Row {
  return Object.fromEntries(GPQA_LETTERS.map((letter, i) => [letter, options[i]]));
}

async function readGpqaQuestions(options: LoadOptions): Promise<GpqaQuestion[]> {
  const name = textParam(options, 'name', 'gpqa_diamond.csv');
  const folder = await locateFolder(options, { files: [name], source: GPQA_SOURCE, usual: GPQA_USUAL });
  const file = join(folder, name);
  return (await readCsvRecords(file)).flatMap(({ fields, line }) => {
    const [question, ...others] = fields.slice(FIRST_FIELD, FIRST_FIELD + 5);
    if (question === undefined || others.length !== 4) {
      throw badRow(`${file}:${line}`, `it has ${fields.length} fields, fewer than 12`);
    }
    return question === 'Question' ? [] : [{ question, options: others }];
  });
}

// AGIEval, questions of exams in English and Chinese, 21 sets: ruixiangcui/AGIEval, MIT licence. A file `<set>.jsonl`, rows
// `{passage, question, options, label, answer}`. Format unseen: no real file was read with this class.

const AGIEVAL_SOURCE = 'github.com/ruixiangcui/AGIEval (folder data/v1, MIT licence)';
const AGIEVAL_USUAL = ['ais_bench/datasets/agieval', 'ais_bench/datasets/AGIEval/data/v1'];

/**
 * Rows with the columns `question` (its passage in front, as AISBench joins them), `options` (a line each), `label` (letters
 * in a row where several are right; a text where nothing is to choose) and `passage`. The config's `name` is the set.
 */
export const AGIEvalDataset_v2: DatasetType = {
  name: 'AGIEvalDataset_v2',
  source: ({ passage }) => (typeof passage === 'string' && passage !== '' ? markOf(passage) : undefined),
  async load(options) {
    const name = textParam(options, 'name', 'sat-math');
    checkSetting(options.params['setting_name']);
    const file = `${name}.jsonl`;
    const folder = await locateFolder(options, {
      files: [file],
      source: AGIEVAL_SOURCE,
      usual: AGIEVAL_USUAL,
    });
    const rows = await readJsonl(join(folder, file), toAgievalRow);
    return { train: rows, test: rows };
  },
};

function checkSetting(value: unknown): void {
  if (value === undefined || value === 'zero-shot') return;
  throw new AisBenchError('UTILS-CFG-002', `setting_name is ${JSON.stringify(value)}`, {
    where: 'setting_name',
    cure: "leave it out, or write setting_name: 'zero-shot': AGIEval is asked without worked examples",
  });
}

/** Throws DSET-DATA-002 naming `where`. */
function toAgievalRow(row: Row, where: string): Row {
  const { passage, options, label, answer } = row;
  if (!isEmpty(options) && !Array.isArray(options)) throw badRow(where, 'its options are no list');
  const given = isEmpty(label) ? answer : label;
  const right = Array.isArray(given) ? given.join('') : given;
  if (typeof right !== 'string' || right === '') throw badRow(where, 'it has neither a label nor an answer');
  const before = typeof passage === 'string' ? passage : '';
  return {
    passage: before,
    question: before + textIn(row, 'question', where),
    options: isEmpty(options) ? '' : (options as unknown[]).join('\n'),
    label: right,
  };
}

/** What Python takes for false: such a label is none. */
function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === undefined || value === null || value === '';
}

// BIG-Bench Hard, 27 tasks of reasoning: suzgunmirac/BIG-Bench-Hard, MIT licence. A file `<task>.json` `{canary, examples:
// [{input, target}]}`; beside the tasks' folder `cot-prompts/<task>.txt` (the authors') or `lib_prompt/<task>.txt`
// (AISBench's layout), three worked examples of a task as one text.

const BBH_SOURCE = 'github.com/suzgunmirac/BIG-Bench-Hard (folders bbh and cot-prompts, MIT licence)';
const BBH_USUAL = [
  'ais_bench/datasets/bbh',
  'ais_bench/datasets/BBH/data',
  'ais_bench/datasets/bbh/data',
  'ais_bench/datasets/BIG-Bench-Hard/bbh',
];
const EXAMPLE_FOLDERS = ['lib_prompt', 'cot-prompts'];

/** The authors' files of worked examples begin with their canary and a line of dashes, which no prompt shows. */
const CANARY_HEADER = /^(?=[^\n]*canary)[^\n]*\n-+\r?\n/i;

/** Rows with the columns `input`, `target` and `examples`, '' where none are beside the data. The config's `name` is the task. */
export const BBHDataset: DatasetType = {
  name: 'BBHDataset',
  async load(options) {
    const task = textParam(options, 'name', 'navigate');
    const file = `${task}.json`;
    const folder = await locateFolder(options, { files: [file], source: BBH_SOURCE, usual: BBH_USUAL });
    const examples = await examplesOf(folder, task);
    const rows = rowsOf(await readJson(join(folder, file)), join(folder, file)).map((row, i) => {
      const where = `${join(folder, file)}, example ${i}`;
      return { input: textIn(row, 'input', where), target: textIn(row, 'target', where), examples };
    });
    return { train: rows, test: rows, notes: examples === '' ? [withoutExamples(folder)] : [] };
  },
};

function rowsOf(content: unknown, file: string): Row[] {
  const examples = typeof content === 'object' && content !== null ? (content as Row)['examples'] : undefined;
  const isRow = (one: unknown) => typeof one === 'object' && one !== null;
  if (!Array.isArray(examples) || examples.length === 0 || !examples.every(isRow))
    throw badRow(file, 'it has no list of objects `examples`');
  return examples as Row[];
}

async function examplesOf(folder: string, task: string): Promise<string> {
  const places = [folder, dirname(folder)].flatMap((place) =>
    EXAMPLE_FOLDERS.map((name) => join(place, name, `${task}.txt`)),
  );
  for (const place of places) {
    if (await fileExists(place)) return (await readText(place)).replace(CANARY_HEADER, '').trim();
  }
  return '';
}

function withoutExamples(folder: string): string {
  const place = join(basename(folder), EXAMPLE_FOLDERS[1]!);
  return `asked without its three worked examples: there is no ${place}, of ${BBH_SOURCE}`;
}

// HLE, Humanity's Last Exam: the Center for AI Safety and Scale AI, cais/hle on Hugging Face, MIT, given to who accepts its terms there. One
// Parquet file of 2,500 rows `{id, question, image, answer, answer_type, category, …}`; `image` is empty or a data URL. Its authors ask that
// no question be put on the web: keep results to yourself. Format unseen: no real file was read with this class.

const HLE_SOURCE =
  'Hugging Face, cais/hle (data/test-00000-of-00001.parquet; its terms have to be accepted there)';
const HLE_FILE = 'test-00000-of-00001.parquet';
const HLE_USUAL = [
  `ais_bench/datasets/hle/data/${HLE_FILE}`,
  'ais_bench/datasets/hle/data',
  'ais_bench/datasets/hle',
];
const HLE_COLUMNS = ['id', 'question', 'image', 'answer', 'answer_type', 'category'];

/** Rows with the columns `id`, `question`, `answer`, `answer_type` and `category`, of the questions that have no image. */
export const HLEDataset: DatasetType = {
  name: 'HLEDataset',
  async load(options) {
    const isUsual = options.path === '' || basename(options.path) === HLE_FILE;
    const file = await findFile(options, {
      usual: isUsual ? HLE_USUAL : [],
      names: [HLE_FILE, `data/${HLE_FILE}`],
      source: HLE_SOURCE,
    });
    const test: Row[] = [];
    let seen = 0;
    for await (const { row, where } of streamParquet(file, HLE_COLUMNS)) {
      seen++;
      const { image = '', ...rest } = row;
      if (image !== '') continue;
      for (const column of ['question', 'answer']) textIn(rest, column, where);
      test.push(rest);
    }
    const left = seen - test.length;
    const note = `${left} of ${plural(seen, 'question')} ${left === 1 ? 'has an image and is' : 'have an image and are'} left out: the score is of text alone`;
    return { train: [], test, ...(left === 0 ? {} : { notes: [note] }) };
  },
};
