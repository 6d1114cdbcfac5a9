/** Exams with images: MMMU, MMMU-Pro, MathVision and Geometry3K. */
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DatasetType, LoadOptions, Row } from '../../contract/dataset.ts';
import { contentOf } from '../../prompt/media.ts';
import { pythonTexts } from '../../python-data/texts.ts';
import { checkedLetter, findFile, textIn } from '../columns.ts';
import { type ImageRow, readImageTsv } from '../image-tsv.ts';
import { candidateFolders, fileExists, filesIn, locateFile, locateFolder } from '../locate.ts';
import { checkMediaFile } from '../media-files.ts';
import { readParquet } from '../parquet.ts';
import { badRow, readJsonl } from '../read.ts';
import {
  badValue,
  type ChoiceTexts,
  choicesIn,
  filled,
  hinted,
  imagesFirst,
  imagesInPlace,
  lettered,
  numbered,
  optionLines,
  promptIn,
} from './image-questions.ts';

/** How a question without and one with options is put. */
interface ExamPrompts {
  readonly open: string;
  readonly choice: string;
}

function questionWords(question: string, choices: ChoiceTexts | undefined, prompts: ExamPrompts): string {
  if (choices === undefined) return filled(prompts.open, { question });
  const letters = Object.keys(choices).join(',');
  return filled(prompts.choice, { question, choices: optionLines(choices, ')'), letters });
}

/** The config's `split`. Throws UTILS-CFG-002. */
function splitParam({ params }: LoadOptions, otherwise: string): string {
  const { split = otherwise } = params;
  if (typeof split === 'string' && split !== '') return split;
  throw badValue('split', split, `a split, as '${otherwise}'`);
}

/** The 30 subjects of MMMU in its six disciplines, as its paper has them. */
const DISCIPLINES: Readonly<Record<string, string>> = {
  'Art & Design': 'Art Art_Theory Design Music',
  Business: 'Accounting Economics Finance Manage Marketing',
  Science: 'Biology Chemistry Geography Math Physics',
  'Health & Medicine':
    'Basic_Medical_Science Clinical_Medicine Diagnostics_and_Laboratory_Medicine Pharmacy Public_Health',
  'Humanities & Social Science': 'History Literature Psychology Sociology',
  'Tech & Engineering':
    'Agriculture Architecture_and_Engineering Computer_Science Electronics Energy_and_Power Materials Mechanical_Engineering',
};

const BY_SUBJECT: ReadonlyMap<string, string> = new Map(
  Object.entries(DISCIPLINES).flatMap(([discipline, subjects]) =>
    subjects.split(' ').map((subject) => [subject, discipline] as const),
  ),
);

/** In the order of the alphabet, as AISBench asks them. */
const SUBJECTS: readonly string[] = [...BY_SUBJECT.keys()].sort();

/** The discipline of a subject; undefined for any other name. */
function disciplineOf(subject: string): string | undefined {
  return BY_SUBJECT.get(subject);
}

// MMMU-Pro, the questions of MMMU that need their images: 1,730 with ten options, and the same as screenshots. MMMU/MMMU_Pro on Hugging Face.
// Read from VLMEvalKit's `MMMU_Pro_10c.tsv` and `MMMU_Pro_V.tsv`. Format unseen: no real file was read with these classes.

const PRO_PATH = 'ais_bench/datasets/mmmu_pro';

/** How the config's `is_cot` has a question answered. */
const MMMU_HOW = {
  direct: 'Reply with the letter of the right option and nothing else.',
  cot: 'Think step by step. Make the last line of your reply "Answer: X", X being the letter of the right option.',
} as const;

/** Rows with the columns `content` and `answer`, `{answer, choices, groups: [subject]}`; the images stand where the words name them. */
export const MMMUProOptions10Dataset: DatasetType = of(
  'MMMUProOptions10Dataset',
  'MMMU_Pro_10c.tsv',
  (found, choices, how) => {
    const { row, images, where } = found;
    if (row['question'] === undefined) throw badRow(where, 'it has no question');
    const words = `${hinted(found, row['question'])}\n\n${optionLines(choices)}\n\n${how}`;
    return imagesInPlace(numbered(images), words);
  },
);

/** The same; the question and its options are in the image. */
export const MMMUProVisionDataset: DatasetType = of(
  'MMMUProVisionDataset',
  'MMMU_Pro_V.tsv',
  ({ images }, _choices, how) =>
    imagesFirst(images.slice(0, 1), `The image shows a question and its options. Answer it. ${how}`),
);

