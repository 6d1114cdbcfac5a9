import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { datasetFolders, lines, loadFrom } from '../../../test/support/dataset-files.ts';
import {
  AGIEvalDataset_v2,
  BBHDataset,
  CEvalDataset,
  CMMLUDataset,
  GPQADataset,
  GPQASimpleEvalDataset,
  MMLUDataset,
  MMLUProDataset,
} from './exams.ts';

const written = datasetFolders();

describe('MMLU', () => {
  const params = { name: 'anatomy' };

  it('has no header, and its fields may hold what they like', async () => {
    const field = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', ' ', 'é', '0'), minLength: 1 });
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    const row = fc.tuple(field, field, field, field, field, fc.constantFrom('A', 'B', 'C', 'D'));
    let n = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 4 }), async (rows) => {
        const text = rows.map((fields) => fields.map(quoted).join(',')).join('\n');
        const place = await written(`mmlu-${n++}`, { 'mmlu/test/anatomy_test.csv': text });
        const columns = ['input', 'A', 'B', 'C', 'D', 'target'];
        const test = rows.map((fields) => Object.fromEntries(columns.map((name, i) => [name, fields[i]])));
        expect(await loadFrom(MMLUDataset, place, { params })).toEqual({ train: [], test });
      }),
      { numRuns: 25 },
    );
  });

  it('asks the split that the config names, and shows dev', async () => {
    const place = await written('mmlu', {
      'mmlu/dev/anatomy_dev.csv': 'q1,1,2,3,4,A\n',
      'mmlu/val/anatomy_val.csv': 'q2,1,2,3,4,B\n',
    });
    const { train, test } = await loadFrom(MMLUDataset, place, { params, splits: { test: 'val' } });
    expect([train[0]!['input'], test[0]!['input'], test[0]!['target']]).toEqual(['q1', 'q2', 'B']);
    await expect(loadFrom(MMLUDataset, place, { params, splits: { test: 'exam' } })).rejects.toMatchObject({
      code: 'UTILS-CFG-002',
      where: 'reader_cfg.test_split',
      cure: 'use one of: dev, val, test',
    });
    await expect(loadFrom(MMLUDataset, place, { params })).rejects.toMatchObject({ code: 'DSET-FILE-001' });
    await expect(loadFrom(MMLUDataset, place)).rejects.toMatchObject({
      code: 'UTILS-CFG-002',
      where: 'name',
    });
  });

  it.each([
    ['five', 'q,1,2,3,A\n', /5 fields and not 6/],
    ['letter', 'q,1,2,3,4,A\nq,1,2,3,4,E\n', /"E" is none of A, B, C, D/],
  ])('refuses a malformed row: %s', async (name, text, why) => {
    const place = await written(name, { 'mmlu/test/anatomy_test.csv': text });
    await expect(loadFrom(MMLUDataset, place, { params })).rejects.toThrow(why);
  });
});

describe('MMLU-Pro', () => {
  const row = {
    question_id: 7,
    question: 'Which?',
    options: ['one', 'N/A', 'three'],
    answer: 'C',
    answer_index: 2,
    cot_content: "A: Let's think step by step. It is three. The answer is (C).",
    category: 'law',
  };
  const params = { category: 'law' };

  it('takes the rows of a category, drops N/A, and keeps the letters', async () => {
    const other = { ...row, category: 'math' };
    const place = await written('pro', {
      'mmlu_pro/test.jsonl': lines(other, row),
      'mmlu_pro/validation.jsonl': lines({ ...row, question: 'Shown?', cot_content: '' }, other),
    });
    const { train, test } = await loadFrom(MMLUProDataset, place, { params });
    expect(test).toEqual([
      {
        ...row,
        options_str: 'A. one\nC. three',
        answer_string: 'C. three\n',
        cot_content: 'It is three. The answer is (C).',
      },
    ]);
    expect(train.map(({ question }) => question)).toEqual(['Shown?']);
    await expect(loadFrom(MMLUProDataset, place, { params: { category: 'cooking' } })).rejects.toThrow(
      /category 'cooking'; there are law, math/,
    );
  });

  it.each([
    [{ ...row, answer: 'D' }, /"D" is none of A, B, C/],
    [{ ...row, options: 'one' }, /'options' is not a list/],
    [{ ...row, cot_content: null }, /'cot_content'/],
  ])('refuses %j', async (bad, why) => {
    const place = await written('pro-bad', { 'mmlu_pro/test.jsonl': lines(bad) });
    await expect(loadFrom(MMLUProDataset, place, { params })).rejects.toThrow(why);
  });

  it('says that Parquet is not read', async () => {
    await expect(loadFrom(MMLUProDataset, 'nowhere', { params })).rejects.toMatchObject({
      cure: expect.stringContaining('Parquet'),
    });
  });
});

