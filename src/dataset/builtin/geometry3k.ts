/**
 * Geometry3K, 601 problems of plane geometry with their figures: hiyouga/geometry3k on Hugging Face, MIT. Read from its Parquet files,
 * `{images, problem, answer}`. Format unseen: no real file was read with this class.
 */
import { basename, dirname, join } from 'node:path';
import type { DatasetType, Row } from '../../contract/dataset.ts';
import { findFiles, textIn } from '../columns.ts';
import { readParquet } from '../parquet.ts';
import { badValue, imagesFirst } from './image-questions.ts';

const SOURCE = 'Hugging Face, hiyouga/geometry3k (MIT), folder data';
const USUAL = ['ais_bench/datasets/geo3k', 'ais_bench/datasets/geometry3k'];

const HOW = 'Think it through first, and end with the answer in \\boxed{}.';

/**
 * Rows with the columns `content`, the figure and the problem, and `answer`. Keys of the config: `split` (`test`), `instruction`, what is asked
 * behind a problem.
 */
export const Geometry3KDataset: DatasetType = {
  name: 'Geometry3KDataset',
  async load({ path, roots, params }) {
    const { split = 'test', instruction = HOW } = params;
    if (typeof split !== 'string' || split === '') throw badValue('split', split, "a split, as 'test'");
    if (typeof instruction !== 'string') throw badValue('instruction', instruction, 'a text');
    const names = [`${split}-00000-of-00001.parquet`];
    const paths = [path, ...USUAL].filter((one) => one !== '');
    const [file] = await findFiles(roots, {
      paths,
      files: [names, [join('data', names[0]!)]],
      source: SOURCE,
    });
    const test = await readParquet(
      file!,
      (row, where) => toRow(row, where, instruction),
      (column) => column === 'images',
    );
    const folder = dirname(file!);
    return { train: [], test, folder: basename(folder) === 'data' ? dirname(folder) : folder };
  },
};

function toRow(row: Row, where: string, instruction: string): Row {
  const [figure, problem, answer] = ['images', 'problem', 'answer'].map((column) =>
    textIn(row, column, where),
  );
  const words = problem!.replace('<image>', '').trimStart();
  return { content: imagesFirst([figure!], `${words} ${instruction}`), answer };
}
