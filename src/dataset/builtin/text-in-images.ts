/**
 * TextVQA, questions about words in photographs (validation: 5,000): Facebook AI Research, CC BY 4.0. Read in AISBench's form:
 * `<name>.jsonl`, rows `{image, question, question_id}`, and beside it `<name>_annotations.json`, `{annotations: [{question_id, answers:
 * [{answer, …} of ten people]}]}`. Format unseen: no real file was read with this class.
 */
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DatasetType, LoadOptions, Row } from '../../contract/dataset.ts';
import { AisBenchError } from '../../contract/errors.ts';
import { pythonTexts } from '../../python-data/texts.ts';
import { markOf, textIn } from '../columns.ts';
import { readImageTsv } from '../image-tsv.ts';
import { fileExists, locateFile } from '../locate.ts';
import { checkMediaFile } from '../media-files.ts';
import { badRow, readJson, readJsonl } from '../read.ts';
import { badValue, imagesFirst } from './image-questions.ts';

// DocVQA and InfographicVQA, questions whose answer is read off a page: Computer Vision Center Barcelona and others. Read from VLMEvalKit's
// TSV files of their validation splits, `DocVQA_VAL.tsv` (5,349 questions) and `InfoVQA_VAL.tsv` (2,801). Format unseen: no real
// file was read with these classes.

const HOW = 'Answer in one word or a short phrase, as it stands in the image.';

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
        const content = imagesFirst(images, `${question}\n${HOW}`);
        return { index, content, answer: answers, page: markOf(images.join(' ')) };
      });
      return { train: [], test, folder: dirname(found), notes };
    },
  };
}

const SOURCE = 'huggingface.co/datasets/maoxx241/textvqa_subset, or textvqa.org';
const FILE = 'textvqa_val.jsonl';

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
    const file = await locateFile({ path, roots }, { file: FILE, extension: '.jsonl', source: SOURCE });
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
