/** Questions about images: MMStar, RealWorldQA, DocVQA, InfographicVQA, TextVQA and RefCOCO; and what all image questions share. */
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DatasetType, LoadOptions, Row } from '../../contract/dataset.ts';
import { AisBenchError } from '../../contract/errors.ts';
import { contentOf, type Segment } from '../../prompt/media.ts';
import { pythonTexts } from '../../python-data/texts.ts';
import { checkedLetter, markOf, textIn, textParam, textsIn } from '../columns.ts';
import { type ImageRow, readImageTsv } from '../image-tsv.ts';
import { candidateFolders, fileExists, filesIn, locateFile, locateFolder } from '../locate.ts';
import { checkMediaFile } from '../media-files.ts';
import { readParquet } from '../parquet.ts';
import { badRow, readJson, readJsonl } from '../read.ts';

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

// RealWorldQA, 765 questions about photographs of streets and the like: xAI, CC BY-ND 4.0. Read from its Parquet files, `{image, question,
// answer}`, all of a folder. Format unseen: no real file was read with this class.

const REALWORLDQA_SOURCE = 'huggingface.co/datasets/xai-org/RealworldQA, folder data';
const REALWORLDQA_PATH = 'ais_bench/datasets/RealworldQA/data';
const REALWORLDQA_FILE = 'test-00000-of-00002.parquet';

const REALWORLDQA_HOW =
  'Solve this step by step with the help of the picture. Make the last line of your reply "ANSWER: …", the answer alone behind it.';

/**
 * Rows with the columns `content`, the question and then the image, as AISBench has them, and `answer`. The images lie inside of the files,
 * so they go into the requests whatever the config's `image_type` says.
 */
export const RealworldQADataset: DatasetType = {
  name: 'RealworldQADataset',
  async load({ path, roots }) {
    const given = path === '' ? REALWORLDQA_PATH : path;
    const found = await locateFile(
      { path: given, roots },
      { file: REALWORLDQA_FILE, extension: '.parquet', source: REALWORLDQA_SOURCE },
    );
    const folder = dirname(found);
    const test: Row[] = [];
    for (const name of await filesIn(folder, '.parquet'))
      test.push(...(await readParquet(join(folder, name), toRealworldQaRow, (column) => column === 'image')));
    return { train: [], test, folder };
  },
};

function toRealworldQaRow(row: Row, where: string): Row {
  const [image, question, answer] = ['image', 'question', 'answer'].map((column) =>
    textIn(row, column, where),
  );
  const content = contentOf([
    { kind: 'text', value: `${REALWORLDQA_HOW}\n\n${question}` },
    { kind: 'image', value: image! },
  ]);
  return { content, answer };
}

// DocVQA and InfographicVQA, questions whose answer is read off a page: Computer Vision Center Barcelona and others. Read from VLMEvalKit's
// TSV files of their validation splits, `DocVQA_VAL.tsv` (5,349 questions) and `InfoVQA_VAL.tsv` (2,801). Format unseen: no real
// file was read with these classes.

const PAGE_HOW = 'Answer in one word or a short phrase, as it stands in the image.';

/** Rows with the columns `content`, the page and the question, and `answer`, the texts that are right. */
export const DocVQADataset: DatasetType = ofPages('DocVQADataset', 'DocVQA');
export const InfoVQADataset: DatasetType = ofPages('InfoVQADataset', 'InfoVQA');

function ofPages(name: string, folder: string): DatasetType {
  const file = `${folder}_VAL.tsv`;
  const source = `opencompass.openxlab.space/utils/VLMEval/${file}, of rrc.cvc.uab.es`;
  return {
    name,
    // Several questions are asked about one page.
    source: ({ page }) => String(page),
    async load({ path, roots }) {
      const given = path === '' ? `ais_bench/datasets/${folder}` : path;
      const found = await locateFile({ path: given, roots }, { file, extension: '.tsv', source });
      const { rows, notes } = await readImageTsv(found);
      const test = rows.map(({ row, images, where }) => {
        const { index, question, answer } = row;
        if (question === undefined) throw badRow(where, 'it has no question');
        if (answer === undefined) throw badRow(where, 'it has no answer: its split is a test split');
        const answers = pythonTexts(answer) ?? [answer];
        if (answers.length === 0) throw badRow(where, 'its list of answers is empty');
        const content = imagesFirst(images, `${question}\n${PAGE_HOW}`);
        return { index, content, answer: answers, page: markOf(images.join(' ')) };
      });
      return { train: [], test, folder: dirname(found), notes };
    },
  };
}

