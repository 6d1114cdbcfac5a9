/**
 * HLE, Humanity's Last Exam: the Center for AI Safety and Scale AI, cais/hle on Hugging Face, MIT, given to who accepts its terms there. One
 * Parquet file of 2,500 rows `{id, question, image, answer, answer_type, category, …}`; `image` is empty or a data URL. Its authors ask that
 * no question be put on the web: keep results to yourself. Format unseen: no real file was read with this class.
 */

import { basename } from 'node:path';
import { plural } from '../../basics/plural.ts';
import type { DatasetType, Row } from '../../contract/dataset.ts';
import { findFiles, textIn } from '../columns.ts';
import { streamParquet } from '../parquet.ts';

const SOURCE =
  'Hugging Face, cais/hle (data/test-00000-of-00001.parquet; its terms have to be accepted there)';
const FILE = 'test-00000-of-00001.parquet';
const DEFAULT_PATH = 'ais_bench/datasets/hle/data/test-00000-of-00001.parquet';
const FOLDERS = ['ais_bench/datasets/hle/data', 'ais_bench/datasets/hle'];
const COLUMNS = ['id', 'question', 'image', 'answer', 'answer_type', 'category'];

/** Rows with the columns `id`, `question`, `answer`, `answer_type` and `category`, of the questions that have no image. */
export const HLEDataset: DatasetType = {
  name: 'HLEDataset',
  async load({ path, roots }) {
    const paths =
      path === '' || basename(path) === FILE ? [...new Set([path || DEFAULT_PATH, ...FOLDERS])] : [path];
    const [file] = await findFiles(roots, { paths, files: [[FILE], [`data/${FILE}`]], source: SOURCE });
    const test: Row[] = [];
    let seen = 0;
    for await (const { row, where } of streamParquet(file!, COLUMNS)) {
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
