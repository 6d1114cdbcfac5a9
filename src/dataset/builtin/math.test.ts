import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  Aime2024Dataset,
  Aime2025Dataset,
  Aime2026Dataset,
  MATHDataset,
  Math500Dataset,
  toAimeRow,
  toMathRow,
} from './math.ts';

const row = {
  problem: 'What is half of \\{1\\}?',
  solution: 'First \\boxed{1}, then \\boxed{\\left\\{ \\frac{1}{2} \\right\\}}.',
};
const gold = '\\left\\{ \\frac{1}{2} \\right\\}';

describe('toMathRow', () => {
  it('takes the answer from its column, else from the last box', () => {
    expect(toMathRow(row, 'f:1')).toEqual({ ...row, answer: gold, worked: row.solution });
    expect(toMathRow({ ...row, answer: 7 }, 'f:1')).toMatchObject({ answer: '7' });
  });

  it.each([
    [{ solution: row.solution }, "'problem'"],
    [{ ...row, solution: 5 }, "'solution'"],
    [{ ...row, solution: 'none, \\boxed{open' }, "'answer'"],
  ])('refuses %j', (bad, named) => {
    expect(() => toMathRow(bad, 'f:7')).toThrow(
      expect.objectContaining({
        code: 'DSET-DATA-002',
        where: 'f:7',
        message: expect.stringContaining(named),
      }),
    );
  });
});

describe('toAimeRow', () => {
  it('reads the columns of either file', () => {
    expect(toAimeRow({ origin_prompt: 'q', gold_answer: '204' }, 'f:1')).toMatchObject({
      question: 'q',
      answer: '204',
    });
    expect(toAimeRow({ question: 'q', answer: 70 }, 'f:1')).toEqual({ question: 'q', answer: '70' });
  });

  it.each([[{ answer: '1' }], [{ question: 'q' }], [{ question: 'q', answer: null }]])(
    'refuses %j',
    (bad) => {
      expect(() => toAimeRow(bad, 'f:7')).toThrow(
        expect.objectContaining({ code: 'DSET-DATA-002', where: 'f:7' }),
      );
    },
  );
});

describe('the files', () => {
  let root: string;
  const put = async (name: string, ...rows: object[]) =>
    writeFile(join(root, name), rows.map((one) => `${JSON.stringify(one)}\n`).join(''));
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'math-'));
    for (const name of ['math500', 'openmath', 'aime', 'aime2025', 'aime2026']) await mkdir(join(root, name));
    await put('math500/test.jsonl', { ...row, answer: '0.5', level: 2 });
    await put('math500/train.jsonl', row);
    await writeFile(join(root, 'openmath/test_prm800k_500.json'), JSON.stringify({ 0: row, 1: row }));
    await put('aime/aime.jsonl', { origin_prompt: 'q24', gold_answer: '1' });
    await put('aime2025/aime2025-I.jsonl', { question: 'q25', answer: '2' });
    await put('aime2025/aime2025-II.jsonl', { question: 'q25b', answer: '3' });
    await put('aime2026/aime2026.jsonl', { question: 'q26', answer: '4' });
  });
  afterAll(() => rm(root, { recursive: true }));

  it.each(['', 'ais_bench/datasets/math', 'math500', 'math500/test.jsonl', 'x/math500/test.jsonl'])(
    'MATH-500 by path %j',
    async (path) => {
      const { test, train } = await Math500Dataset.load({ path, roots: [root], params: {} });
      expect(test).toEqual([{ ...row, answer: '0.5', level: 2, worked: row.solution }]);
      expect(train).toMatchObject([{ solution: row.solution }]);
    },
  );

  it('MATHDataset gives the gold answer as solution, of either form', async () => {
    const lines = await MATHDataset.load({ path: '', roots: [root], params: {} });
    expect(lines.test).toMatchObject([{ solution: '0.5', worked: row.solution }]);
    const params = { file_name: 'test_prm800k_500.json' };
    const object = await MATHDataset.load({ path: 'openmath', roots: [root], params });
    expect(object.test).toMatchObject([{ solution: gold }, { solution: gold }]);
  });

  it('the years of AIME', async () => {
    const load = async (type: typeof Aime2024Dataset, path = '') =>
      (await type.load({ path, roots: [root], params: {} })).test.map((one) => [
        one['question'],
        one['answer'],
      ]);
    expect(await load(Aime2024Dataset)).toEqual([['q24', '1']]);
    expect(await load(Aime2024Dataset, 'ais_bench/datasets/aime/aime.jsonl')).toEqual([['q24', '1']]);
    expect(await load(Aime2025Dataset)).toEqual([
      ['q25', '2'],
      ['q25b', '3'],
    ]);
    expect(await load(Aime2026Dataset, 'ais_bench/datasets/aime2026')).toEqual([['q26', '4']]);
  });

  it.each([
    [Math500Dataset, /test\.jsonl.*prm800k.*MIT/],
    [Aime2024Dataset, /aime\.jsonl.*OpenCompass/],
    [Aime2025Dataset, /aime2025\.jsonl.*opencompass\/AIME2025/],
    [Aime2026Dataset, /aime2026\.jsonl/],
  ])('$name says where the data comes from when it is missing', async (type, cure) => {
    const error = await type.load({ path: '', roots: ['/nowhere'], params: {} }).catch((e) => e);
    expect(error).toMatchObject({ code: 'DSET-FILE-001' });
    expect(error.cure).toMatch(cure);
  });
});

const data =
  process.env['AIS_BENCH_DATASETS_CACHE'] ??
  fileURLToPath(new URL('../../../../shared/data', import.meta.url));

describe.skipIf(!existsSync(join(data, 'math500/test.jsonl')))(
  'the real MATH-500 (skipped without its file)',
  () => {
    it('has 500 rows, whose answers are those of their solutions', async () => {
      const { test } = await Math500Dataset.load({ path: '', roots: [data], params: {} });
      expect(test).toHaveLength(500);
      const same = test.filter(({ problem, solution, answer }) => {
        return toMathRow({ problem, solution }, '').answer === answer;
      });
      expect(same.length).toBeGreaterThan(480);
    });
  },
);
