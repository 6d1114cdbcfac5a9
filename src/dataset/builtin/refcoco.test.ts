/** RefCOCO and Geometry3K on files of our own, with pictures of our own. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { FOLDER, nameOf } from '../../../scripts/draw-shapes.ts';
import { emptyFolder } from '../../../test/e2e/support.ts';
import type { Row } from '../../contract/dataset.ts';
import type { PromptList } from '../../contract/prompt-list.ts';
import { segmentsOf } from '../../prompt/media.ts';
import { inlineMedia } from '../../sending/media.ts';
import { Geometry3KDataset } from './image-exams.ts';
import { RefCOCODataset, RefCOCOgDataset } from './image-questions.ts';

const PNG = [0, 1].map((n) => readFileSync(join(FOLDER, nameOf(n))));
const [width, height] = [PNG[0]!.readUInt32BE(16), PNG[0]!.readUInt32BE(20)];

function written(path: string, columnData: ColumnSource[]): string {
  const root = emptyFolder();
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), new Uint8Array(parquetWriteBuffer({ columnData })));
  return root;
}

const column = (name: string, data: unknown[], type: 'STRING' | 'JSON' | 'BYTE_ARRAY'): ColumnSource => ({
  ...{ name, data: data as string[], type },
});

const photographs = (bbox: unknown = [1.5, 2, 10, 20], image: Uint8Array = PNG[0]!) => [
  column('question_id', ['7', '8'], 'STRING'),
  column('image', [image, PNG[1]], 'BYTE_ARRAY'),
  column('answer', [['the left one', 'red thing'], ['a disc']], 'JSON'),
  column('bbox', [bbox, [0, 0, 5, 5]], 'JSON'),
  column('file_name', ['a.jpg', 'b.jpg'], 'STRING'),
];

/** What a row asks: words, and of each image the number of the picture that goes over the wire. */
async function asked({ content }: Row, folder: string | undefined): Promise<(string | number)[]> {
  const parts = segmentsOf(String(content)).map(({ kind, value }) =>
    kind === 'text' ? { type: 'text', text: value } : { type: 'image_url', image_url: { url: value } },
  );
  const sent = (await inlineMedia([{ role: 'user', content: parts }], 'frames', [folder!])) as PromptList;
  const urls = PNG.map((bytes) => `data:image/png;base64,${bytes.toString('base64')}`);
  return (sent[0]!.content as readonly any[]).map((part) => part.text ?? urls.indexOf(part.image_url.url));
}

describe('RefCOCO', () => {
  const FILE = 'RefCOCO/data/testA-00000-of-00001.parquet';
  const load = (root: string, split: unknown = 'testA') =>
    RefCOCODataset.load({ path: 'ais_bench/datasets/RefCOCO/data', roots: [root], params: { split } });

  it('asks for each description, with the corners of the box and the size of the photograph', async () => {
    const { test, folder } = await load(written(FILE, photographs()));
    expect(await Promise.all(test.map((row) => asked(row, folder)))).toEqual([
      [0, 'the left one'],
      [0, 'red thing'],
      [1, 'a disc'],
    ]);
    expect(test[1]!['answer']).toEqual({
      ...{ question_id: '7', bbox: [1.5, 2, 11.5, 22], image_width: width, image_height: height },
    });
    expect(test.map((row) => RefCOCODataset.source!(row))).toEqual(['a.jpg', 'a.jpg', 'b.jpg']);
  });

  it.each([
    ['bbox', photographs([1, 2])],
    ['PNG', photographs([1, 2, 3, 4], Buffer.from('GIF89a'))],
  ])('refuses a row: %s', async (why, columns) => {
    const message = expect.stringContaining(why);
    await expect(load(written(FILE, columns))).rejects.toMatchObject({ code: 'DSET-DATA-002', message });
  });

  it('needs a split, and says where the files are had', async () => {
    const root = written(FILE, photographs());
    await expect(load(root, 7)).rejects.toMatchObject({ code: 'UTILS-CFG-002' });
    const other = RefCOCOgDataset.load({ path: '', roots: [root], params: { split: 'val' } });
    await expect(other).rejects.toMatchObject({ cure: expect.stringContaining('lmms-lab/RefCOCOg') });
  });
});

describe('Geometry3K', () => {
  const columns = [
    column('images', [PNG[1]], 'BYTE_ARRAY'),
    column('problem', ['<image>Find x.'], 'STRING'),
    column('answer', ['3 \\sqrt { 2 }'], 'STRING'),
  ];

  it.each(['geo3k/test-00000-of-00001.parquet', 'geometry3k/data/test-00000-of-00001.parquet'])(
    'asks the figure and the problem of %s',
    async (file) => {
      const { test, folder } = await Geometry3KDataset.load({
        path: 'ais_bench/datasets/geo3k/test-00000-of-00001.parquet',
        ...{ roots: [written(file, columns)], params: { instruction: 'Box it.' } },
      });
      expect(await asked(test[0]!, folder)).toEqual([1, 'Find x. Box it.']);
      expect(test[0]!['answer']).toBe('3 \\sqrt { 2 }');
    },
  );

  it('refuses another split', async () => {
    const load = Geometry3KDataset.load({ path: '', roots: [emptyFolder()], params: { split: 3 } });
    await expect(load).rejects.toMatchObject({ code: 'UTILS-CFG-002' });
  });
});