// TextVQA, questions about words in photographs (validation: 5,000): Facebook AI Research, CC BY 4.0. Read in AISBench's form:
// `<name>.jsonl`, rows `{image, question, question_id}`, and beside it `<name>_annotations.json`, `{annotations: [{question_id, answers:
// [{answer, …} of ten people]}]}`. Format unseen: no real file was read with this class.

const TEXTVQA_SOURCE = 'huggingface.co/datasets/maoxx241/textvqa_subset, or textvqa.org';
const TEXTVQA_FILE = 'textvqa_val.jsonl';

/** AISBench's words → `mm_type`. */
const IMAGE_TYPES: Readonly<Record<string, string>> = { image_path: 'path', image_base64: 'base64' };

/**
 * Rows with the columns of the file, `content`, the image and the question, `answer`, the people's answers as the file has them, and `mm_type`.
 * The config's `image_type`, `image_path` or `image_base64`, says whether a service is sent the file's URL, or the file.
 */
export const TEXTVQADataset: DatasetType = {
  name: 'TEXTVQADataset',
  source: ({ image }) => markOf(String(image)),
  async load(options) {
    const mmType = mmTypeOf(options.params);
    const path = options.path === '' ? 'ais_bench/datasets/textvqa/textvqa_json' : options.path;
    const { roots } = options;
    const file = await locateFile(
      { path, roots },
      { file: TEXTVQA_FILE, extension: '.jsonl', source: TEXTVQA_SOURCE },
    );
    const answers = await readAnswers(
      join(dirname(file), `${basename(file).split('.')[0]}_annotations.json`),
    );
    const above = dirname(dirname(file));
    const folder = (await fileExists(join(above, 'train_images'))) ? above : dirname(file);
    const images = new Map<string, string>();
    const rows = await readJsonl(file, (row, where) => ({ row, where }));
    const test: Row[] = [];
    for (const { row, where } of rows) {
      const name = textIn(row, 'image', where);
      const image = images.get(name) ?? (await findImage(name, [folder, ...roots], where));
      if (!images.has(name)) {
        const isInlined = mmType === 'base64';
        await checkMediaFile({ url: image, where, isInlined }, [folder, ...(options.mediaRoots ?? [])]);
      }
      images.set(name, image);
      const answer = answers.get(String(row['question_id']));
      if (answer === undefined) throw badRow(where, `there is no answer to question ${row['question_id']}`);
      const content = imagesFirst([image], textIn(row, 'question', where));
      test.push({ ...row, image, answer, content, mm_type: mmType });
    }
    return { train: [], test, folder };
  },
};

function mmTypeOf({ image_type = 'image_base64' }: LoadOptions['params']): string {
  const mmType = IMAGE_TYPES[String(image_type)];
  if (mmType !== undefined) return mmType;
  throw badValue('image_type', image_type, `one of: ${Object.keys(IMAGE_TYPES).join(', ')}`);
}

async function readAnswers(file: string): Promise<ReadonlyMap<string, readonly unknown[]>> {
  const { annotations } = ((await readJson(file)) ?? {}) as { annotations?: unknown };
  if (!Array.isArray(annotations)) throw badRow(file, "it has no list 'annotations'");
  return new Map(
    annotations.map((one: Row | null, n) => {
      const answers: unknown = one?.['answers'];
      const isGiven = Array.isArray(answers) && answers.length > 0 && answers.every(isAnswer);
      if (!isGiven)
        throw badRow(`${file}, annotation ${n + 1}`, "its column 'answers' is no list of {answer: text}");
      return [String(one!['question_id']), answers] as const;
    }),
  );
}

function isAnswer(one: unknown): boolean {
  return typeof (one as { answer?: unknown } | null)?.answer === 'string';
}

/** The file's own paths begin where its makers' data lay, `data/textvqa/train_images/…`: a tail of them is looked for. */
async function findImage(name: string, folders: readonly string[], where: string): Promise<string> {
  const parts = name.split('/');
  const tails = parts.map((_, i) => parts.slice(i).join('/'));
  for (const tail of tails)
    for (const folder of folders) {
      const place = resolve(folder, tail);
      if (await fileExists(place)) return pathToFileURL(place).href;
    }
  throw new AisBenchError('DSET-FILE-001', `the image '${name}' is not there`, {
    where,
    cure: 'put the folder train_images of TextVQA beside the folder of the .jsonl file',
  });
}