function of(
  name: string,
  file: string,
  contentOf: (found: ImageRow, choices: ChoiceTexts, how: string) => string,
): DatasetType {
  const source = `opencompass.openxlab.space/utils/VLMEval/${file}, of MMMU/MMMU_Pro on Hugging Face`;
  return {
    name,
    async load({ path, roots, params }) {
      const how = MMMU_HOW[isCot(params) ? 'cot' : 'direct'];
      const found = await locateFile(
        { path: path === '' ? PRO_PATH : path, roots },
        { file, extension: '.tsv', source },
      );
      const { rows, notes } = await readImageTsv(found);
      const test = rows.map((one): Row => {
        const { row, where } = one;
        const choices = choicesIn(one);
        const letters = Object.keys(choices).join('');
        if (letters === '') throw badRow(where, 'it has no options');
        const answer = checkedLetter(row['answer'], letters, where);
        const groups = row['category'] === undefined ? [] : [row['category']];
        return {
          index: row['index'],
          content: contentOf(one, choices, how),
          answer: { answer, choices, groups },
        };
      });
      return { train: [], test, folder: dirname(found), notes };
    },
  };
}

function isCot({ is_cot = false }: LoadOptions['params']): boolean {
  if (typeof is_cot === 'boolean') return is_cot;
  throw badValue('is_cot', is_cot, 'true or false');
}

// MMMU, university questions with up to seven images in 30 subjects (validation: 900): MMMU on Hugging Face, AI-ModelScope/MMMU on
// ModelScope. Read from its Parquet files, `<subject>/validation-…-of-….parquet`, or from VLMEvalKit's `MMMU_DEV_VAL.tsv`. Format
// unseen: no real file was read with this class.

const MMMU_SOURCE = 'modelscope.cn/datasets/AI-ModelScope/MMMU, or MMMU/MMMU on Hugging Face';
const MMMU_PATH = 'ais_bench/datasets/mmmu';
const MMMU_TSV = 'MMMU_DEV_VAL.tsv';

/** How a question is asked where the config does not say. `{letters}` are those of the options. */
const MMMU_CHOICE = '{question}\n\n{choices}\n\nEnd with a line "ANSWER: X", X being one of {letters}.';
const MMMU_OPEN = '{question}\n\nEnd with a line "ANSWER: …" that holds the answer alone.';

interface MmmuQuestion {
  readonly id: unknown;
  readonly question: string;
  /** Undefined for a question without options. */
  readonly choices: ChoiceTexts | undefined;
  readonly answer: string;
  readonly images: ReadonlyMap<number, string>;
  readonly groups: readonly string[];
}

/**
 * Rows with the columns `content`, the words with the images in their places, and `answer`, `{answer, choices, groups: [subject,
 * discipline]}`. Keys of the config: `split`, `subset_list` (subjects), `mult_choice_prompt`, `open_prompt`.
 */
export const MMMUDataset: DatasetType = {
  name: 'MMMUDataset',
  async load(options) {
    const split = splitParam(options, 'validation');
    const subjects = subjectsIn(options.params['subset_list']);
    const prompts = {
      open: promptIn(options, 'open_prompt', MMMU_OPEN),
      choice: promptIn(options, 'mult_choice_prompt', MMMU_CHOICE),
    };
    const { folder, questions, notes } = await read(options, split, subjects);
    return { train: [], test: questions.map((one) => toMmmuRow(one, prompts)), folder, notes };
  },
};

function subjectsIn(list: unknown): readonly string[] {
  if (list === undefined || list === null) return SUBJECTS;
  const known =
    Array.isArray(list) && list.length > 0 && list.every((one) => SUBJECTS.includes(one as string));
  if (known) return list as string[];
  throw badValue('subset_list', list, `a list of subjects: ${SUBJECTS.join(', ')}`);
}

function toMmmuRow(
  { id, question, choices, answer, images, groups }: MmmuQuestion,
  prompts: ExamPrompts,
): Row {
  const words = questionWords(question, choices, prompts);
  const gold = { answer, ...(choices === undefined ? {} : { choices }), groups };
  return { id, content: imagesInPlace(images, words), answer: gold };
}

interface MmmuSplit {
  readonly folder: string;
  readonly questions: readonly MmmuQuestion[];
  readonly notes: readonly string[];
}

