import { describe, expect, it } from 'vitest';
import { emptyFolder } from '../../../test/e2e/support.ts';
import { LEvalDataset } from './long-context.ts';

const line = (more: object = {}) =>
  `${JSON.stringify({
    ...{ input: 'A long story.', source: 's', evaluation: 'exam' },
    ...{ instructions: ['Who?', 'Where?'], outputs: ['Ann and  Ben', 'home'] },
    ...more,
  })}\n`;

const load = (root: string, path = '', params: Record<string, unknown> = { name: 'tpo' }) =>
  LEvalDataset.load({ path, roots: [root], params });

describe('LEvalDataset', () => {
  it.each([
    ['ais_bench/datasets/LEval/LEval/Exam/tpo.jsonl', 'LEval/LEval/Exam/tpo.jsonl'],
    ['', 'LEval/LEval/Generation/tpo.jsonl'],
    ['ais_bench/datasets/LEval', 'LEval/Exam/tpo.jsonl'],
    ['mine', 'mine/tpo.jsonl'],
  ])('has a row for each question of a document, by path %j in %j', async (path, file) => {
    const root = emptyFolder({ [file]: `${line()}${line({ input: 'Another.' })}` });
    const { test } = await load(root, path);
    expect(test).toHaveLength(4);
    expect(test.slice(0, 2)).toEqual([
      { context: 'A long story.', question: 'Who?', answer: 'Ann and  Ben', length: 3 },
      { context: 'A long story.', question: 'Where?', answer: 'home', length: 1 },
    ]);
    expect(new Set(test.map((row) => LEvalDataset.source!(row))).size).toBe(2);
  });

  it('says where the data is had', async () => {
    await expect(load(emptyFolder())).rejects.toMatchObject({
      code: 'DSET-FILE-001',
      message: expect.stringContaining('tpo.jsonl'),
      cure: expect.stringContaining('L4NLP/LEval'),
    });
  });

  it.each([
    [{ input: 3 }, "'input'"],
    [{ instructions: 'Who?' }, "'instructions'"],
    [{ outputs: ['Ann'] }, '2 instructions and 1 outputs'],
  ])('refuses %j', async (change, what) => {
    const root = emptyFolder({ 'LEval/LEval/Exam/tpo.jsonl': line() + line(change) });
    await expect(load(root)).rejects.toMatchObject({
      code: 'DSET-DATA-002',
      message: expect.stringContaining(what),
      where: expect.stringMatching(/tpo\.jsonl:2$/),
    });
  });
});