// RefCOCO, RefCOCO+ and RefCOCOg, things in photographs that are to be found by what is said of them: lmms-lab/RefCOCO, RefCOCOplus and
// RefCOCOg on Hugging Face, on photographs of COCO. Read from the Parquet files of a split, `{question_id, image, answer, bbox, file_name}`,
// a question for each of the descriptions in `answer`. Format unseen: no real file was read with these classes.

/** Width and height of an image, in pixels as they are stored. */
interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** The size of a PNG or a JPEG, read off its header; undefined for other bytes. */
export function imageSize(bytes: Uint8Array): ImageSize | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (startsWith(bytes, PNG) && bytes.length >= 24)
    return { width: view.getUint32(16), height: view.getUint32(20) };
  return startsWith(bytes, JPEG) ? jpegSize(view) : undefined;
}

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const JPEG = [0xff, 0xd8];

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, i) => bytes[i] === byte);
}

/** Goes from segment to segment, to the one that begins a frame. */
function jpegSize(view: DataView): ImageSize | undefined {
  let at = JPEG.length;
  while (at + 9 <= view.byteLength && view.getUint8(at) === 0xff) {
    const marker = view.getUint8(at + 1);
    // Fill bytes, and markers without a length.
    if (marker === 0xff || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8))
      at += marker === 0xff ? 1 : 2;
    else if (isFrame(marker)) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    else at += 2 + view.getUint16(at + 2);
  }
  return undefined;
}

/** SOF0 to SOF15, between which stand DHT, JPG and DAC. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/**
 * Rows with the columns `content`, the photograph and a description, and `answer`, `{question_id, bbox: [left, top, right, bottom],
 * image_width, image_height}` in pixels. The photographs lie inside of the files, so they go into the requests whatever the config's `image_type`
 * says. Keys of the config: `split`.
 */
export const RefCOCODataset: DatasetType = ofPhotographs('RefCOCODataset', 'RefCOCO');
export const RefCOCOPlusDataset: DatasetType = ofPhotographs('RefCOCOPlusDataset', 'RefCOCOplus');
export const RefCOCOgDataset: DatasetType = ofPhotographs('RefCOCOgDataset', 'RefCOCOg');

function ofPhotographs(name: string, repository: string): DatasetType {
  return {
    name,
    // Several things are asked for in one photograph.
    source: ({ photograph }) => String(photograph),
    async load(options) {
      const files = await refCocoFiles(options, repository);
      const test: Row[] = [];
      for (const file of files.names)
        for (const rows of await readParquet(
          join(files.folder, file),
          toRefCocoRows,
          (column) => column === 'image',
        ))
          test.push(...rows);
      return { train: [], test, folder: files.folder };
    },
  };
}

async function refCocoFiles({ path, roots, params }: LoadOptions, repository: string) {
  const split = textParam({ params }, 'split', 'val');
  const given = path === '' ? `ais_bench/datasets/${repository}/data` : path;
  for (const folder of candidateFolders(given, roots)) {
    const names = (await filesIn(folder, '.parquet')).filter((name) => name.startsWith(`${split}-`));
    if (names.length > 0) return { folder, names };
  }
  const example = `${split}-00000-of-00001.parquet`;
  const source = `Hugging Face, lmms-lab/${repository}, folder data`;
  const folder = await locateFolder({ path: given, roots }, { files: [example], source });
  return { folder, names: [example] };
}

function toRefCocoRows(row: Row, where: string, bytesIn: (column: string) => Uint8Array | undefined): Row[] {
  const image = textIn(row, 'image', where);
  const bytes = bytesIn('image');
  const size = bytes && imageSize(bytes);
  if (size === undefined) throw badRow(where, 'its image is no PNG and no JPEG');
  const answer = {
    question_id: row['question_id'],
    bbox: cornersOf(row['bbox'], where),
    image_width: size.width,
    image_height: size.height,
  };
  const photograph = row['file_name'] ?? image;
  return textsIn(row, 'answer', where).map((description) => ({
    content: imagesFirst([image], description),
    answer,
    photograph,
  }));
}

/** The corners of a box that is told by a corner, its width and its height. */
function cornersOf(bbox: unknown, where: string): readonly number[] {
  const numbers = Array.isArray(bbox) ? bbox.map(Number) : [];
  if (numbers.length !== 4 || !numbers.every(Number.isFinite))
    throw badRow(where, "its column 'bbox' is not a list of four numbers");
  const [left, top, width, height] = numbers as [number, number, number, number];
  return [left, top, left + width, top + height];
}