async function read(options: LoadOptions, split: string, subjects: readonly string[]): Promise<MmmuSplit> {
  const path = options.path === '' ? MMMU_PATH : options.path;
  const tsv = await tsvOf(path, options.roots);
  if (tsv !== undefined) {
    const { rows, notes } = await readImageTsv(tsv);
    return { folder: dirname(tsv), questions: ofTsv(rows, tsv, split, subjects), notes };
  }
  const file = (subject: string) => join(subject, `${split}-00000-of-00001.parquet`);
  const folder = await subjectFolder(path, options.roots, subjects, split, file(subjects[0]!));
  const questions: MmmuQuestion[] = [];
  for (const subject of subjects) {
    const files = await parquetFiles(folder, subject, split);
    if (files.length === 0)
      await locateFolder({ path: folder, roots: [] }, { files: [file(subject)], source: MMMU_SOURCE });
    for (const one of files) {
      const isImage = (column: string) => /^image_\d+$/.test(column);
      questions.push(...(await readParquet(one, (row, where) => ofParquet(row, where, subject), isImage)));
    }
  }
  return { folder, questions, notes: [] };
}

/** The TSV file where the path is one, or where its folder has it and no Parquet files. */
async function tsvOf(path: string, roots: readonly string[]): Promise<string | undefined> {
  if (path.endsWith('.tsv'))
    return locateFile({ path, roots }, { file: MMMU_TSV, extension: '.tsv', source: MMMU_SOURCE });
  for (const folder of candidateFolders(path, roots))
    if (await fileExists(join(folder, MMMU_TSV))) return join(folder, MMMU_TSV);
  return undefined;
}

/** Throws DSET-FILE-001 where no place has a file of a subject. */
async function subjectFolder(
  path: string,
  roots: readonly string[],
  subjects: readonly string[],
  split: string,
  example: string,
): Promise<string> {
  for (const folder of candidateFolders(path, roots))
    for (const subject of subjects)
      if ((await parquetFiles(folder, subject, split)).length > 0) return folder;
  return locateFolder({ path, roots }, { files: [example], source: MMMU_SOURCE });
}

async function parquetFiles(folder: string, subject: string, split: string): Promise<readonly string[]> {
  for (const place of [join(folder, subject), join(folder, 'data', subject)]) {
    const names = (await filesIn(place, '.parquet')).filter((name) => name.startsWith(split));
    if (names.length > 0) return names.map((name) => join(place, name));
  }
  return [];
}

function ofParquet(row: Row, where: string, subject: string): MmmuQuestion {
  const given = row['options'];
  const options = Array.isArray(given) ? given.map(String) : pythonTexts(String(given ?? '[]'));
  if (options === undefined) throw badRow(where, "its column 'options' is no list of texts");
  const isChoice = row['question_type'] === undefined ? options.length > 0 : row['question_type'] !== 'open';
  if (isChoice && options.length === 0) throw badRow(where, 'it is multiple choice without options');
  const images = Object.entries(row).flatMap(([column, url]) => {
    const number = /^image_(\d+)$/.exec(column)?.[1];
    return number === undefined ? [] : [[Number(number), String(url)] as const];
  });
  return {
    id: row['id'],
    question: textIn(row, 'question', where).trim(),
    choices: isChoice ? lettered(options) : undefined,
    answer: answerIn(row['answer'], where),
    images: new Map(images.sort(([a], [b]) => a - b)),
    groups: groupsOf(subject),
  };
}

function ofTsv(
  rows: readonly ImageRow[],
  file: string,
  split: string,
  subjects: readonly string[],
): MmmuQuestion[] {
  const own = rows.filter(({ row }) => row['split'] === undefined || row['split'] === split);
  const asked = own.filter(({ row }) => subjects.includes(subjectOf(row)) || subjects === SUBJECTS);
  if (asked.length === 0) throw badRow(file, `no row is of split '${split}' and of these subjects`);
  return asked.map((found) => {
    const { row, images, where } = found;
    const choices = choicesIn(found);
    return {
      id: row['id'] ?? row['index'],
      question: textIn(row, 'question', where).trim(),
      choices: Object.keys(choices).length === 0 ? undefined : choices,
      answer: answerIn(row['answer'], where),
      images: numbered(images),
      groups: groupsOf(subjectOf(row), row['l2-category']),
    };
  });
}

