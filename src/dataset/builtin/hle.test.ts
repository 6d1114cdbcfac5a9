import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { emptyFolder } from '../../../test/e2e/support.ts';
import { HLEDataset } from './exams.ts';

const COLUMNS = ['id', 'question', 'image', 'answer', 'answer_type', 'category', 'rationale'] as const;
type Question = Readonly<Record<(typeof COLUMNS)[number], string | null>>;

const question = (id: string, image: string | null = ''): Question => ({
  ...{ id, image, question: `Is ${id} right?`, answer: 'yes' },
  ...{ answer_type: 'exactMatch', category: 'Math', rationale: 'It is.' },
});

function rootWith(rows: readonly Question[], file = 'hle/data/test-00000-of-00001.parquet'): string {
  const root = emptyFolder();
  mkdirSync(join(root, file, '..'), { recursive: true });
  const columnData = COLUMNS.map((name) => ({
    name,
    data: rows.map((row) => row[name]) as string[],
    type: 'STRING' as const,
  }));
  writeFileSync(join(root, file), new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 2 })));
  return root;
}

const load = (root: string, path = '') => HLEDataset.load({ path, roots: [root], params: {} });

describe('HLEDataset', () => {
  it.each([
    ['', 'hle/data/test-00000-of-00001.parquet'],
    ['ais_bench/datasets/hle/data/test-00000-of-00001.parquet', 'hle/data/test-00000-of-00001.parquet'],
    ['ais_bench/datasets/hle', 'hle/test-00000-of-00001.parquet'],
    ['exam.parquet', 'exam.parquet'],
  ])('has the questions without an image, by path %j in %j', async (path, file) => {
    const rows = [question('1'), question('2', 'data:image/png;base64,AA=='), question('3', null)];
    const { test, notes } = await load(rootWith(rows, file), path);
    expect(test.map(({ id }) => id)).toEqual(['1', '3']);
    expect(Object.keys(test[0]!)).not.toContain('rationale');
    expect(notes).toEqual(['1 of 3 questions has an image and is left out: the score is of text alone']);
  });

  it('says nothing where nothing is left out', async () => {
    expect((await load(rootWith([question('1')]))).notes).toBeUndefined();
  });

  it('refuses a question without an answer, and says where the data is had', async () => {
    await expect(load(rootWith([question('1'), { ...question('2'), answer: null }]))).rejects.toMatchObject({
      code: 'DSET-DATA-002',
      where: expect.stringContaining('row 2'),
    });
    await expect(load(emptyFolder())).rejects.toMatchObject({
      code: 'DSET-FILE-001',
      cure: expect.stringContaining('cais/hle'),
    });
  });
});