describe('C-Eval and CMMLU', () => {
  it('asks val, shows dev with its explanations, and says that test has no answers', async () => {
    const place = await written('ceval', {
      'ceval/formal_ceval/dev/law_dev.csv': 'id,question,A,B,C,D,answer,explanation\n0,甲？,1,2,3,4,A,因为\n',
      'ceval/formal_ceval/val/law_val.csv': 'id,question,A,B,C,D,answer\n0,乙？,1,2,3,4,D\n',
      'ceval/formal_ceval/test/law_test.csv': 'id,question,A,B,C,D\n0,丙？,1,2,3,4\n',
    });
    const params = { name: 'law' };
    const { train, test, notes } = await loadFrom(CEvalDataset, place, { params });
    expect(train).toMatchObject([{ question: '甲？', answer: 'A', explanation: '因为' }]);
    expect(test).toEqual([
      { id: '0', question: '乙？', A: '1', B: '2', C: '3', D: '4', answer: 'D', explanation: '' },
    ]);
    expect(notes).toEqual([]);
    const hidden = await loadFrom(CEvalDataset, place, { params, splits: { test: 'test' } });
    expect(hidden.test[0]!['answer']).toBe('');
    expect(hidden.notes).toEqual([expect.stringContaining('no answers')]);
  });

  it('reads CMMLU by place', async () => {
    const head = ',Question,A,B,C,D,Answer\n';
    const place = await written('cmmlu', {
      'cmmlu/dev/arts.csv': `${head}0,甲？,1,2,3,4,A\n`,
      'cmmlu/test/arts.csv': `${head}0,"乙,？",1,2,3,4,C\n`,
    });
    const { train, test } = await loadFrom(CMMLUDataset, place, { params: { name: 'arts' } });
    expect(train).toHaveLength(1);
    expect(test).toEqual([{ question: '乙,？', A: '1', B: '2', C: '3', D: '4', answer: 'C' }]);
    await written('cmmlu', { 'cmmlu/test/arts.csv': `${head}0,q,1,2,3,C\n` });
    await expect(loadFrom(CMMLUDataset, place, { params: { name: 'arts' } })).rejects.toThrow(/6 fields/);
  });
});

describe('GPQA', () => {
  const params = { name: 'gpqa_diamond.csv' };
  const csv = (...questions: string[]) =>
    ['Question,Correct Answer,Incorrect Answer 1,Incorrect Answer 2,Incorrect Answer 3']
      .concat(questions.map((name) => `"${name}?",${name} right,${name} w1,${name} w2,${name} w3`))
      .map((fields) => `a,b,c,d,e,f,g,${fields},more\n`)
      .join('');

  it('moves the options on by the row’s number, the right answer with them', async () => {
    const place = await written('gpqa', { 'gpqa/gpqa_diamond.csv': csv('i', 'ii', 'iii', 'iv', 'v') });
    const { test } = await loadFrom(GPQADataset, place, { params });
    expect(test.map(({ answer }) => answer)).toEqual(['D', 'C', 'B', 'A', 'D']);
    expect(test[0]).toEqual({ question: 'i?', A: 'i w1', B: 'i w2', C: 'i w3', D: 'i right', answer: 'D' });
    for (const row of test) expect(row[row['answer'] as string]).toMatch(/ right$/);
  });

  it('asks every question four times as simple-evals does', async () => {
    const place = await written('gpqa-simple', { 'gpqa/gpqa_diamond.csv': csv('i', 'ii') });
    const { test } = await loadFrom(GPQASimpleEvalDataset, place, { params });
    const asked = test.map(({ question }) => question);
    expect(asked).toEqual(['i?', 'ii?', 'i?', 'ii?', 'i?', 'ii?', 'i?', 'ii?']);
    // rng = random.Random(0); [rng.sample(range(4), 4) for _ in range(3)]
    expect(test.slice(0, 3).map(({ permutation }) => permutation)).toEqual([
      [3, 1, 0, 2],
      [3, 1, 2, 0],
      [2, 3, 0, 1],
    ]);
    for (const row of test) expect(row[row['answer'] as string]).toMatch(/ right$/);
    expect(GPQASimpleEvalDataset.source!(test[0]!)).toBe(GPQASimpleEvalDataset.source!(test[2]!));
    expect(GPQASimpleEvalDataset.source!(test[0]!)).not.toBe(GPQASimpleEvalDataset.source!(test[1]!));
  });

  it('refuses a row that ends early', async () => {
    const place = await written('gpqa-bad', { 'gpqa/gpqa_diamond.csv': 'a,b,c,d,e,f,g,Question,x,y,z\n' });
    await expect(loadFrom(GPQADataset, place, { params })).rejects.toThrow(/11 fields, fewer than 12/);
  });
});