function subjectOf(row: ImageRow['row']): string {
  return (row['category'] ?? '').replaceAll(' ', '_');
}

function groupsOf(subject: string, told?: string): string[] {
  return [subject, disciplineOf(subject) ?? told].filter(
    (one): one is string => one !== undefined && one !== '',
  );
}

function answerIn(answer: unknown, where: string): string {
  if (typeof answer === 'string' && answer.trim() !== '') return answer.trim();
  if (Array.isArray(answer) && answer.length > 0) return JSON.stringify(answer.map(String));
  throw badRow(where, 'it has no answer: its split is a test split');
}

// MathVision, 3,040 problems of mathematics competitions with their pictures, of five levels and 16 subjects: MathLLMs/MathVision on Hugging
// Face, evalscope/MathVision on ModelScope, MIT. Read from Parquet files, or from JSON lines whose images are files. Format unseen: no
// real file was read with this class.

const MATHVISION_SOURCE =
  'huggingface.co/datasets/MathLLMs/MathVision, or modelscope.cn, evalscope/MathVision (MIT)';
const MATHVISION_PATH = 'ais_bench/datasets/mathvision';

/** How a problem is asked where the config does not say. */
const MATHVISION_OPEN = '{question}\nThink step by step, and put the answer into \\boxed{{}}, without units.';
const MATHVISION_CHOICE =
  '{question}\n\n{choices}\n\nThink step by step, then end with a line "ANSWER: X", X being one of {letters}.';

const MATHVISION_LEVELS = ['level 1', 'level 2', 'level 3', 'level 4', 'level 5'];

interface ReadProblem {
  readonly row: Row;
  readonly where: string;
}

/**
 * Rows with the columns `content`, the problem and then its picture, as AISBench has them, and `answer`, `{answer, choices, groups: [level,
 * subject]}`. Keys of the config: `split`, `subset_list` (levels), `open_prompt_template`, `single_answer_cot_template`.
 */
export const MathVisionDataset: DatasetType = {
  name: 'MathVisionDataset',
  async load(options) {
    const split = splitParam(options, 'test');
    const levels = levelsIn(options.params['subset_list']);
    const prompts = {
      open: promptIn(options, 'open_prompt_template', MATHVISION_OPEN),
      choice: promptIn(options, 'single_answer_cot_template', MATHVISION_CHOICE),
    };
    const { folder, files } = await mathVisionFiles(options, split);
    const roots = [folder, ...(options.mediaRoots ?? [])];
    const test: Row[] = [];
    for (const file of files) {
      for (const { row, where } of await readMathVisionRows(file)) {
        const { level = null } = row;
        if (level !== null && !levels.includes(`level ${level}`)) continue;
        test.push({
          ...toMathVisionRow(row, where, prompts, await imageIn(row, where, roots)),
          mm_type: 'base64',
        });
      }
    }
    return { train: [], test, folder };
  },
};

function levelsIn(list: unknown): readonly string[] {
  if (list === undefined || list === null) return MATHVISION_LEVELS;
  const names = Array.isArray(list) ? list.map((one) => String(one).toLowerCase()) : [];
  if (names.length > 0 && names.every((one) => MATHVISION_LEVELS.includes(one))) return names;
  throw badValue('subset_list', list, `a list of: ${MATHVISION_LEVELS.join(', ')}`);
}

async function mathVisionFiles(
  { path, roots }: LoadOptions,
  split: string,
): Promise<{ readonly folder: string; readonly files: readonly string[] }> {
  const given = path === '' ? MATHVISION_PATH : path;
  for (const folder of candidateFolders(given, roots)) {
    for (const place of [join(folder, 'data'), folder]) {
      for (const ending of ['.parquet', '.jsonl']) {
        const names = (await filesIn(place, ending)).filter((name) => name.startsWith(split));
        if (names.length > 0) return { folder, files: names.map((name) => join(place, name)) };
      }
    }
  }
  const example = join('data', `${split}-00000-of-00001.parquet`);
  await locateFolder({ path: given, roots }, { files: [example], source: MATHVISION_SOURCE });
  throw badValue('path', path, 'a folder that holds the files');
}

async function readMathVisionRows(file: string): Promise<ReadProblem[]> {
  const toFound = (row: Row, where: string) => ({ row, where });
  const isImage = (column: string) => column === 'image' || column === 'decoded_image';
  return file.endsWith('.jsonl') ? readJsonl(file, toFound) : readParquet(file, toFound, isImage);
}

