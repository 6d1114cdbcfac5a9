/**
 * MMMU-Pro, the questions of MMMU that need their images: 1,730 with ten options, and the same as screenshots. MMMU/MMMU_Pro on Hugging Face.
 * Read from VLMEvalKit's `MMMU_Pro_10c.tsv` and `MMMU_Pro_V.tsv`. Format unseen: no real file was read with these classes.
 */
import { dirname } from 'node:path';
import type { DatasetType, LoadOptions, Row } from '../../contract/dataset.ts';
import { checkedLetter } from '../columns.ts';
import { type ImageRow, readImageTsv } from '../image-tsv.ts';
import { locateFile } from '../locate.ts';
import { badRow } from '../read.ts';
import {
  badValue,
  type Choices,
  choicesIn,
  hinted,
  imagesFirst,
  imagesInPlace,
  numbered,
  optionLines,
} from './image-questions.ts';

const PATH = 'ais_bench/datasets/mmmu_pro';

/** How the config's `is_cot` has a question answered. */
const HOW = {
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
  contentOf: (found: ImageRow, choices: Choices, how: string) => string,
): DatasetType {
  const source = `opencompass.openxlab.space/utils/VLMEval/${file}, of MMMU/MMMU_Pro on Hugging Face`;
  return {
    name,
    async load({ path, roots, params }) {
      const how = HOW[isCot(params) ? 'cot' : 'direct'];
      const found = await locateFile(
        { path: path === '' ? PATH : path, roots },
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
