/** TriviaQA, DROP, LAMBADA, LongBench, XSum and LCSTS, in every form that their authors and others publish, on rows of our own. */
import { describe, expect, it } from 'vitest';
import { datasetFolders, lines, loadFrom } from '../../../test/support/dataset-files.ts';
import type { DatasetType, LoadOptions } from '../../contract/dataset.ts';
import {
  dropOpenAIDataset,
  LCSTSDataset,
  lambadaDataset,
  TriviaQADataset,
  TriviaQADataset_V2,
  XsumDataset,
} from './language.ts';
import { LongBenchDataset } from './long-context.ts';

const written = datasetFolders();
let places = 0;

async function load(
  type: DatasetType,
  files: Readonly<Record<string, string>>,
  more: Partial<LoadOptions> = {},
) {
  return loadFrom(type, await written(String(places++), files), more);
}
const malformed = { code: 'DSET-DATA-002' };
const missing = { code: 'DSET-FILE-001' };

describe('TriviaQA', () => {
  const asked = { question: 'Who dredged it?', answer: ['Ann Lee', 'A. Lee'], name: 'Ann Lee' };

  it('is read as OpenCompass has it, and as Hugging Face has it', async () => {
    const { train, test } = await load(TriviaQADataset_V2, {
      'triviaqa/triviaqa-validation.jsonl': lines(
        { question: 'Who dredged it?', answer: ['Ann Lee', 'A. Lee'] },
        {
          question: 'Who dredged it?',
          answer: { value: 'Ann Lee', aliases: ['Ann Lee', 'A. Lee'], normalized_aliases: [], type: 'Free' },
        },
      ),
      'triviaqa/triviaqa-train.jsonl': lines({ question: 'When?', answer: '1871' }),
    });
    expect(test).toEqual([asked, asked]);
    expect(train).toEqual([{ question: 'When?', answer: ['1871'], name: '1871' }]);
  });

  it('is read from the tables of AISBench’s older class, whose test split keeps the first name', async () => {
    const files = {
      'triviaqa/trivia-qa.dev.qa.csv': `Who dredged it?\t['Ann Lee', "A. Lee"]\n"Who said ""no""?"\t['Bob']\n`,
      'triviaqa/trivia-qa.test.qa.csv': `Who dredged it?\t['Ann Lee', 'A. Lee']\n`,
    };
    const { train, test } = await load(TriviaQADataset, files);
    expect(test).toEqual([asked, { question: 'Who said "no"?', answer: ['Bob'], name: 'Bob' }]);
    expect(train).toEqual(test);
    const splits = { train: 'dev', test: 'test' };
    expect((await load(TriviaQADataset, files, { splits })).test).toEqual([
      { ...asked, answer: ['Ann Lee'] },
    ]);
    const bad = { 'triviaqa/trivia-qa.dev.qa.csv': 'Who?\tAnn\n' };
    await expect(load(TriviaQADataset, bad)).rejects.toMatchObject(malformed);
    const repacked = { 'triviaqa/triviaqa-validation.jsonl': lines({ question: 'Who?', answer: ['Ann'] }) };
    expect((await load(TriviaQADataset, repacked)).test).toHaveLength(1);
  });

  it('is read as its authors have it', async () => {
    const Answer = {
      Value: 'Ann Lee',
      Aliases: ['A. Lee'],
      NormalizedAliases: ['lee'],
      Type: 'WikipediaEntity',
    };
    const Data = [{ Question: 'Who dredged it?', QuestionId: 'q1', Answer, EntityPages: [] }];
    const file = JSON.stringify({ Data, Domain: 'Wikipedia', Version: 1 });
    const { train, test } = await load(TriviaQADataset_V2, { 'triviaqa-rc/qa/wikipedia-dev.json': file });
    expect(test).toEqual([{ ...asked, answer: ['Ann Lee', 'A. Lee', 'lee'] }]);
    expect(train).toEqual([]);
  });

  it.each([
    { answer: 'x' },
    { question: 'Who?' },
    { question: 'Who?', answer: [] },
    { question: 'Who?', answer: {} },
  ])('refuses %j', async (row) => {
    const files = { 'triviaqa/triviaqa-validation.jsonl': lines(row) };
    await expect(load(TriviaQADataset_V2, files)).rejects.toMatchObject(malformed);
  });

  it('refuses a file of the authors that holds none, and tells where it looked', async () => {
    const files = { 'triviaqa/qa/wikipedia-dev.json': '[]' };
    await expect(load(TriviaQADataset_V2, files)).rejects.toMatchObject(malformed);
    await expect(load(TriviaQADataset_V2, {})).rejects.toMatchObject(missing);
    await expect(load(TriviaQADataset_V2, {})).rejects.toThrow(/triviaqa-validation\.jsonl/);
  });
});