describe('BIG-Bench Hard', () => {
  const params = { name: 'navigate' };
  const file = JSON.stringify({ canary: 'x', examples: [{ input: 'Left?', target: 'No' }] });

  it('shows the authors’ worked examples without their canary', async () => {
    const place = await written('bbh', {
      'bbh/navigate.json': file,
      'cot-prompts/navigate.txt': 'BENCHMARK DATA … canary GUID 1\n-----\nDo it.\n\nQ: a\nA: b\n',
    });
    const { test, notes } = await loadFrom(BBHDataset, place, { params });
    expect(test).toEqual([{ input: 'Left?', target: 'No', examples: 'Do it.\n\nQ: a\nA: b' }]);
    expect(notes).toEqual([]);
  });

  it('is found in AISBench’s layout, and says where examples are missing', async () => {
    const place = await written('bbh-aisbench', {
      'BBH/data/navigate.json': file,
      'BBH/lib_prompt/navigate.txt': 'Do it.',
    });
    expect((await loadFrom(BBHDataset, place, { params })).test[0]!['examples']).toBe('Do it.');
    const bare = await loadFrom(BBHDataset, await written('bbh-bare', { 'bbh/navigate.json': file }), {
      params,
    });
    expect(bare.test[0]!['examples']).toBe('');
    expect(bare.notes).toEqual([expect.stringContaining('without its three worked examples')]);
  });

  it.each(['[]', '{"examples": []}', '{"examples": [1]}', '{"examples": [{"input": "x"}]}'])(
    'refuses %s',
    async (content) => {
      const place = await written('bbh-bad', { 'bbh/navigate.json': content });
      await expect(loadFrom(BBHDataset, place, { params })).rejects.toMatchObject({ code: 'DSET-DATA-002' });
    },
  );
});

describe('AGIEval', () => {
  const row = { passage: null, question: 'Q?', options: ['(A)1', '(B)2'], label: 'B', answer: null };
  const params = { name: 'sat-en', setting_name: 'zero-shot' };

  it('joins passage and question, options, and letters', async () => {
    const place = await written('agieval', {
      'agieval/sat-en.jsonl': lines(
        row,
        { ...row, passage: 'Once.', label: ['A', 'B'] },
        { ...row, passage: '', options: null, label: null, answer: '3' },
      ),
    });
    const { test } = await loadFrom(AGIEvalDataset_v2, place, { params });
    expect(test).toEqual([
      { passage: '', question: 'Q?', options: '(A)1\n(B)2', label: 'B' },
      { passage: 'Once.', question: 'Once.Q?', options: '(A)1\n(B)2', label: 'AB' },
      { passage: '', question: 'Q?', options: '', label: '3' },
    ]);
    const sources = test.map((one) => AGIEvalDataset_v2.source!(one));
    expect(sources).toEqual([undefined, expect.stringMatching(/^[0-9a-f]{12}$/), undefined]);
    await expect(
      loadFrom(AGIEvalDataset_v2, place, { params: { ...params, setting_name: 'few-shot' } }),
    ).rejects.toMatchObject({ code: 'UTILS-CFG-002', where: 'setting_name' });
  });

  it.each([
    [{ ...row, label: null }, /neither a label nor an answer/],
    [{ ...row, question: 1 }, /'question'/],
    [{ ...row, options: 'A' }, /no list/],
  ])('refuses %j', async (bad, why) => {
    const place = await written('agieval-bad', { 'agieval/sat-en.jsonl': lines(bad) });
    await expect(loadFrom(AGIEvalDataset_v2, place, { params })).rejects.toThrow(why);
  });
});
