/**
 * RealWorldQA, 765 questions about photographs of streets and the like: xAI, CC BY-ND 4.0. Read from its Parquet files, `{image, question,
 * answer}`, all of a folder. Format unseen: no real file was read with this class.
 */
import { dirname, join } from 'node:path';
import type { DatasetType, Row } from '../../contract/dataset.ts';
import { contentOf } from '../../prompt/media.ts';
import { textIn } from '../columns.ts';
import { filesIn, locateFile } from '../locate.ts';
import { readParquet } from '../parquet.ts';

const SOURCE = 'huggingface.co/datasets/xai-org/RealworldQA, folder data';
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
      { file: FILE, extension: '.parquet', source: SOURCE },
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
