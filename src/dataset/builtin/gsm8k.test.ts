import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DemoGSM8KDataset } from './demos.ts';
import { GSM8KDataset, gsm8kGold, toGsm8kRow } from './math.ts';

const problem = {
  question: 'How many?',
  answer: 'She has 2*600=<<2*600=1200>>1,200.\n<<1+1=2>>Done.\n#### 1,200',
};

describe('toGsm8kRow', () => {
  it('adds the worked example and the number', () => {
    expect(toGsm8kRow(problem, 'f:1')).toEqual({
      ...problem,
      worked: 'She has 2*600=1,200.\nDone.\nThe answer is 1200',
      gold: '1200',
    });
  });

  it.each([
    [{ answer: '#### 1' }, "'question'"],
    [{ question: 'q' }, "'answer'"],
    [{ question: 'q', answer: 18 }, "'answer'"],
    [{ question: 'q', answer: 'eighteen' }, "'#### N'"],
    [{ question: 'q', answer: '#### eighteen' }, "'eighteen'"],
  ])('refuses %j', (row, named) => {
    expect(() => toGsm8kRow(row, 'f:7')).toThrow(
      expect.objectContaining({
        code: 'DSET-DATA-002',
        where: 'f:7',
        message: expect.stringContaining(named),
      }),
    );
  });
});

describe('GSM8KDataset', () => {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'gsm8k-'));
    await mkdir(join(root, 'gsm8k'));
    await writeFile(join(root, 'gsm8k/test.jsonl'), `${JSON.stringify(problem)}\n`);
  });
  afterAll(() => rm(root, { recursive: true }));

  it.each(['ais_bench/datasets/gsm8k', ''])('is found by path %j, and needs no train file', async (path) => {
    const splits = await GSM8KDataset.load({ path, roots: [root], params: {} });
    expect(splits).toEqual({ train: [], test: [toGsm8kRow(problem, '')] });
  });

  it('names the line of a malformed row', async () => {
    const file = join(root, 'gsm8k/train.jsonl');
    await writeFile(file, `${JSON.stringify(problem)}\n\n{"question":"q"}\n`);
    await expect(GSM8KDataset.load({ path: 'gsm8k', roots: [root], params: {} })).rejects.toMatchObject({
      code: 'DSET-DATA-002',
      where: `${file}:3`,
    });
  });

  it('says where the data comes from when it is missing', async () => {
    const error = await GSM8KDataset.load({ path: '', roots: ['/nowhere'], params: {} }).catch((e) => e);
    expect(error).toMatchObject({ code: 'DSET-FILE-001' });
    expect(error.cure).toMatch(/openai\/grade-school-math.*MIT/);
  });
});

describe('DemoGSM8KDataset', () => {
  it('has worked examples and problems with integer answers', async () => {
    const { train, test } = await DemoGSM8KDataset.load({ path: '', roots: [], params: {} });
    expect(train.length).toBeGreaterThanOrEqual(8);
    expect(test.length).toBeGreaterThanOrEqual(8);
    for (const row of [...train, ...test]) {
      expect(row['gold']).toMatch(/^-?\d+$/);
      expect(row['worked']).toMatch(/^[^<#]+\nThe answer is -?\d+$/);
    }
  });
});

const data =
  process.env['AIS_BENCH_DATASETS_CACHE'] ??
  fileURLToPath(new URL('../../../../shared/data', import.meta.url));

describe.skipIf(!existsSync(join(data, 'gsm8k/test.jsonl')))(
  'the real GSM8K (skipped without its files)',
  () => {
    it('has 7,473 and 1,319 rows whose answers are integers', async () => {
      const { train, test } = await GSM8KDataset.load({ path: '', roots: [data], params: {} });
      expect([train.length, test.length]).toEqual([7473, 1319]);
      for (const { worked, gold } of [...train, ...test]) {
        expect(gold).toMatch(/^-?\d+$/);
        expect(worked).toMatch(/\nThe answer is -?\d+$/);
        expect(worked).not.toMatch(/<<|>>|####/);
      }
    });
  },
);

describe('gsm8kGold', () => {
  it.each([
    ['a\n#### 1,234', '1234'],
    ['#### -3', '-3'],
    ['#### 5#### 6', '5'],
    ['2,125', '2125'],
  ])('%j', (gold, expected) => {
    expect(gsm8kGold(gold)).toBe(expected);
  });
});
