import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FileDataset } from './custom.ts';

const COLUMNS = [
  { name: 'question', data: ['one and one'] },
  { name: 'answer', data: ['2'] },
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ais-bench-file-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const load = (name: string, text: string | Uint8Array, params: Readonly<Record<string, unknown>> = {}) => {
  writeFileSync(join(folder, name), text);
  return FileDataset.load({ path: name, roots: [folder], params });
};

describe('FileDataset', () => {
  const wanted = [{ question: 'one and one', answer: '2' }];

  it.each<[string, string | Uint8Array]>([
    ['a.jsonl', '{"question":"one and one","answer":"2"}\n'],
    ['a.json', '[{"question":"one and one","answer":"2"}]'],
    ['a.csv', 'question,answer\none and one,2\n'],
    ['a.tsv', 'question\tanswer\none and one\t2\n'],
    ['a.parquet', new Uint8Array(parquetWriteBuffer({ columnData: COLUMNS }))],
  ])('reads %s', async (name, text) => {
    expect(await load(name, text)).toEqual({ test: wanted, train: [], folder });
  });

  it('names columns as the config wants them, from inside too', async () => {
    const fields = { question: 'Q', answer: 'meta.gold' };
    const { test } = await load('b.jsonl', '{"Q":"one and one","meta":{"gold":"2"}}\n', { fields });
    expect(test[0]).toMatchObject(wanted[0]!);
  });

  it('reads worked examples from beside the questions', async () => {
    writeFileSync(join(folder, 'train.jsonl'), '{"question":"two","answer":"2"}\n');
    const { train } = await load('c.jsonl', '{"question":"one"}\n', { train_path: 'train.jsonl' });
    expect(train).toEqual([{ question: 'two', answer: '2' }]);
  });

  it.each<[string, string, object, string]>([
    ['d.jsonl', '{"question":"one"}\n', { fields: { answer: 'gold' } }, 'DSET-DATA-002'],
    ['e.jsonl', '\n', {}, 'DSET-DATA-002'],
    ['f.json', '{"a":1}', {}, 'DSET-DATA-002'],
    ['g.tsv', 'a\tb\n1\n', {}, 'DSET-DATA-002'],
    ['h.jsonl', '{"a":1}\n', { feilds: {} }, 'UTILS-CFG-002'],
    ['i.jsonl', '{"a":1}\n', { fields: 3 }, 'UTILS-CFG-002'],
    ['j.jsonl', '{"a":1}\n', { train_path: 'no-such.jsonl' }, 'DSET-FILE-001'],
  ])('refuses %s', async (name, text, params, code) => {
    await expect(load(name, text, params as Record<string, unknown>)).rejects.toMatchObject({ code });
  });

  it('takes no name from the prototype', async () => {
    const fields = { answer: '__proto__' };
    await expect(load('k.jsonl', '{"a":1}\n', { fields })).rejects.toMatchObject({ code: 'DSET-DATA-002' });
  });
});