describe('DROP', () => {
  const prompt = 'Passage: 40 ships.\nQuestion: How many?\nAnswer:';

  it('is read as OpenAI has it', async () => {
    const row = { context: prompt, completion: ' 40', ref_text: '40|forty' };
    for (const file of ['drop_simple_eval/dev.jsonl', 'drop/drop_v0_dev.jsonl']) {
      const { train, test } = await load(dropOpenAIDataset, { [file]: lines(row) });
      expect([train, test]).toEqual([[], [{ prompt, answers: '40|forty' }]]);
    }
  });

  it('is read as its authors have it: number, else spans, else date', async () => {
    const none = { number: '', spans: [], date: { day: '', month: '', year: '' } };
    const pairs = [
      {
        question: 'How many?',
        answer: { ...none, number: '40' },
        validated_answers: [{ ...none, spans: ['forty'] }],
      },
      { question: 'Who?', answer: { ...none, spans: ['Ann', 'Bo'] } },
      {
        question: 'When?',
        answer: { ...none, date: { day: '3', month: 'May', year: '' } },
        validated_answers: [none],
      },
    ];
    const file = JSON.stringify({ p1: { passage: '40 ships.', qa_pairs: pairs, wiki_url: '' } });
    const { test } = await load(dropOpenAIDataset, { 'drop_dataset/drop_dataset_dev.json': file });
    expect(test.map(({ answers }) => answers)).toEqual([[['40'], ['forty']], [['Ann', 'Bo']], [['3 May']]]);
    expect(test[0]!['prompt']).toBe(prompt);
    expect(new Set(test.map((row) => dropOpenAIDataset.source!(row))).size).toBe(1);
  });

  it.each([
    ['drop_simple_eval/dev.jsonl', lines({ context: 'x' })],
    ['drop/drop_dataset_dev.json', JSON.stringify({ p: { passage: 'x' } })],
    [
      'drop/drop_dataset_dev.json',
      JSON.stringify({ p: { passage: 'x', qa_pairs: [{ question: 'y', answer: {} }] } }),
    ],
  ])('refuses %s with %s', async (file, content) => {
    await expect(load(dropOpenAIDataset, { [file]: content })).rejects.toMatchObject(malformed);
  });
});

describe('LAMBADA', () => {
  const row = { prompt: 'She went to the', label: 'harbour' };

  it.each([
    ['lambada/test.jsonl', lines(row)],
    ['lambada/lambada_test.jsonl', lines({ text: 'She went to the harbour' })],
    ['lambada-dataset/lambada_test_plain_text.txt', 'She went to the harbour\n\n'],
  ])('is read from %s', async (file, content) => {
    expect((await load(lambadaDataset, { [file]: content })).test).toEqual([row]);
  });

  it.each([
    ['lambada/test.jsonl', lines({ prompt: 'x' })],
    ['lambada/lambada_test_plain_text.txt', 'harbour\n'],
  ])('refuses %s with %j', async (file, content) => {
    await expect(load(lambadaDataset, { [file]: content })).rejects.toMatchObject(malformed);
  });
});

