import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { datasetFolders, lines, loadFrom } from '../../../test/support/dataset-files.ts';
import type { DatasetType } from '../../contract/dataset.ts';
import {
  ARCDataset,
  BoolQDatasetV2,
  BoolQDatasetV3,
  HellaswagDataset,
  HellaswagDataset_V2,
  HellaswagDataset_V3,
  HellaswagDatasetwithICE,
  PIQADataset,
  PIQADatasetV2,
  PIQADatasetV3,
  RaceDataset,
  siqaDataset_V2,
  WinograndeDataset,
  WinograndeDatasetV2,
  WinograndeDatasetV3,
} from './common-sense.ts';

const written = datasetFolders();
const malformed = { code: 'DSET-DATA-002' };

describe('ARC', () => {
  const question = (labels: string, answerKey: string) => ({
    id: 'x',
    question: { stem: 'Why?', choices: [...labels].map((label) => ({ text: `is ${label}`, label })) },
    answerKey,
  });
  const params = { name: 'ARC-Easy' };

  it('keeps questions with four choices, however labelled, and says how many it left out', async () => {
    const place = await written('arc', {
      'ARC/ARC-e/ARC-Easy-Test.jsonl': lines(
        question('ABCD', 'C'),
        question('1234', '2'),
        question('ABC', 'A'),
      ),
      'ARC/ARC-e/ARC-Easy-Dev.jsonl': lines(question('ABCDE', 'A'), question('ABCD', 'D')),
    });
    const { train, test, notes } = await loadFrom(ARCDataset, place, { params });
    expect(test).toEqual([
      { question: 'Why?', textA: 'is A', textB: 'is B', textC: 'is C', textD: 'is D', answerKey: 'C' },
      { question: 'Why?', textA: 'is 1', textB: 'is 2', textC: 'is 3', textD: 'is 4', answerKey: 'B' },
    ]);
    expect(train.map(({ answerKey }) => answerKey)).toEqual(['D']);
    expect(notes).toEqual([expect.stringContaining('1 of 3 questions are left out')]);
  });

  it('is asked from the file that AISBench names, with examples of its own where there is no other', async () => {
    const file = 'ARC/ARC-e/ARC-Easy-Test.jsonl';
    const given = { params, path: `ais_bench/datasets/${file}`, splits: { train: 'train', test: 'test' } };
    const alone = await written('arc-file', { [file]: lines(question('ABCD', 'C')) });
    const { train, test } = await loadFrom(ARCDataset, alone, given);
    expect([train, test].map((rows) => rows.map(({ answerKey }) => answerKey))).toEqual([['C'], ['C']]);
    const dev = {
      [file]: lines(question('ABCD', 'C')),
      'ARC/ARC-e/ARC-Easy-Dev.jsonl': lines(question('ABCD', 'D')),
    };
    const both = await loadFrom(ARCDataset, await written('arc-dev', dev), given);
    expect(both.train.map(({ answerKey }) => answerKey)).toEqual(['D']);
    const folder = { ...given, path: 'ais_bench/datasets/ARC/ARC-e' };
    expect((await loadFrom(ARCDataset, await written('arc-both', dev), folder)).train).toHaveLength(1);
  });

  it('is found as its authors unpack it', async () => {
    const files = { 'ARC-V1-Feb2018-2/ARC-Easy/ARC-Easy-Test.jsonl': lines(question('ABCD', 'A')) };
    const place = await written('arc-authors', files);
    const given = { params, path: 'ais_bench/datasets/ARC/ARC-e' };
    expect(await loadFrom(ARCDataset, place, given)).toMatchObject({ train: [], test: [{ answerKey: 'A' }] });
  });

  it.each([
    question('ABCD', 'E'),
    { question: 'Why?', answerKey: 'A' },
    { question: { stem: 'Why?', choices: [null, null, null, null] }, answerKey: 'A' },
  ])('refuses %j', async (row) => {
    const place = await written('arc-bad', { 'ARC/ARC-e/ARC-Easy-Test.jsonl': lines(row) });
    await expect(loadFrom(ARCDataset, place, { params })).rejects.toMatchObject(malformed);
  });
});