/** A file that is there, else the picture that the row holds. */
async function imageIn(row: Row, where: string, roots: readonly string[]): Promise<string> {
  for (const column of ['image_path', 'image', 'decoded_image']) {
    const value = row[column];
    if (typeof value !== 'string' || value === '') continue;
    if (value.startsWith('file://')) return value;
    for (const root of roots) {
      const place = resolve(root, value);
      if (!(await fileExists(place))) continue;
      const url = pathToFileURL(place).href;
      await checkMediaFile({ url, where, isInlined: true }, roots);
      return url;
    }
  }
  throw badRow(where, 'it has no picture, and none of its files is there');
}

function toMathVisionRow(row: Row, where: string, prompts: ExamPrompts, image: string): Row {
  const question = textIn(row, 'question', where).trim();
  const options = optionsIn(row['options'], where);
  const choices = options.length === 0 ? undefined : lettered(options);
  const told = String(row['answer'] ?? '').trim();
  if (told === '') throw badRow(where, 'it has no answer');
  const { level = null, subject } = row;
  const groups = [level === null ? '' : `level ${level}`, String(subject ?? '')];
  const words = questionWords(question, choices, prompts);
  return {
    id: row['id'],
    content: contentOf([
      { kind: 'text', value: words },
      { kind: 'image', value: image },
    ]),
    answer: {
      answer: choices === undefined ? told : mathVisionLetter(told, choices, where),
      ...(choices === undefined ? {} : { choices }),
      groups: groups.filter((one) => one !== ''),
    },
  };
}

function optionsIn(value: unknown, where: string): readonly string[] {
  const options = Array.isArray(value) ? value.map(String) : pythonTexts(String(value ?? '[]'));
  if (options === undefined) throw badRow(where, "its column 'options' is no list of texts");
  return options.filter((one) => one.trim() !== '');
}

/** The right option by its letter, or by its text. */
function mathVisionLetter(told: string, choices: ChoiceTexts, where: string): string {
  const letter = /^([A-Z])(?:[).:\s]|$)/.exec(told.toUpperCase())?.[1];
  if (letter !== undefined && Object.hasOwn(choices, letter)) return letter;
  const same = Object.entries(choices).find(([, text]) => text.trim() === told);
  if (same !== undefined) return same[0];
  throw badRow(where, `its answer ${JSON.stringify(told)} is none of its options`);
}

// Geometry3K, 601 problems of plane geometry with their figures: hiyouga/geometry3k on Hugging Face, MIT. Read from its Parquet files,
// `{images, problem, answer}`. Format unseen: no real file was read with this class.

const GEOMETRY3K_SOURCE = 'Hugging Face, hiyouga/geometry3k (MIT), folder data';
const GEOMETRY3K_USUAL = ['ais_bench/datasets/geo3k', 'ais_bench/datasets/geometry3k'];

const GEOMETRY3K_HOW = 'Think it through first, and end with the answer in \\boxed{}.';

/**
 * Rows with the columns `content`, the figure and the problem, and `answer`. Keys of the config: `split` (`test`), `instruction`, what is asked
 * behind a problem.
 */
export const Geometry3KDataset: DatasetType = {
  name: 'Geometry3KDataset',
  async load(options) {
    const split = splitParam(options, 'test');
    const { instruction = GEOMETRY3K_HOW } = options.params;
    if (typeof instruction !== 'string') throw badValue('instruction', instruction, 'a text');
    const name = `${split}-00000-of-00001.parquet`;
    const names = [name, join('data', name)];
    const file = await findFile(options, { usual: GEOMETRY3K_USUAL, names, source: GEOMETRY3K_SOURCE });
    const test = await readParquet(
      file,
      (row, where) => toGeometry3kRow(row, where, instruction),
      (column) => column === 'images',
    );
    const folder = dirname(file);
    return { train: [], test, folder: basename(folder) === 'data' ? dirname(folder) : folder };
  },
};

function toGeometry3kRow(row: Row, where: string, instruction: string): Row {
  const [figure, problem, answer] = ['images', 'problem', 'answer'].map((column) =>
    textIn(row, column, where),
  );
  const words = problem!.replace('<image>', '').trimStart();
  return { content: imagesFirst([figure!], `${words} ${instruction}`), answer };
}
