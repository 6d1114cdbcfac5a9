import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyFolder } from '../../../test/e2e/support.ts';
import { CustomDataset } from './custom.ts';
import { HFDataset } from './hf-files.ts';

const FILE = 'FewCLUE/bustm/dev_few_all.json';
const ROWS = [
  { id: 0, sentence1: '开灯', sentence2: '把灯打开', label: '1' },
  { id: 1, sentence1: 'a', sentence2: 'b', label: '0' },
];
const lines = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = emptyFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const load = (
  params: Record<string, unknown>,
  files: Readonly<Record<string, string>> = { [FILE]: lines(ROWS) },
  path = 'json',
) => {
  const folder = folderWith(files);
  return HFDataset.load({ path, roots: [folder], base: join(folder, 'work'), params });
};

describe('HFDataset', () => {
  it.each([
    ['below the folder of datasets', FILE],
    ['below ./data, as OpenCompass has it', `./data/${FILE}`],
    ['in AISBench’s words', `ais_bench/datasets/${FILE}`],
    ['as a list', [FILE]],
  ])('reads JSON lines as they are, %s', async (_how, data_files) => {
    const { train, test } = await load({ data_files, split: 'train' });
    expect(test).toEqual(ROWS);
    expect(train).toEqual(ROWS);
  });

  it('reads a JSON list, several files in order, and the files of the split that is named', async () => {
    const files = { 'a.json': JSON.stringify(ROWS), 'b.jsonl': lines(ROWS.slice(1)) };
    expect((await load({ data_files: ['a.json', 'b.jsonl'] }, files)).test).toEqual([...ROWS, ROWS[1]]);
    const data_files = { train: 'a.json', test: ['b.jsonl'] };
    expect((await load({ data_files, split: 'test' }, files)).test).toEqual([ROWS[1]]);
  });

  it.each([
    [{}, 'data_files: it names no file'],
    [{ data_files: FILE, split: 'test' }, "split: there is no 'test'"],
    [{ data_files: { train: FILE }, split: 'test' }, "split: data_files has no 'test'"],
    [{ data_files: FILE, name: 'x' }, 'name: HFDataset has no such key'],
    [{ data_files: 'none.json' }, "there is no file 'none.json'"],
  ])('refuses %j', async (params, message) => {
    await expect(load(params)).rejects.toMatchObject({ message: expect.stringContaining(message) });
  });

  it('downloads nothing', async () => {
    await expect(load({}, undefined, 'glue')).rejects.toMatchObject({
      code: 'UTILS-CFG-002',
      message: expect.stringContaining('nothing is downloaded'),
    });
  });
});

describe('file_name of CustomDataset', () => {
  const custom = (params: Record<string, unknown>, rows: readonly object[]) => {
    const folder = folderWith({ 'math/test_prm800k_500.jsonl': lines(rows) });
    return CustomDataset.load({ path: 'ais_bench/datasets/math', roots: [folder], base: folder, params });
  };
  const file_name = 'test_prm800k_500.jsonl';

  it('is a file below path, whose rows stay as they are where they have no question', async () => {
    const row = { problem: '1 + 1', solution: '$\\boxed{2}$', answer: '2', level: 1 };
    expect((await custom({ file_name }, [row])).test).toEqual([row]);
    expect((await custom({ file_name }, [{ question: 'a', max_tokens: 3 }])).test).toMatchObject([
      { max_out_len: 3 },
    ]);
    await expect(custom({ file_name, data_type: 'qa' }, [row])).rejects.toMatchObject({
      code: 'DSET-DATA-002',
    });
  });

  it('of MATH-500 is found under its published name too', async () => {
    const row = { problem: '1 + 1', solution: '2' };
    const folder = folderWith({ 'math500/test.jsonl': lines([row]) });
    const options = { path: 'ais_bench/datasets/math', roots: [folder], params: { file_name } };
    expect((await CustomDataset.load(options)).test).toEqual([row]);
  });

  it.each([
    ['other.jsonl', 'DSET-FILE-001'],
    ['', 'UTILS-CFG-002'],
    [3, 'UTILS-CFG-002'],
  ])('%j is %s', async (name, code) => {
    await expect(custom({ file_name: name }, [{ question: 'a' }])).rejects.toMatchObject({ code });
  });
});
