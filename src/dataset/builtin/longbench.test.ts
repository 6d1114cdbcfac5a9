import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LongBenchv2Dataset } from './long-context.ts';

const row = (n: number, more: object = {}) => ({
  ...{ _id: `q${n}`, domain: 'Letters', sub_domain: 'Post', difficulty: 'easy', length: 'short' },
  ...{
    question: `Who wrote letter ${n}?`,
    choice_A: 'Ann',
    choice_B: 'Ben',
    choice_C: 'Cem',
    choice_D: 'Dee',
  },
  ...{ answer: 'B', context: `Letter ${n} — "[signed]" Ben\n`.repeat(40) },
  ...more,
});

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'longbench-v2-'));
  await mkdir(join(root, 'LongBench-v2'));
  const rows = [row(1), row(2, { difficulty: 'hard', length: 'long', answer: 'D' })];
  await writeFile(join(root, 'LongBench-v2/data.json'), JSON.stringify(rows, null, 2));
  await writeFile(join(root, 'mine.jsonl'), rows.map((one) => `${JSON.stringify(one)}\n`).join(''));
});
afterAll(() => rm(root, { recursive: true }));

const load = (path: string) => LongBenchv2Dataset.load({ path, roots: [root], params: {} });

describe('LongBenchv2Dataset', () => {
  it.each(['', 'ais_bench/datasets/LongBench-v2/data.json', 'ais_bench/datasets/LongBench-v2', 'mine.jsonl'])(
    'is found by path %j',
    async (path) => {
      const { test } = await load(path);
      expect(test).toMatchObject([{ _id: 'q1', context: row(1).context }, { answer: 'D' }]);
      expect(test.map((one) => LongBenchv2Dataset.reference!(one))).toEqual([
        { answer: 'B', difficulty: 'easy', length: 'short' },
        { answer: 'D', difficulty: 'hard', length: 'long' },
      ]);
      expect(new Set(test.map((one) => LongBenchv2Dataset.source!(one))).size).toBe(2);
    },
  );

  it('says where the data is had', async () => {
    await expect(load('nowhere')).rejects.toMatchObject({
      code: 'DSET-FILE-001',
      cure: expect.stringContaining('zai-org/LongBench-v2'),
    });
  });

  it.each([
    ['{}', 'is no JSON list', 'data.json'],
    ['[1]', 'not an object', 'data.json, row 1'],
    [JSON.stringify([row(1), row(2, { answer: 'E' })]), '"E" is none of A, B, C, D', 'data.json, row 2'],
    [
      JSON.stringify([row(1, { difficulty: 'medium' })]),
      'difficulty "medium" is none of easy, hard',
      'row 1',
    ],
    [JSON.stringify([row(1, { length: undefined })]), 'none of short, medium, long', 'row 1'],
    [JSON.stringify([row(1, { context: null })]), "'context'", 'row 1'],
  ])('refuses %j', async (content, what, where) => {
    const folder = await mkdtemp(join(root, 'bad-'));
    await writeFile(join(folder, 'data.json'), content);
    await expect(load(folder)).rejects.toMatchObject({
      code: 'DSET-DATA-002',
      message: expect.stringContaining(what),
      where: expect.stringContaining(where),
    });
  });
});
