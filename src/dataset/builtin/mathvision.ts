/**
 * MathVision, 3,040 problems of mathematics competitions with their pictures, of five levels and 16 subjects: MathLLMs/MathVision on Hugging
 * Face, evalscope/MathVision on ModelScope, MIT. Read from Parquet files, or from JSON lines whose images are files. Format unseen: no
 * real file was read with this class.
 */
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DatasetType, LoadOptions, Row } from '../../contract/dataset.ts';
import { contentOf } from '../../prompt/media.ts';
import { pythonTexts } from '../../python-data/texts.ts';
import { textIn } from '../columns.ts';
import { candidateFolders, fileExists, filesIn, locateFolder } from '../locate.ts';
import { checkMediaFile } from '../media-files.ts';
import { readParquet } from '../parquet.ts';
import { badRow, readJsonl } from '../read.ts';
import { badValue, type ChoiceTexts, filled, lettered, optionLines, promptIn } from './image-questions.ts';

const SOURCE = 'huggingface.co/datasets/MathLLMs/MathVision, or modelscope.cn, evalscope/MathVision (MIT)';
const PATH = 'ais_bench/datasets/mathvision';

/** How a problem is asked where the config does not say. */
const OPEN = '{question}\nThink step by step, and put the answer into \\boxed{{}}, without units.';
const CHOICE =
  '{question}\n\n{choices}\n\nThink step by step, then end with a line "ANSWER: X", X being one of {letters}.';

const LEVELS = ['level 1', 'level 2', 'level 3', 'level 4', 'level 5'];

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
    const { split = 'test', subset_list } = options.params;
    if (typeof split !== 'string' || split === '') throw badValue('split', split, "a split, as 'test'");
    const levels = levelsIn(subset_list);
    const prompts = {
      open: promptIn(options, 'open_prompt_template', OPEN),
      choice: promptIn(options, 'single_answer_cot_template', CHOICE),
    };
    const { folder, files } = await filesOf(options, split);
    const roots = [folder, ...(options.mediaRoots ?? [])];
    const test: Row[] = [];
    for (const file of files) {
      for (const { row, where } of await readRows(file)) {
        const { level = null } = row;
        if (level !== null && !levels.includes(`level ${level}`)) continue;
        test.push({ ...toRow(row, where, prompts, await imageIn(row, where, roots)), mm_type: 'base64' });
      }
    }
    return { train: [], test, folder };
  },
};

function levelsIn(list: unknown): readonly string[] {
  if (list === undefined || list === null) return LEVELS;
  const names = Array.isArray(list) ? list.map((one) => String(one).toLowerCase()) : [];
  if (names.length > 0 && names.every((one) => LEVELS.includes(one))) return names;
  throw badValue('subset_list', list, `a list of: ${LEVELS.join(', ')}`);
}

async function filesOf(
  { path, roots }: LoadOptions,
  split: string,
): Promise<{ readonly folder: string; readonly files: readonly string[] }> {
  const given = path === '' ? PATH : path;
  for (const folder of candidateFolders(given, roots)) {
    for (const place of [join(folder, 'data'), folder]) {
      for (const ending of ['.parquet', '.jsonl']) {
        const names = (await filesIn(place, ending)).filter((name) => name.startsWith(split));
        if (names.length > 0) return { folder, files: names.map((name) => join(place, name)) };
      }
    }
  }
  const example = join('data', `${split}-00000-of-00001.parquet`);
  await locateFolder({ path: given, roots }, { files: [example], source: SOURCE });
  throw badValue('path', path, 'a folder that holds the files');
}

async function readRows(file: string): Promise<ReadProblem[]> {
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

function toRow(
  row: Row,
  where: string,
  prompts: { readonly open: string; readonly choice: string },
  image: string,
): Row {
  const question = textIn(row, 'question', where).trim();
  const options = optionsIn(row['options'], where);
  const choices = options.length === 0 ? undefined : lettered(options);
  const told = String(row['answer'] ?? '').trim();
  if (told === '') throw badRow(where, 'it has no answer');
  const { level = null, subject } = row;
  const groups = [level === null ? '' : `level ${level}`, String(subject ?? '')];
  const words =
    choices === undefined
      ? filled(prompts.open, { question })
      : filled(prompts.choice, {
          question,
          choices: optionLines(choices, ')'),
          letters: Object.keys(choices).join(','),
        });
  return {
    id: row['id'],
    content: contentOf([
      { kind: 'text', value: words },
      { kind: 'image', value: image },
    ]),
    answer: {
      answer: choices === undefined ? told : letterOf(told, choices, where),
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
function letterOf(told: string, choices: ChoiceTexts, where: string): string {
  const letter = /^([A-Z])(?:[).:\s]|$)/.exec(told.toUpperCase())?.[1];
  if (letter !== undefined && Object.hasOwn(choices, letter)) return letter;
  const same = Object.entries(choices).find(([, text]) => text.trim() === told);
  if (same !== undefined) return same[0];
  throw badRow(where, `its answer ${JSON.stringify(told)} is none of its options`);
}
