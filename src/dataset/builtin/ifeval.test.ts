import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IFBenchDataset, IFEvalDataset, toIFEvalRow } from './instructions.ts';

const row = {
  key: 1,
  prompt: 'Say it in 3 words.',
  instruction_id_list: ['length_constraints:number_words', 'punctuation:no_comma'],
  kwargs: [{ relation: 'at least', num_words: 3, language: null }, { num_words: null }],
};
const read = { ...row, kwargs: [{ relation: 'at least', num_words: 3 }, {}] };

describe('toIFEvalRow', () => {
  it('takes the nulls out', () => expect(toIFEvalRow(row, 'f:1')).toEqual(read));

  it.each([
    [{ ...row, key: null }, "'key'"],
    [{ ...row, prompt: null }, "'prompt'"],
    [{ ...row, instruction_id_list: [] }, "'instruction_id_list'"],
    [{ ...row, instruction_id_list: [1, 2] }, "'instruction_id_list'"],
    [{ ...row, kwargs: [{}] }, "'kwargs'"],
    [{ ...row, kwargs: [{}, null] }, "'kwargs'"],
  ])('refuses %j', (bad, named) => {
    const message = expect.stringContaining(named);
    expect(() => toIFEvalRow(bad, 'f:7')).toThrow(
      expect.objectContaining({ code: 'DSET-DATA-002', where: 'f:7', message }),
    );
  });
});

describe('IFEvalDataset', () => {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'ifeval-'));
    await mkdir(join(root, 'ifeval'));
    for (const name of ['input_data.jsonl', 'mine.jsonl']) {
      await writeFile(join(root, 'ifeval', name), `${JSON.stringify(row)}\n`);
    }
  });
  afterAll(() => rm(root, { recursive: true }));

  it.each([
    '',
    'ais_bench/datasets/ifeval',
    'ais_bench/datasets/ifeval/input_data.jsonl',
    'ifeval/mine.jsonl',
  ])('is found by path %j', async (path) => {
    const splits = await IFEvalDataset.load({ path, roots: [root], params: {} });
    expect(splits).toEqual({ train: [], test: [read] });
  });

  it('is found by an absolute path', async () => {
    const path = join(root, 'ifeval/mine.jsonl');
    expect((await IFEvalDataset.load({ path, roots: [], params: {} })).test).toEqual([read]);
  });

  it('keeps the row for scoring', () => {
    expect(IFEvalDataset.reference!({ ...read, idx: 3 })).toEqual(read);
  });

  it('says where the data comes from when it is missing', async () => {
    const error = await IFEvalDataset.load({ path: '', roots: ['/nowhere'], params: {} }).catch((e) => e);
    expect(error).toMatchObject({ code: 'DSET-FILE-001' });
    expect(error.cure).toMatch(/google-research.*Apache-2\.0/);
  });
});

describe('IFBenchDataset', () => {
  const asked = { ...row, key: '12', instruction_id_list: ['count:numbers'], kwargs: [{ N: 3, sep: null }] };
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'ifbench-'));
    await mkdir(join(root, 'ifbench/data'), { recursive: true });
  });
  afterAll(() => rm(root, { recursive: true }));

  it('reads the Parquet file of Hugging Face, or the JSON lines of GitHub', async () => {
    const path = 'ais_bench/datasets/ifbench/data/train-00000-of-00001.parquet';
    const load = async () => (await IFBenchDataset.load({ path, roots: [root], params: {} })).test;
    await writeFile(join(root, 'ifbench/IFBench_test.jsonl'), `${JSON.stringify(asked)}\n`);
    const read = [{ ...asked, kwargs: [{ N: 3 }] }];
    expect(await load()).toEqual(read);
    const columnData = Object.entries(asked).map(([name, value]) => ({
      name,
      data: [value],
      type: typeof value === 'string' ? ('STRING' as const) : ('JSON' as const),
    }));
    const parquet = join(root, 'ifbench/data/train-00000-of-00001.parquet');
    await writeFile(parquet, new Uint8Array(parquetWriteBuffer({ columnData })));
    expect(await load()).toEqual(read);
  });
});

const data =
  process.env['AIS_BENCH_DATASETS_CACHE'] ??
  fileURLToPath(new URL('../../../../shared/data', import.meta.url));

describe.skipIf(!existsSync(join(data, 'ifeval/input_data.jsonl')))(
  'the real IFEval (skipped without its file)',
  () => {
    it('has 540 prompts with 832 instructions of 25 types', async () => {
      const { test } = await IFEvalDataset.load({ path: '', roots: [data], params: {} });
      const ids = test.flatMap((one) => one['instruction_id_list'] as string[]);
      expect([test.length, ids.length, new Set(ids).size]).toEqual([540, 832, 25]);
    });
  },
);
