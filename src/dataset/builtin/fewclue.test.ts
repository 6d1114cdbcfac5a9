import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
// @ts-expect-error: a config that is shipped as JavaScript
import { tnews_datasets } from '../../../configs/datasets/FewCLUE_tnews/FewCLUE_tnews_ppl_0_shot_chat.js';
import { emptyFolder } from '../../../test/e2e/support.ts';
import type { DatasetType, Row } from '../../contract/dataset.ts';
import {
  BUSTMDataset,
  CHIDDataset,
  CluewscDataset,
  CslDataset,
  EPRSTMTDataset,
  TNewsDataset,
} from './language.ts';

const FILE = 'FewCLUE/some/dev_few_all.json';
const IDIOMS = ['一来二去', '三言两语', '四平八稳', '五颜六色', '七上八下', '九牛一毛', '十全十美'];

function rootWith(...rows: readonly Row[]): string {
  const root = emptyFolder();
  mkdirSync(dirname(join(root, FILE)), { recursive: true });
  writeFileSync(join(root, FILE), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return root;
}

async function rowsOf(type: DatasetType, ...rows: readonly Row[]): Promise<readonly Row[]> {
  const options = { path: `ais_bench/datasets/${FILE}`, roots: [rootWith(...rows)], params: {} };
  return (await type.load(options)).test;
}

const wsc = (text: string, at: unknown, span2: string, label = 'true') => ({
  target: { span2_index: at, span1_index: 0, span1_text: '小李', span2_text: span2 },
  ...{ idx: 0, label, text },
});

describe('FewCLUE', () => {
  it('has two sentences and whether they say the same', async () => {
    const row = { id: 0, sentence1: '开灯', sentence2: '把灯打开', label: '1' };
    expect(await rowsOf(BUSTMDataset, row, { ...row, label: 0 })).toEqual([row, { ...row, label: '0' }]);
  });

  it('has a comment and whether it is a good one', async () => {
    const row = { id: 0, sentence: '很满意', label: 'Positive' };
    expect(await rowsOf(EPRSTMTDataset, row)).toEqual([row]);
  });

  it('has the text with each of seven idioms in every gap', async () => {
    const content = '他#idiom#地说，又#idiom#地走了$&。';
    const [row] = await rowsOf(CHIDDataset, { id: 0, candidates: IDIOMS, content, answer: 1 });
    expect(row).toMatchObject({
      content0: '他一来二去地说，又一来二去地走了$&。',
      content6: '他十全十美地说，又十全十美地走了$&。',
      answer: '1',
    });
  });

  it('has a noun and a pronoun, and the text with the one for all of the other', async () => {
    const rows = await rowsOf(
      CluewscDataset,
      wsc('小李说他累了。', 3, '他'),
      wsc('😀小李走了，我看见她们。', 9, '她们', 'false'),
    );
    expect(rows).toEqual([
      { idx: 0, label: 'true', text: '小李说他累了。', new_text: '小李说小李累了。', ...spans('他', '1') },
      {
        ...{ idx: 0, label: 'false', text: '😀小李走了，我看见她们。', new_text: '😀小李走了，我看见小李。' },
        ...spans('她们', '0'),
      },
    ]);
    expect(CluewscDataset.source?.(rows[0]!)).toMatch(/^[0-9a-f]{12}$/);
    expect(CluewscDataset.source?.(rows[0]!)).not.toBe(CluewscDataset.source?.(rows[1]!));
  });

  it('replaces a pronoun wherever it stands', async () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(text, fc.constantFrom('它', '它们'), text, async (before, pronoun, after) => {
        const row = wsc(before + pronoun + after, [...before].length, pronoun);
        const [read] = await rowsOf(CluewscDataset, row);
        expect(read?.['new_text']).toBe(`${before}小李${after}`);
      }),
      { numRuns: 25 },
    );
  });

  it('has the key words as one text, and knows the rows of one paper', async () => {
    const row = { id: 0, abst: '本文研究水。', keyword: ['水', '冰'], label: '0' };
    const rows = await rowsOf(CslDataset, row, { ...row, label: '1' });
    expect(rows[0]).toEqual({ ...row, keywords: '水，冰' });
    expect(CslDataset.source?.(rows[0]!)).toBe(CslDataset.source?.(rows[1]!));
  });

  it('names the kind of news as the config’s labels do', async () => {
    const names =
      'agriculture travel game tech sports edu entertainment finance military car house world culture story stock';
    const news = names.split(' ').map((name) => ({ sentence: '新闻', label_desc: `news_${name}` }));
    const kinds = (await rowsOf(TNewsDataset, ...news)).map((row) => row['label_desc2']);
    expect(kinds).toEqual(Object.keys(tnews_datasets[0].infer_cfg.prompt_template.template));
    expect(new Set(kinds).size).toBe(15);
  });

  it.each<[DatasetType, Row, RegExp]>([
    [BUSTMDataset, { sentence1: 'a', sentence2: 'b' }, /it has no label of 0, 1/],
    [BUSTMDataset, { sentence1: 'a', label: '0' }, /no text in column 'sentence2'/],
    [EPRSTMTDataset, { sentence: 'a', label: 'good' }, /its label "good" is none of Positive, Negative/],
    [CHIDDataset, { content: 'a', candidates: IDIOMS, answer: 1 }, /its content has no #idiom#/],
    [CHIDDataset, { content: '#idiom#', candidates: IDIOMS.slice(1), answer: 1 }, /not a list of 7 texts/],
    [CHIDDataset, { content: '#idiom#', candidates: IDIOMS, answer: 7 }, /its answer 7 is none of 0, 1/],
    [CluewscDataset, { text: 'a', label: 'true' }, /it has no target/],
    [CluewscDataset, wsc('abc', 3, 'c'), /its span2_index 3 is no place in the text/],
    [CluewscDataset, wsc('abc', '1', 'c'), /its span2_index "1" is no place in the text/],
    [CslDataset, { abst: 'a', keyword: 'b', label: '1' }, /column 'keyword' is not a list of texts/],
    [TNewsDataset, { sentence: 'a', label_desc: 'news_none' }, /its label_desc "news_none" is none of/],
  ])('a row that is none is an error that says where: %#', async (type, row, message) => {
    const loaded = rowsOf(type, row);
    await expect(loaded).rejects.toMatchObject({
      code: 'DSET-DATA-002',
      where: expect.stringMatching(/dev_few_all.json:1$/),
    });
    await expect(loaded).rejects.toThrow(message);
  });

  it('reads the file that AISBench’s own configs name, and no namesake of another task', async () => {
    const roots = [rootWith({ sentence: '好', label: 'Positive' })];
    const load = (path: string, params: Row) => EPRSTMTDataset.load({ path, roots, params });
    const { test } = await load('json', { data_files: `ais_bench/datasets/${FILE}` });
    expect(test).toHaveLength(1);
    const other = load('ais_bench/datasets/FewCLUE/other/dev_few_all.json', {});
    await expect(other).rejects.toMatchObject({ code: 'DSET-FILE-001' });
    await expect(other).rejects.toThrow(/no dev_few_all.json found/);
  });
});

function spans(pronoun: string, answer: string): Row {
  return { span1: '小李', span2: pronoun, answer };
}
