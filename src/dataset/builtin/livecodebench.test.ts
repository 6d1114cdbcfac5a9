import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DOUBLE, lcbRow, lines, PAIRS, packedTests } from '../../../test/support/lcb-files.ts';
import type { Row } from '../../contract/dataset.ts';
import { LCBCodeGenerationDataset } from './code.ts';

let root: string;
let folder: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'lcb-'));
  folder = join(root, 'code_generation_lite');
  await mkdir(folder);
  await writeFile(
    join(folder, 'test.jsonl'),
    lines([lcbRow({ ...DOUBLE, id: 'first', date: '2023-05-01' })]),
  );
  await writeFile(join(folder, 'test5.jsonl'), lines([lcbRow(DOUBLE)]));
  await writeFile(
    join(folder, 'test6.jsonl'),
    `${lines([lcbRow(PAIRS)])}\n${lines([lcbRow({ ...DOUBLE, id: 'last' })])}`,
  );
});
afterAll(() => rm(root, { recursive: true }));

const load = (params: Record<string, unknown>) =>
  LCBCodeGenerationDataset.load({ path: '', roots: [root], params });
const recall = (row: Row, path = '') =>
  LCBCodeGenerationDataset.recall!(LCBCodeGenerationDataset.reference!(row), { path, roots: [root] });
const ids = async (params: Record<string, unknown>) =>
  (await load(params)).test.map((row) => row['question_id']);

describe('LCBCodeGenerationDataset', () => {
  it.each([
    [{}, ['first']],
    [{ release_version: 'v6' }, ['pairs', 'last']],
    [{ release_version: 'v5_v6' }, ['double', 'pairs', 'last']],
    [{ release_version: 'v5_v6', start_date: '2025-01-15', end_date: '2025-01-15' }, ['double', 'last']],
    [{ release_version: 'v6', end_date: '2025-02-28' }, ['last']],
    [{ release_version: 'v6', start_date: '2025-03-02' }, []],
  ])('asks of %j %j', async (params, expected) => {
    expect(await ids(params)).toEqual(expected);
  });

  it('has rows without their tests, and finds the tests again', async () => {
    const { test } = await load({ release_version: 'v5_v6' });
    const [double, pairs, last] = test;
    expect(Object.keys(double!)).not.toContain('private_test_cases');
    expect(double).toMatchObject({
      question_content: 'Solve double.',
      format_prompt: expect.stringContaining('standard input'),
    });
    expect(pairs).toMatchObject({ format_prompt: expect.stringContaining(String(PAIRS.starter![0])) });
    expect(await recall(double!)).toEqual({
      ...{ question_id: 'double', difficulty: 'easy' },
      tests: { inputs: ['2\n', '10\n', '-3\n'], outputs: ['4\n', '20', '-6\n'] },
    });
    expect(await recall(pairs!, 'ais_bench/datasets/code_generation_lite')).toEqual({
      ...{ question_id: 'pairs', difficulty: 'hard' },
      tests: { call: 'pairs', inputs: ['[1, 2, 3]\n3', '[4]\n1'], outputs: ['[[1, 2]]', '[]'] },
    });
    expect(await recall(last!, folder)).toMatchObject({ question_id: 'last' });
  });

  it('gives back what is no reference of its own', async () => {
    expect(await LCBCodeGenerationDataset.recall!('double', { path: '', roots: [root] })).toBe('double');
  });

  it.each([
    [{ release_version: 'v7' }, 'release_version is "v7"'],
    [{ release_version: 'v6_v5' }, 'release_version is "v6_v5"'],
    [{ release_version: 'release_v1_v2' }, 'release_version is'],
    [{ release_version: 6 }, 'release_version is 6'],
    [{ start_date: 'May' }, 'start_date is "May"'],
    [{ version: 'v6' }, 'version is no key'],
  ])('refuses %j', async (params, message) => {
    await expect(load(params)).rejects.toMatchObject({
      code: 'UTILS-CFG-002',
      message: expect.stringContaining(message),
    });
  });

  it('says which file of a release is missing', async () => {
    await expect(load({ release_version: 'release_v2' })).rejects.toMatchObject({
      code: 'DSET-FILE-001',
      message: expect.stringContaining('test2.jsonl'),
      cure: expect.stringContaining('livecodebench/code_generation_lite'),
    });
  });
});

const bad = lcbRow(DOUBLE) as Row;

describe('a malformed problem', () => {
  const withFile = async (content: string) => {
    const other = await mkdtemp(join(root, 'other-'));
    await writeFile(join(other, 'test.jsonl'), content);
    return { path: other, roots: [], params: {} };
  };

  it.each([
    ['{', 'is not JSON'],
    [lines([{ ...bad, question_id: 7 }]), "'question_id'"],
    [lines([{ ...bad, starter_code: null }]), "'starter_code'"],
    [lines([{ ...bad, private_test_cases: [] }]), "'private_test_cases'"],
  ])('%j is refused when it is read', async (content, named) => {
    await expect(LCBCodeGenerationDataset.load(await withFile(content))).rejects.toMatchObject({
      code: 'DSET-DATA-002',
      message: expect.stringContaining(named),
      where: expect.stringMatching(/test\.jsonl:1$/),
    });
  });

  it.each([
    [{ private_test_cases: 'bm8=' }, 'is not base64 of zlib of a pickled JSON text'],
    [{ private_test_cases: packedTests([{ input: 1, output: '' }]) }, 'test 1 has not the texts'],
    [{ private_test_cases: '[' }, 'is not JSON'],
    [{ public_test_cases: '{}' }, 'is no list of tests'],
    [{ public_test_cases: '[]', private_test_cases: '[]' }, 'it has no tests'],
    [{ metadata: '{"func_name": 3}' }, 'func_name is no name'],
  ])('%j is refused when it is scored', async (change, named) => {
    const options = await withFile(lines([{ ...bad, ...change }]));
    const { test } = await LCBCodeGenerationDataset.load(options);
    const kept = LCBCodeGenerationDataset.reference!(test[0]!);
    await expect(LCBCodeGenerationDataset.recall!(kept, options)).rejects.toMatchObject({
      code: 'DSET-DATA-002',
      message: expect.stringContaining(named),
      where: expect.stringContaining('problem double'),
    });
  });

  it('is one where a file was changed after it was asked', async () => {
    const options = await withFile(lines([bad]));
    const { test } = await LCBCodeGenerationDataset.load(options);
    const kept = LCBCodeGenerationDataset.reference!(test[0]!);
    await writeFile(join(options.path, 'test.jsonl'), lines([{ ...bad, question_id: 'doubly' }]));
    await expect(LCBCodeGenerationDataset.recall!(kept, options)).rejects.toMatchObject({
      code: 'DSET-DATA-002',
      message: expect.stringContaining('another problem is in its place'),
    });
  });
});
