/**
 * RealWorldQA, 765 questions about photographs of streets and the like: xAI, CC BY-ND 4.0. Read from its Parquet files, `{image, question,
 * answer}`, all of a folder. Format unseen: no real file was read with this class.
 */

import { dirname, join } from 'node:path';
import type { DatasetType, LoadOptions, Row } from '../../contract/dataset.ts';
import { AisBenchError } from '../../contract/errors.ts';
import { contentOf, type Segment } from '../../prompt/media.ts';
import { checkedLetter, textIn } from '../columns.ts';
import { type ImageRow, readImageTsv } from '../image-tsv.ts';
import { filesIn, locateFile } from '../locate.ts';
import { readParquet } from '../parquet.ts';
import { badRow } from '../read.ts';

// What the classes of questions about images share: options, and the words and images of a question as one text of segments.

const CAPITALS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

/** Letter → text. */
export type ChoiceTexts = Readonly<Record<string, string>>;

/** The options of a row that has a column for each. */
export function choicesIn({ row }: ImageRow): ChoiceTexts {
  return Object.fromEntries(
    CAPITALS.flatMap((letter) => (row[letter] === undefined ? [] : [[letter, row[letter]]])),
  );
}

/** The options of a list under letters. */
export function lettered(options: readonly string[]): ChoiceTexts {
  return Object.fromEntries(options.map((option, i) => [CAPITALS[i] ?? String(i - 25), option]));
}

/** A line an option, as `A. text`; `mark` is behind the letter. */
export function optionLines(choices: ChoiceTexts, mark = '.'): string {
  return Object.entries(choices)
    .map(([letter, text]) => `${letter}${mark} ${text}`)
    .join('\n');
}

/** The images, then the words. */
export function imagesFirst(images: readonly string[], words: string): string {
  return contentOf([...images.map(image), { kind: 'text', value: words }]);
}

/** Where the words say `<image 2>` (or `<image_2>`). */
const PLACE = /<image[_ ](\d+)>/g;

/**
 * The words with each image in its place, counted from 1; what is only space between two images is left out, a place whose image is not
 * there too. Words without any place stand behind all images.
 */
export function imagesInPlace(images: ReadonlyMap<number, string>, words: string): string {
  const places = [...words.matchAll(PLACE)];
  if (places.length === 0) return imagesFirst([...images.values()], words);
  const segments: Segment[] = [];
  let from = 0;
  const say = (text: string) => {
    if (text.trim() !== '') segments.push({ kind: 'text', value: text });
  };
  for (const { 0: all, 1: number, index } of places) {
    say(words.slice(from, index));
    const url = images.get(Number(number));
    if (url !== undefined) segments.push(image(url));
    from = index + all.length;
  }
  say(words.slice(from));
  return contentOf(segments);
}

function image(value: string): Segment {
  return { kind: 'image', value };
}

/** Images of a list, counted from 1. */
export function numbered(images: readonly string[]): ReadonlyMap<number, string> {
  return new Map(images.map((url, i) => [i + 1, url]));
}

/** The question of a row with its hint, where it has one. */
export function hinted({ row }: ImageRow, question: string): string {
  return row['hint'] === undefined ? question : `Hint: ${row['hint']}\n${question}`;
}

/** A prompt of a config, its places filled as Python's `format` does: a brace is written twice. */
export function filled(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{\{|\}\}|\{(\w+)\}/g, (all, name: string | undefined) =>
    name === undefined ? all[0]! : (values[name] ?? all),
  );
}

/** A prompt of the config, with `{question}` in it; `otherwise` where it has none. Throws UTILS-CFG-002. */
export function promptIn({ params }: Pick<LoadOptions, 'params'>, key: string, otherwise: string): string {
  const value = params[key] ?? otherwise;
  if (typeof value === 'string' && value.includes('{question}')) return value;
  throw badValue(key, value, 'a text with {question} in it');
}

/** UTILS-CFG-002 for a key of the dataset config. */
export function badValue(key: string, value: unknown, wanted: string): AisBenchError {
  return new AisBenchError('UTILS-CFG-002', `${key} is ${JSON.stringify(value)}`, {
    where: key,
    cure: `give ${wanted}`,
  });
}

// MMStar, 1,500 choices of four that need their image, in six categories: Lin-Chen/MMStar on Hugging Face. Read from VLMEvalKit's
// `MMStar.tsv`. Format unseen: no real file was read with this class.

const MMSTAR_SOURCE =
  'opencompass.openxlab.space/utils/VLMEval/MMStar.tsv, of Lin-Chen/MMStar on Hugging Face';

/** Rows with the columns `content`, the image and the question with its options, and `answer`, `{answer, choices, groups: [category]}`. */
export const MMStarDataset: DatasetType = {
  name: 'MMStarDataset',
  async load({ path, roots }) {
    const given = path === '' ? 'ais_bench/datasets/mmstar' : path;
    const file = await locateFile(
      { path: given, roots },
      { file: 'MMStar.tsv', extension: '.tsv', source: MMSTAR_SOURCE },
    );
    const { rows, notes } = await readImageTsv(file);
    const test = rows.map((found) => {
      const { row, images, where } = found;
      const { question, category } = row;
      if (question === undefined) throw badRow(where, 'it has no question');
      const choices = choicesIn(found);
      const answer = checkedLetter(row['answer'], Object.keys(choices).join(''), where);
      const words = `${hinted(found, question)}\n\n${optionLines(choices)}`;
      return {
        index: row['index'],
        content: imagesFirst(images.slice(0, 1), words),
        answer: { answer, choices, groups: category === undefined ? [] : [category] },
      };
    });
    return { train: [], test, folder: dirname(file), notes };
  },
};

const REALWORLDQA_SOURCE = 'huggingface.co/datasets/xai-org/RealworldQA, folder data';
const PATH = 'ais_bench/datasets/RealworldQA/data';
const FILE = 'test-00000-of-00002.parquet';

const HOW =
  'Solve this step by step with the help of the picture. Make the last line of your reply "ANSWER: …", the answer alone behind it.';

/**
 * Rows with the columns `content`, the question and then the image, as AISBench has them, and `answer`. The images lie inside of the files,
 * so they go into the requests whatever the config's `image_type` says.
 */
export const RealworldQADataset: DatasetType = {
  name: 'RealworldQADataset',
  async load({ path, roots }) {
    const given = path === '' ? PATH : path;
    const found = await locateFile(
      { path: given, roots },
      { file: FILE, extension: '.parquet', source: REALWORLDQA_SOURCE },
    );
    const folder = dirname(found);
    const test: Row[] = [];
    for (const name of await filesIn(folder, '.parquet'))
      test.push(...(await readParquet(join(folder, name), toRow, (column) => column === 'image')));
    return { train: [], test, folder };
  },
};

function toRow(row: Row, where: string): Row {
  const [image, question, answer] = ['image', 'question', 'answer'].map((column) =>
    textIn(row, column, where),
  );
  const content = contentOf([
    { kind: 'text', value: `${HOW}\n\n${question}` },
    { kind: 'image', value: image! },
  ]);
  return { content, answer };
}
