import { describe, expect, it } from 'vitest';
import { emptyFolder } from '../../../test/e2e/support.ts';
import type { DatasetType, Tokenizer } from '../../contract/dataset.ts';
import {
  NeedleBenchATCDataset,
  NeedleBenchMultiDataset,
  NeedleBenchOriginDataset,
  NeedleBenchParallelDataset,
} from './needlebench.ts';

const lines = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const fact = (n: number, language = 'English') => ({
  ...{ language, needle: `Stone${n} lies on isle${n}.`, arg1: `isle${n}`, arg2: `Stone${n}` },
  retrieval_question: `What lies on isle${n}? Please answer in the format 'On isle${n} lies ______.'`,
});

const FILES = {
  'NeedleBench/names.json': JSON.stringify({
    English: Array.from({ length: 60 }, (_, i) => `Name ${i}`).join(','),
    Chinese: '小安,小白,小陈',
  }),
  'NeedleBench/needles.jsonl': lines([
    fact(1),
    fact(2),
    fact(3),
    fact(4),
    fact(1, 'Chinese'),
    { ...fact(9), arg1: 'isle2' },
  ]),
  'NeedleBench/PaulGrahamEssays.jsonl': lines(
    ['a', 'b', 'c'].map((word) => ({ text: Array(200).fill(word).join(' ') })),
  ),
};

const common = {
  ...{ length: 100, length_buffer: 20, num_repeats_per_file: 3, language: 'English' },
  ...{ file_list: ['PaulGrahamEssays.jsonl'], needle_file_name: 'needles.jsonl' },
};

/** Counts characters. */
const characters: Tokenizer = {
  encode: (text) => [...text].map((one) => one.codePointAt(0)!),
  decode: (ids) => String.fromCodePoint(...ids),
  ordinaryIds: () => [],
  countServed: (text) => text.length,
};

async function rowsOf(type: DatasetType, params: object, tokenizer?: Tokenizer) {
  const path = 'ais_bench/datasets/NeedleBench';
  const { test, notes } = await type.load({
    ...{ path, roots: [emptyFolder(FILES)], params: { ...common, ...params } },
    tokenizer: async () => tokenizer,
  });
  const rows = test as { prompt: string; answer: string }[];
  const documents = rows.map(({ prompt }) => /<Document>\n([\s\S]*)\n<\/Document>/.exec(prompt)?.[1] ?? '');
  return { rows, documents, notes };
}

const words = (text: string) => text.trim().split(/\s+/);

describe('NeedleBench', () => {
  it('one fact stands at its depth in a document of the length', async () => {
    for (const depth of [0, 50, 100]) {
      const { rows, documents, notes } = await rowsOf(NeedleBenchOriginDataset, { depth });
      expect(rows).toHaveLength(3);
      for (const [i, document] of documents.entries()) {
        const [needle, keyword] = rows[i]!.answer.split('*');
        expect(words(document)).toHaveLength(79); // 80 pieces, the last of which is a line break
        expect(document).toContain(needle);
        expect(needle).toContain(keyword);
        expect(words(document).indexOf(keyword!)).toBe(Math.trunc((75 * depth) / 100));
        expect(rows[i]!.prompt).toContain(`isle${keyword!.slice(5)}?`);
      }
      expect(notes).toEqual([expect.stringContaining('no tokenizer')]);
    }
  });

  it('the length is counted by the tokenizer of the model', async () => {
    const { documents, notes } = await rowsOf(NeedleBenchOriginDataset, { depth: 30 }, characters);
    expect(documents.map(({ length }) => length)).toEqual([80, 80, 80]);
    expect(notes).toEqual([]);
  });

  it('facts of which no two are alike stand at all depths, and are asked at once', async () => {
    const { rows, documents } = await rowsOf(NeedleBenchParallelDataset, { depths: [0, 30, 60, 100] });
    for (const [i, { prompt, answer }] of rows.entries()) {
      const [keywords, depths] = answer.split('#');
      expect(depths).toBe('0*30*60*100');
      const places = keywords!.split('*').map((keyword) => documents[i]!.indexOf(`${keyword} lies`));
      expect(places).toEqual([...places].sort((a, b) => a - b));
      expect(new Set(keywords!.split('*')).size).toBe(4);
      expect(prompt.match(/What lies on isle\d\?/g)).toHaveLength(4);
      expect(prompt.match(/On isle\d lies ______/g)).toHaveLength(4);
    }
    expect(new Set(rows.map(({ answer }) => answer)).size).toBeGreaterThan(1);
  });

  it('a family is told in a document, from a depth on', async () => {
    const params = { depth: 50, diff: 10, num_needles: 3, needle_file_name: 'names.json', length: 200 };
    const { rows, documents } = await rowsOf(NeedleBenchMultiDataset, params);
    for (const [i, { prompt, answer }] of rows.entries()) {
      const told = documents[i]!.split('\n').filter((line) => line.includes('Name'));
      expect(told).toHaveLength(3);
      expect(documents[i]!.indexOf(told[0]!)).toBeGreaterThan(documents[i]!.length / 4);
      expect(answer).toMatch(/^Name \d+$/);
      expect(told.join()).toContain(answer);
      expect(prompt).toContain('\\boxed{');
    }
  });

  it('a family is told alone, and asked about in four ways', async () => {
    const { rows } = await rowsOf(NeedleBenchATCDataset, {
      num_needles: 4,
      repeats: 2,
      file_name: 'names.json',
    });
    expect(rows.map((row) => (row as unknown as { question_type: string }).question_type)).toEqual(
      ['ELDEST_ANCESTOR', 'NTH_ANCESTOR', 'NTH_DESCENDANT', 'RELATIONSHIP_DISTANCE'].flatMap((kind) => [
        kind,
        kind,
      ]),
    );
    for (const { answer, prompt } of rows) {
      expect(answer).toMatch(/^(Name )?\d+$/);
      expect(new Set(prompt.match(/Name \d+/g)).size).toBe(5);
    }
    const twice = await rowsOf(NeedleBenchATCDataset, {
      num_needles: 4,
      repeats: 2,
      file_name: 'names.json',
    });
    expect(twice.rows).toEqual(rows);
  });

  it('the document may stand behind the question', async () => {
    const { rows } = await rowsOf(NeedleBenchOriginDataset, { depth: 0, quesiton_position: 'Start' });
    expect(rows[0]!.prompt.indexOf('isle')).toBeLessThan(rows[0]!.prompt.indexOf('<Document>'));
  });

  it.each([
    [NeedleBenchOriginDataset, { depth: 0, length: 0 }, 'length'],
    [NeedleBenchOriginDataset, { depth: 0, language: 'French' }, 'language'],
    [NeedleBenchOriginDataset, {}, 'depth'],
    [NeedleBenchOriginDataset, { depth: 0, file_list: [] }, 'file_list'],
    [NeedleBenchParallelDataset, { depths: [101] }, 'depths'],
  ])('$name refuses %j', async (type, params, where) => {
    await expect(rowsOf(type, params)).rejects.toMatchObject({ code: 'UTILS-CFG-002', where });
  });

  it('says that a family needs more names, and where the data is had', async () => {
    const params = { num_needles: 3, repeats: 1, language: 'Chinese', file_name: 'names.json' };
    await expect(rowsOf(NeedleBenchATCDataset, params)).rejects.toMatchObject({ code: 'DSET-DATA-002' });
    const nowhere = NeedleBenchATCDataset.load({ path: '', roots: [emptyFolder()], params });
    await expect(nowhere).rejects.toMatchObject({ cure: expect.stringContaining('opencompass/NeedleBench') });
  });
});