describe('HellaSwag', () => {
  const repacked = { query: 'Cooking: Step one: A man stirs. He', choices: ['a', 'b', 'c', 'd'], gold: 2 };
  const authors = {
    ind: 1,
    activity_label: 'Cooking',
    ctx_a: 'A man  stirs. [header] Do it [title] Now.',
    ctx_b: 'he Then',
    endings: ['[step] a', 'b  c', 'd', 'e'],
    label: 1,
  };
  const options = { A: 'a', B: 'b', C: 'c', D: 'd' };

  it('reads the repacked form as AISBench’s classes do', async () => {
    const place = await written('hs', { 'hellaswag/hellaswag.jsonl': lines(repacked) });
    const only = async (type: DatasetType, path = '') => (await loadFrom(type, place, { path })).test[0];
    expect(await only(HellaswagDataset)).toEqual({ ctx: 'A man stirs. He', ...options, label: 2 });
    const file = 'ais_bench/datasets/hellaswag/hellaswag.jsonl';
    expect(await only(HellaswagDataset_V2, file)).toEqual({
      ctx: 'Step one: A man stirs. He',
      ...options,
      label: 'C',
    });
    expect(await only(HellaswagDataset_V3)).toEqual({ query: repacked.query, ...options, gold: 2 });
  });

  it('makes the same of the authors’ form', async () => {
    const place = await written('hs-authors', {
      'hellaswag/hellaswag_val.jsonl': lines(authors),
      'hellaswag/hellaswag_train.jsonl': lines({ ...authors, label: '3' }),
    });
    const { train, test } = await loadFrom(HellaswagDatasetwithICE, place);
    expect(test).toEqual([
      { ctx: 'A man stirs. Do it. Now. He then', A: ' a', B: 'b c', C: 'd', D: 'e', label: 'B' },
    ]);
    expect(train.map(({ label }) => label)).toEqual(['D']);
    const path = join(place, 'hellaswag/hellaswag_val.jsonl');
    expect((await loadFrom(HellaswagDataset_V2, place, { path })).test).toEqual(test);
  });

  it.each([
    { ...repacked, gold: 4 },
    { ...repacked, choices: ['a'] },
    { ...authors, label: '' },
  ])('refuses %j', async (row) => {
    const place = await written('hs-bad', { 'hellaswag/hellaswag.jsonl': lines(row) });
    await expect(loadFrom(HellaswagDataset_V2, place)).rejects.toMatchObject(malformed);
  });
});

describe('WinoGrande', () => {
  const row = { qID: '1', sentence: 'The _ won.', option1: 'cat', option2: 'dog', answer: '2' };

  it('fills the gap, and names the answer as each class does', async () => {
    const place = await written('wg', {
      'winogrande/dev.jsonl': lines(row),
      'winogrande/train_xs.jsonl': lines({ ...row, answer: '1' }),
    });
    const filled = {
      prompt: 'The _ won.',
      only_option1: 'cat',
      only_option2: 'dog',
      opt1: 'The cat won.',
      opt2: 'The dog won.',
      cont: ' won.',
    };
    expect((await loadFrom(WinograndeDataset, place)).test).toEqual([{ ...filled, answer: '2' }]);
    expect((await loadFrom(WinograndeDatasetV2, place)).test).toEqual([{ ...filled, answer: 'B' }]);
    const { train, test } = await loadFrom(WinograndeDatasetV3, place);
    expect([train, test]).toEqual([[{ ...filled, answer: 'A' }], [{ ...filled, answer: 'B' }]]);
  });

  it('leaves an answer open that the file has not', async () => {
    const place = await written('wg-open', { 'winogrande/dev.jsonl': lines({ ...row, answer: '' }) });
    expect((await loadFrom(WinograndeDatasetV2, place)).test[0]!['answer']).toBe('NULL');
  });

  it.each([
    { ...row, sentence: 'No gap.' },
    { ...row, answer: '3' },
    { ...row, option1: 1 },
  ])('refuses %j', async (bad) => {
    const place = await written('wg-bad', { 'winogrande/dev.jsonl': lines(bad) });
    await expect(loadFrom(WinograndeDatasetV2, place)).rejects.toMatchObject(malformed);
  });
});

describe('PIQA', () => {
  const row = { id: 'x', goal: 'open a jar', sol1: 'Twist the lid', sol2: 'Sing' };
  const question = { id: 'y', goal: 'how to rest?', sol1: 'sleep', sol2: 'run' };

  it('joins goals and labels', async () => {
    const place = await written('piqa', {
      'physicaliqa-train-dev/dev.jsonl': lines(row, question),
      'physicaliqa-train-dev/dev-labels.lst': '0\n1\n',
      'physicaliqa-train-dev/train.jsonl': lines(question),
      'physicaliqa-train-dev/train-labels.lst': '-1',
    });
    const { id: _, ...bare } = row;
    const { train, test } = await loadFrom(PIQADatasetV2, place);
    expect(test).toEqual([
      { ...bare, answer: 'A' },
      { goal: 'how to rest?', sol1: 'sleep', sol2: 'run', answer: 'B' },
    ]);
    expect(train[0]!['answer']).toBe('NULL');
    expect((await loadFrom(PIQADataset, place)).test.map(({ label }) => label)).toEqual([0, 1]);
    expect((await loadFrom(PIQADatasetV3, place)).test).toEqual([
      { goal: 'Open a jar', sol1: 'twist the lid', sol2: 'sing', label: 0 },
      { goal: 'How to rest?', sol1: 'Sleep', sol2: 'Run', label: 1 },
    ]);
  });

  it.each([
    ['0\n1\n0\n', /3 labels, and dev.jsonl 2 rows/],
    ['0\nyes\n', /'yes' is no whole number/],
    ['0\n2\n', /2 is neither 0 nor 1/],
  ])('refuses the labels %j', async (labels, why) => {
    const place = await written('piqa-bad', { 'piqa/dev.jsonl': lines(row, question) });
    await written('piqa-bad', { 'piqa/dev-labels.lst': labels });
    await expect(loadFrom(PIQADatasetV2, place)).rejects.toThrow(why);
  });
});

