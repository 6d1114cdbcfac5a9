/**
 * MMMU, university questions with up to seven images in 30 subjects (validation: 900): MMMU on Hugging Face, AI-ModelScope/MMMU on
 * ModelScope. Read from its Parquet files, `<subject>/validation-…-of-….parquet`, or from VLMEvalKit's `MMMU_DEV_VAL.tsv`. Format
 * unseen: no real file was read with this class.
 */
import { dirname, join } from 'node:path';
import type { DatasetType, LoadOptions, Row } from '../../contract/dataset.ts';
import { pythonTexts } from '../../python-data/texts.ts';
import { textIn } from '../columns.ts';
import { type ImageRow, readImageTsv } from '../image-tsv.ts';
import { candidateFolders, fileExists, filesIn, locateFile, locateFolder } from '../locate.ts';
import { readParquet } from '../parquet.ts';
import { badRow } from '../read.ts';
import {
  badValue,
  type Choices,
  choicesIn,
  filled,
  imagesInPlace,
  lettered,
  numbered,
  optionLines,
  promptIn,
} from './image-questions.ts';
import { disciplineOf, SUBJECTS } from './mmmu-subjects.ts';

const SOURCE = 'modelscope.cn/datasets/AI-ModelScope/MMMU, or MMMU/MMMU on Hugging Face';
const PATH = 'ais_bench/datasets/mmmu';
const TSV = 'MMMU_DEV_VAL.tsv';

/** How a question is asked where the config does not say. `{letters}` are those of the options. */
const PROMPTS: Prompts = {
  mult_choice_prompt: '{question}\n\n{choices}\n\nEnd with a line "ANSWER: X", X being one of {letters}.',
  open_prompt: '{question}\n\nEnd with a line "ANSWER: …" that holds the answer alone.',
};

interface Prompts {
  readonly mult_choice_prompt: string;
  readonly open_prompt: string;
}

interface Question {
  readonly id: unknown;
  readonly question: string;
  /** Undefined for a question without options. */
  readonly choices: Choices | undefined;
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
    const { split = 'validation', subset_list } = options.params;
    if (typeof split !== 'string' || split === '') throw badValue('split', split, "a split, as 'validation'");
    const subjects = subjectsIn(subset_list);
    const prompts = {
      mult_choice_prompt: promptIn(options, 'mult_choice_prompt', PROMPTS.mult_choice_prompt),
      open_prompt: promptIn(options, 'open_prompt', PROMPTS.open_prompt),
    };
    const { folder, questions, notes } = await read(options, split, subjects);
    return { train: [], test: questions.map((one) => toRow(one, prompts)), folder, notes };
  },
};

function subjectsIn(list: unknown): readonly string[] {
  if (list === undefined || list === null) return SUBJECTS;
  const known =
    Array.isArray(list) && list.length > 0 && list.every((one) => SUBJECTS.includes(one as string));
  if (known) return list as string[];
  throw badValue('subset_list', list, `a list of subjects: ${SUBJECTS.join(', ')}`);
}

function toRow({ id, question, choices, answer, images, groups }: Question, prompts: Prompts): Row {
  const words =
    choices === undefined
      ? filled(prompts.open_prompt, { question })
      : filled(prompts.mult_choice_prompt, {
          question,
          choices: optionLines(choices, ')'),
          letters: Object.keys(choices).join(','),
        });
  const gold = { answer, ...(choices === undefined ? {} : { choices }), groups };
  return { id, content: imagesInPlace(images, words), answer: gold };
}

interface Asked {
  readonly folder: string;
  readonly questions: readonly Question[];
  readonly notes: readonly string[];
}

async function read(options: LoadOptions, split: string, subjects: readonly string[]): Promise<Asked> {
  const path = options.path === '' ? PATH : options.path;
  const tsv = await tsvOf(path, options.roots);
  if (tsv !== undefined) {
    const { rows, notes } = await readImageTsv(tsv);
    return { folder: dirname(tsv), questions: ofTsv(rows, tsv, split, subjects), notes };
  }
  const file = (subject: string) => join(subject, `${split}-00000-of-00001.parquet`);
  const folder = await subjectFolder(path, options.roots, subjects, split, file(subjects[0]!));
  const questions: Question[] = [];
  for (const subject of subjects) {
    const files = await parquetFiles(folder, subject, split);
    if (files.length === 0)
      await locateFolder({ path: folder, roots: [] }, { files: [file(subject)], source: SOURCE });
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
    return locateFile({ path, roots }, { file: TSV, extension: '.tsv', source: SOURCE });
  for (const folder of candidateFolders(path, roots))
    if (await fileExists(join(folder, TSV))) return join(folder, TSV);
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
  return locateFolder({ path, roots }, { files: [example], source: SOURCE });
}

async function parquetFiles(folder: string, subject: string, split: string): Promise<readonly string[]> {
  for (const place of [join(folder, subject), join(folder, 'data', subject)]) {
    const names = (await filesIn(place, '.parquet')).filter((name) => name.startsWith(split));
    if (names.length > 0) return names.map((name) => join(place, name));
  }
  return [];
}

function ofParquet(row: Row, where: string, subject: string): Question {
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
): Question[] {
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
