import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyFolder } from '../../../test/e2e/support.ts';
import { dapoFile, dapoRow as rowOf } from '../../../test/support/dapo-file.ts';
import type { Row } from '../../contract/dataset.ts';
import { DAPOMathDataset } from './math.ts';

const ROWS = [rowOf('1 + 1?', '2'), rowOf('2 + 2?', '4'), rowOf('1 + 1?', '2'), rowOf('1 + 1?', '3')];

function folderWith(rows: readonly Row[], file = 'dapo-math-17k/dapo-math-17k.parquet'): string {
  const root = emptyFolder();
  mkdirSync(join(root, file, '..'), { recursive: true });
  writeFileSync(join(root, file), dapoFile(rows));
  return root;
}

const load = (root: string, params: Record<string, unknown> = {}, path = '') =>
  DAPOMathDataset.load({ path, roots: [root], params });

describe('DAPOMathDataset', () => {
  it('has the rows of the file, and says how many problems they are', async () => {
    const { test, notes } = await load(folderWith(ROWS));
    expect(test.map(({ prompt, answer }) => [prompt, answer])).toEqual([
      ['1 + 1?', '2'],
      ['2 + 2?', '4'],
      ['1 + 1?', '2'],
      ['1 + 1?', '3'],
    ]);
    expect(notes).toEqual(['4 rows hold 3 problems; unique: true asks each once']);
  });

  it('has each problem once where that is asked for', async () => {
    const { test, notes } = await load(folderWith(ROWS), { unique: true });
    expect(test.map(({ answer }) => answer)).toEqual(['2', '4', '3']);
    expect(test[0]).toEqual({ prompt: '1 + 1?', answer: '2', data_source: 'math_dapo', ability: 'MATH' });
    expect(notes).toBeUndefined();
  });

  it.each([
    ['ais_bench/datasets/dapo-math-17k', 'dapo-math-17k/dapo-math-17k.parquet', {}],
    ['ais_bench/datasets/dapo_math_17k', 'dapo-math-17k/data/dapo-math-17k.parquet', {}],
    ['mine', 'mine/some.parquet', { file_name: 'some.parquet' }],
    ['mine/other.parquet', 'mine/other.parquet', {}],
  ])('is found by path %j in %j', async (path, file, params) => {
    expect((await load(folderWith(ROWS, file), params, path)).test).toHaveLength(4);
  });

  it('says where the data is had', async () => {
    await expect(load(emptyFolder())).rejects.toMatchObject({
      code: 'DSET-FILE-001',
      cure: expect.stringContaining('DAPO-Math-17k'),
    });
  });

  it.each([
    [rowOf('', '1', []), 'no message'],
    [rowOf('', '1', [{ role: 'user' }]), 'no message'],
    [rowOf('2?', null), 'no ground_truth'],
  ])('refuses %j', async (row, what) => {
    await expect(load(folderWith([ROWS[0]!, row]))).rejects.toMatchObject({
      code: 'DSET-DATA-002',
      message: expect.stringContaining(what),
      where: expect.stringContaining('row 2'),
    });
  });

  it.each([[{ unique: 'yes' }], [{ file: 'x' }], [{ file_name: 3 }]])(
    'refuses the keys %j',
    async (params) => {
      await expect(load(folderWith(ROWS), params)).rejects.toMatchObject({ code: 'UTILS-CFG-002' });
    },
  );
});