describe('Social IQa', () => {
  const row = { context: 'Ann ran.', question: 'Why?', answerA: 'late', answerB: 'fun', answerC: 'fear' };

  it('names each answer in the ways that count for it', async () => {
    const files = { 'siqa/dev.jsonl': lines(row), 'siqa/dev-labels.lst': '3\n' };
    const { train, test } = await loadFrom(siqaDataset_V2, await written('siqa', files));
    expect(train).toEqual([]);
    expect(test).toEqual([
      {
        ...row,
        label: 'C',
        all_labels: {
          candidates: [
            ['A. late', 'A', 'late'],
            ['B. fun', 'B', 'fun'],
            ['C. fear', 'C', 'fear'],
          ],
          label: 2,
        },
      },
    ]);
  });

  it('refuses a label that is no answer', async () => {
    const place = await written('siqa-bad', { 'siqa/dev.jsonl': lines(row), 'siqa/dev-labels.lst': '0' });
    await expect(loadFrom(siqaDataset_V2, place)).rejects.toThrow(/0 is none of 1, 2, 3/);
  });
});

describe('RACE', () => {
  const question = { article: 'Once.', question: 'Who?', options: ['w', 'x', 'y', 'z'], answer: 'D' };
  const row = { article: 'Once.', question: 'Who?', A: 'w', B: 'x', C: 'y', D: 'z', answer: 'D' };
  const passage = {
    article: 'Once.',
    questions: ['Who?', 'When?'],
    options: [question.options, question.options],
    answers: ['D', 'A'],
  };
  const params = { name: 'high' };

  it('reads a question a row', async () => {
    const place = await written('race', {
      'race/test/high.jsonl': lines(question),
      'race/validation/high.jsonl': lines({ ...question, answer: 'A' }),
    });
    const { train, test } = await loadFrom(RaceDataset, place, { params });
    expect([train, test]).toEqual([[{ ...row, answer: 'A' }], [row]]);
  });

  it('reads a passage a file, in the order of their names; its questions share a source', async () => {
    const other = { ...passage, article: 'Twice.' };
    const place = await written('race-authors', {
      'RACE/test/high/high2.txt': JSON.stringify(other),
      'RACE/test/high/high1.txt': JSON.stringify(passage),
      'RACE/dev/high/high3.txt': JSON.stringify(passage),
    });
    const { train, test } = await loadFrom(RaceDataset, place, { params });
    expect(train).toHaveLength(2);
    expect(test[0]).toEqual(row);
    expect(test.map(({ article, answer }) => [article, answer])).toEqual([
      ['Once.', 'D'],
      ['Once.', 'A'],
      ['Twice.', 'D'],
      ['Twice.', 'A'],
    ]);
    const [first, second, third] = test.map((one) => RaceDataset.source!(one));
    expect(first).toBe(second);
    expect(first).not.toBe(third);
  });

  it.each([
    { ...passage, answers: ['D'] },
    { ...passage, options: [question.options, ['w']] },
    { ...passage, answers: ['D', 'E'] },
    { ...passage, questions: 'Who?' },
  ])('refuses %j', async (bad) => {
    const place = await written('race-bad', { 'race/test/high/high1.txt': JSON.stringify(bad) });
    await expect(loadFrom(RaceDataset, place, { params })).rejects.toMatchObject(malformed);
  });
});

describe('BoolQ', () => {
  const row = { question: 'is it so', passage: 'Title -- It is. -- Yes.', idx: 0, label: true };

  it('takes true and false as a word and as such, and examples of the train file', async () => {
    const val = lines(row, { ...row, label: 'false' });
    const place = await written('boolq', { 'SuperGLUE/BoolQ/val.jsonl': val });
    const alone = await loadFrom(BoolQDatasetV2, place);
    expect(alone.test.map(({ label }) => label)).toEqual(['A', 'B']);
    expect(alone.train).toBe(alone.test);
    await written('boolq', { 'SuperGLUE/BoolQ/train.jsonl': lines({ ...row, label: false }) });
    expect((await loadFrom(BoolQDatasetV2, place)).train.map(({ label }) => label)).toEqual(['B']);
    expect((await loadFrom(BoolQDatasetV3, place)).test[0]).toEqual({
      ...row,
      question: 'Is it so',
      passage: 'It is. -- Yes.',
      label: 'true',
    });
  });

  it.each([
    { ...row, label: 1 },
    { ...row, passage: null },
  ])('refuses %j', async (bad) => {
    const place = await written('boolq-bad', { 'SuperGLUE/BoolQ/val.jsonl': lines(bad) });
    await expect(loadFrom(BoolQDatasetV2, place)).rejects.toMatchObject(malformed);
  });
});