describe('LongBench', () => {
  const row = {
    input: 'Who?',
    context: 'Ann.',
    answers: ['Ann'],
    length: 2,
    language: 'en',
    all_classes: null,
    _id: 'x',
  };
  const file = 'LongBench/data/hotpotqa.jsonl';
  const params = { name: 'hotpotqa' };

  it('is read as its authors have it, with classes where there are some', async () => {
    const { test, notes } = await load(LongBenchDataset, { [file]: lines(row) }, { params });
    expect(test).toEqual([row]);
    expect(notes).toBeUndefined();
    expect(LongBenchDataset.source!(test[0]!)).toMatch(/^[0-9a-f]{12}$/);
    const classed = lines({ ...row, all_classes: ['Ann', 'Bo'] });
    const given = { params: { name: 'trec' }, path: 'THUDM/LongBench' };
    expect(
      (await load(LongBenchDataset, { 'longbench/trec.jsonl': classed }, given)).test[0]!['all_labels'],
    ).toEqual({
      answers: ['Ann'],
      all_classes: ['Ann', 'Bo'],
    });
  });

  it('says of scores by characters that they are not comparable', async () => {
    const files = { 'LongBench/data/dureader.jsonl': lines(row) };
    const { notes } = await load(LongBenchDataset, files, { params: { name: 'dureader' } });
    expect(notes).toEqual([expect.stringMatching(/characters.*not comparable/)]);
  });

  it.each([
    { ...row, answers: [] },
    { ...row, answers: 'Ann' },
    { ...row, context: 3 },
    { ...row, all_classes: [1] },
  ])('refuses %j', async (bad) => {
    await expect(load(LongBenchDataset, { [file]: lines(bad) }, { params })).rejects.toMatchObject(malformed);
  });

  it('refuses a config without a name, and names the file that is not there', async () => {
    await expect(load(LongBenchDataset, {})).rejects.toMatchObject({ code: 'UTILS-CFG-002' });
    await expect(load(LongBenchDataset, {}, { params })).rejects.toThrow(/data\/hotpotqa\.jsonl/);
  });
});

describe('XSum', () => {
  const row = { dialogue: 'The harbour was dredged.', summary: 'Dredging.' };

  it('is the first thousand lines, those without text left out', async () => {
    const rows = [
      ...[row, { document: row.dialogue, summary: row.summary }],
      ...[
        { ...row, summary: 1.5 },
        { dialogue: null, summary: 'x' },
      ],
    ];
    const file = `${lines(...rows)}{"dialogue": NaN, "summary": "x"}\n`;
    const many = Array.from({ length: 1100 }, () => row);
    expect((await load(XsumDataset, { 'Xsum/dev.jsonl': file })).test).toEqual([row, row]);
    expect(
      (await load(XsumDataset, { 'Xsum/dev.jsonl': lines({ ...row, summary: 3 }, ...many) })).test,
    ).toHaveLength(999);
  });

  it('refuses rows without its columns', async () => {
    const files = { 'Xsum/dev.jsonl': lines({ dialogue: 'x' }) };
    await expect(load(XsumDataset, files)).rejects.toMatchObject(malformed);
  });
});

describe('LCSTS', () => {
  it('is two files of as many lines', async () => {
    const files = { 'LCSTS/test.src.txt': '港口清淤。\n 风暴来了 \n', 'LCSTS/test.tgt.txt': '清淤\n风暴\n' };
    const { test, notes } = await load(LCSTSDataset, files);
    expect(test).toEqual([
      { content: '港口清淤。', abst: '清淤' },
      { content: '风暴来了', abst: '风暴' },
    ]);
    expect(notes).toEqual([expect.stringMatching(/not comparable/)]);
    const short = { ...files, 'LCSTS/test.tgt.txt': '清淤\n' };
    await expect(load(LCSTSDataset, short)).rejects.toMatchObject(malformed);
  });
});
