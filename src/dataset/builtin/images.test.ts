/** MMMU, MMMU-Pro, MMStar, MathVision, DocVQA, InfographicVQA, TextVQA and RealWorldQA on files of our own, with pictures of our own. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { FOLDER, nameOf } from '../../../scripts/draw-shapes.ts';
import { emptyFolder } from '../../../test/e2e/support.ts';
import type { DatasetType, LoadOptions, Row } from '../../contract/dataset.ts';
import type { PromptList } from '../../contract/prompt-list.ts';
import { segmentsOf } from '../../prompt/media.ts';
import { inlineMedia } from '../../sending/media.ts';
import {
  MathVisionDataset,
  MMMUDataset,
  MMMUProOptions10Dataset,
  MMMUProVisionDataset,
} from './image-exams.ts';
import {
  DocVQADataset,
  InfoVQADataset,
  MMStarDataset,
  RealworldQADataset,
  TEXTVQADataset,
} from './image-questions.ts';

const PNG = [0, 1, 2].map((n) => readFileSync(join(FOLDER, nameOf(n))));
const BASE64 = PNG.map((bytes) => bytes.toString('base64'));
const dataUrl = (n: number) => `data:image/png;base64,${BASE64[n]}`;

const malformed = { code: 'DSET-DATA-002' };
const missing = { code: 'DSET-FILE-001' };
const badConfig = { code: 'UTILS-CFG-002' };

type Files = Readonly<Record<string, string | Uint8Array>>;

function written(files: Files): string {
  const root = emptyFolder();
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

const loadFrom = (type: DatasetType, root: string, params: LoadOptions['params'] = {}, path = '') =>
  type.load({ path, roots: [root], params });
const load = (type: DatasetType, files: Files, params: LoadOptions['params'] = {}, path = '') =>
  loadFrom(type, written(files), params, path);

/** As pandas writes it. */
function tsv(...rows: readonly Readonly<Record<string, string>>[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const quoted = (cell: string) => (/[\t"\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  const lines = rows.map((row) => columns.map((column) => quoted(row[column] ?? '')).join('\t'));
  return `${[columns.join('\t'), ...lines].join('\n')}\n`;
}

/** What a row asks: words as they are, and each image as the number of the picture that goes over the wire. */
async function asked({ content }: Row, folder: string | undefined): Promise<(string | number)[]> {
  const segments = segmentsOf(String(content));
  const parts = segments.map(({ kind, value }) =>
    kind === 'text' ? { type: 'text', text: value } : { type: 'image_url', image_url: { url: value } },
  );
  const sent = (await inlineMedia([{ role: 'user', content: parts }], 'frames', [folder!])) as PromptList;
  return (sent[0]!.content as readonly any[]).map((part) =>
    part.type === 'text' ? part.text : [0, 1, 2].findIndex((n) => part.image_url.url === dataUrl(n)),
  );
}

describe('MMStar', () => {
  const rows: readonly Readonly<Record<string, string>>[] = [
    {
      index: '0',
      question: 'Which "one"\nis red?',
      image: BASE64[0]!,
      A: 'left',
      B: 'None',
      answer: 'B',
      category: 'logic',
    },
    {
      index: '1',
      question: 'And here?',
      image: '0',
      A: '1',
      B: '2',
      C: '3',
      D: '4',
      answer: 'D',
      category: 'math',
    },
    { index: '2', question: 'Unseen', image: '', A: 'x', B: 'y', answer: 'A', category: 'math' },
  ];

  it('asks what has an image, which may be that of another row', async () => {
    const { test, folder, notes } = await load(MMStarDataset, { 'mmstar/MMStar.tsv': tsv(...rows) });
    expect(notes).toEqual([expect.stringMatching(/^1 row of .*MMStar\.tsv without an image is not asked/)]);
    expect(await Promise.all(test.map((row) => asked(row, folder)))).toEqual([
      [0, 'Which "one"\nis red?\n\nA. left\nB. None'],
      [0, 'And here?\n\nA. 1\nB. 2\nC. 3\nD. 4'],
    ]);
    expect(test.map(({ answer }) => answer)).toEqual([
      { answer: 'B', choices: { A: 'left', B: 'None' }, groups: ['logic'] },
      { answer: 'D', choices: { A: '1', B: '2', C: '3', D: '4' }, groups: ['math'] },
    ]);
    expect(JSON.stringify(test)).not.toContain(BASE64[0]!.slice(0, 80));
  });

  it.each([
    [{ image: '7' }, /index '7'/],
    [{ image: `${BASE64[0]}?` }, /no base64/],
    [{ image: `['${BASE64[0]}', x]` }, /no list of base64/],
    [{ answer: 'E' }, /none of A, B/],
    [{ question: '' }, /no question/],
  ])('refuses a row with %j, and names its line', async (spoilt, why) => {
    const file = tsv(rows[0]!, { ...rows[1]!, A: 'x', B: 'y', C: '', D: '', ...spoilt });
    await expect(load(MMStarDataset, { 'mmstar/MMStar.tsv': file })).rejects.toMatchObject({
      ...malformed,
      message: expect.stringMatching(why),
      where: expect.stringMatching(/MMStar\.tsv:4$/),
    });
  });

  it('refuses a file without the columns, and tells where one is to be had', async () => {
    await expect(load(MMStarDataset, { 'mmstar/MMStar.tsv': 'a\tb\n1\t2\n' })).rejects.toMatchObject(
      malformed,
    );
    await expect(load(MMStarDataset, {})).rejects.toMatchObject(missing);
  });
});

describe('MMMU', () => {
  const images = (bytes: readonly (Uint8Array | null)[]) =>
    bytes.map((one) => (one === null ? null : { bytes: one, path: 'a.png' }));

  function parquet(
    rows: readonly Readonly<Record<string, string | null>>[],
    pictures: readonly (readonly number[])[],
  ) {
    const column = (name: string) => rows.map((row) => row[name] ?? null);
    const imageColumns = [1, 2, 3].map((n) => ({
      name: `image_${n}`,
      data: images(pictures.map((own) => (own[n - 1] === undefined ? null : PNG[own[n - 1]!]!))),
    }));
    const schema = [
      { name: 'root', num_children: 8 },
      ...['id', 'question', 'options', 'answer', 'question_type'].map((name) => ({
        name,
        type: 'BYTE_ARRAY',
        converted_type: 'UTF8',
        repetition_type: 'OPTIONAL',
      })),
      ...imageColumns.flatMap(({ name }) => [
        { name, repetition_type: 'OPTIONAL', num_children: 2 },
        { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
        { name: 'path', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
      ]),
    ];
    const texts = ['id', 'question', 'options', 'answer', 'question_type'].map((name) => ({
      name,
      data: column(name),
    }));
    return new Uint8Array(
      parquetWriteBuffer({ columnData: [...texts, ...imageColumns], schema, rowGroupSize: 2 } as any),
    );
  }

  const art = parquet(
    [
      {
        id: 'v_1',
        question: 'Is <image 1> older than <image_2>?',
        options: `['yes', "no, <image 1> isn't"]`,
        answer: 'A',
        question_type: 'multiple-choice',
      },
      {
        id: 'v_2',
        question: 'How many <image 1> <image 3>',
        options: '[]',
        answer: '6',
        question_type: 'open',
      },
      {
        id: 'v_3',
        question: 'Nothing is named.',
        options: "['1', '2']",
        answer: 'B',
        question_type: 'multiple-choice',
      },
    ],
    [[0, 1], [2], [1, 2]],
  );
  const math = parquet(
    [{ id: 'v_4', question: '<image 1>?', options: "['a','b']", answer: 'B', question_type: null }],
    [[0]],
  );
  const prompts = {
    mult_choice_prompt: '{question}\n{choices}\n{{{letters}}}',
    open_prompt: '{question} Say it.',
  };
  const files = {
    'mmmu/Art/validation-00000-of-00001.parquet': art,
    'mmmu/Art/dev-00000-of-00001.parquet': math,
    'mmmu/Math/validation-00000-of-00001.parquet': math,
  };

  it('has the images where the words name them, and all of them first where they do not', async () => {
    const { test, folder } = await load(MMMUDataset, files, { ...prompts, subset_list: ['Art', 'Math'] });
    expect(await Promise.all(test.map((row) => asked(row, folder)))).toEqual([
      ['Is ', 0, ' older than ', 1, '?\nA) yes\nB) no, ', 0, " isn't\n{A,B}"],
      ['How many ', 2, ' Say it.'],
      [1, 2, 'Nothing is named.\nA) 1\nB) 2\n{A,B}'],
      [0, '?\nA) a\nB) b\n{A,B}'],
    ]);
    expect(test.map(({ answer }) => answer)).toEqual([
      { answer: 'A', choices: { A: 'yes', B: "no, <image 1> isn't" }, groups: ['Art', 'Art & Design'] },
      { answer: '6', groups: ['Art', 'Art & Design'] },
      { answer: 'B', choices: { A: '1', B: '2' }, groups: ['Art', 'Art & Design'] },
      { answer: 'B', choices: { A: 'a', B: 'b' }, groups: ['Math', 'Science'] },
    ]);
  });

  it('reads the split that is named, and misses a subject whose file is not there', async () => {
    const { test } = await load(MMMUDataset, files, { split: 'dev', subset_list: ['Art'] });
    expect(test.map(({ id }) => id)).toEqual(['v_4']);
    await expect(load(MMMUDataset, files)).rejects.toMatchObject({
      ...missing,
      message: expect.stringContaining('Accounting/validation-00000-of-00001.parquet'),
    });
  });

  it('reads the TSV of VLMEvalKit: lists of images, a split', async () => {
    const file = tsv(
      {
        index: '1',
        split: 'dev',
        category: 'Art',
        question: 'Shown?',
        image: BASE64[0]!,
        A: 'x',
        B: 'y',
        answer: 'A',
      },
      {
        ...{ index: '2', split: 'validation', category: 'Clinical_Medicine', 'l2-category': 'Medicine' },
        ...{
          question: '<image 2> or <image 1>?',
          image: `['${BASE64[0]}', '${BASE64[1]}']`,
          A: 'x',
          B: 'y',
          answer: 'B',
        },
      },
      {
        index: '3',
        split: 'validation',
        category: 'Other',
        question: 'How many?',
        image: BASE64[2]!,
        answer: '4',
      },
    );
    const { test, folder } = await load(MMMUDataset, { 'mmmu/MMMU_DEV_VAL.tsv': file }, prompts);
    expect(await Promise.all(test.map((row) => asked(row, folder)))).toEqual([
      [1, ' or ', 0, '?\nA) x\nB) y\n{A,B}'],
      [2, 'How many? Say it.'],
    ]);
    expect(test.map(({ answer }) => (answer as { groups: string[] }).groups)).toEqual([
      ['Clinical_Medicine', 'Health & Medicine'],
      ['Other'],
    ]);
  });

  it.each([{ split: 3 }, { subset_list: ['Alchemy'] }, { subset_list: 'Art' }, { open_prompt: 'Answer.' }])(
    'refuses %j',
    async (params) => {
      await expect(load(MMMUDataset, files, params)).rejects.toMatchObject(badConfig);
    },
  );
});

describe('MMMU-Pro', () => {
  const row = {
    index: '0',
    question: 'Where is <image 1>?',
    image: BASE64[1]!,
    A: 'here',
    J: 'there',
    answer: 'J',
    category: 'Art',
  };

  it('asks with options, or shows the question itself', async () => {
    const file = tsv(row);
    const options = await load(MMMUProOptions10Dataset, { 'mmmu_pro/MMMU_Pro_10c.tsv': file });
    expect(await asked(options.test[0]!, options.folder)).toEqual([
      'Where is ',
      1,
      expect.stringMatching(/^\?\n\nA\. here\nJ\. there\n\nReply with the letter/),
    ]);
    const vision = await load(MMMUProVisionDataset, { 'mmmu_pro/MMMU_Pro_V.tsv': file }, { is_cot: true });
    expect(await asked(vision.test[0]!, vision.folder)).toEqual([1, expect.stringMatching(/step by step/)]);
    expect(vision.test[0]!['answer']).toEqual({
      answer: 'J',
      choices: { A: 'here', J: 'there' },
      groups: ['Art'],
    });
    await expect(load(MMMUProVisionDataset, {}, { is_cot: 1 })).rejects.toMatchObject(badConfig);
  });
});

describe('DocVQA and InfographicVQA', () => {
  const rows = [
    { index: '5', question: 'What is the sum?', image: BASE64[0]!, answer: `['$ 1,000', "a thousand"]` },
    { index: '6', question: 'Who signs?', image: '5', answer: 'Ann' },
    { index: '7', question: 'When?', image: BASE64[1]!, answer: "['1871']" },
  ];

  it.each([
    [DocVQADataset, 'DocVQA/DocVQA_VAL.tsv'],
    [InfoVQADataset, 'InfoVQA/InfoVQA_VAL.tsv'],
  ])('$name has all right answers, and knows which questions share a page', async (type, path) => {
    const { test, folder } = await load(type, { [path]: tsv(...rows) });
    expect(test.map(({ answer }) => answer)).toEqual([['$ 1,000', 'a thousand'], ['Ann'], ['1871']]);
    expect(await asked(test[1]!, folder)).toEqual([0, expect.stringMatching(/^Who signs\?\n/)]);
    const [first, second, third] = test.map((row) => type.source!(row));
    expect(first).toBe(second);
    expect(third).not.toBe(first);
  });

  it('refuses the rows of a test split', async () => {
    const file = tsv({ index: '1', question: 'Who?', image: BASE64[0]!, answer: '' });
    await expect(load(DocVQADataset, { 'DocVQA/DocVQA_VAL.tsv': file })).rejects.toMatchObject(malformed);
  });
});

describe('TextVQA', () => {
  const answers = Array.from({ length: 10 }, (_, n) => ({
    answer: n < 7 ? 'dakota' : 'kodak',
    answer_id: n + 1,
  }));
  const files = {
    'textvqa/textvqa_json/textvqa_val.jsonl': [1, 2]
      .map((id) =>
        JSON.stringify({
          image: 'data/textvqa/train_images/a.png',
          question: 'What is said?',
          question_id: id,
        }),
      )
      .join('\n'),
    'textvqa/textvqa_json/textvqa_val_annotations.json': JSON.stringify({
      annotations: [1, 2].map((question_id) => ({ question_id, answers })),
    }),
    'textvqa/train_images/a.png': PNG[2]!,
  };

  it.each(['image_path', 'image_base64'])(
    'finds images by the tail of their paths: %s',
    async (imageType) => {
      const root = written(files);
      const { test, folder } = await loadFrom(TEXTVQADataset, root, { image_type: imageType });
      expect(folder).toBe(join(root, 'textvqa'));
      expect(test).toHaveLength(2);
      const url = pathToFileURL(join(root, 'textvqa/train_images/a.png')).href;
      expect(segmentsOf(String(test[0]!['content']))).toEqual([
        { kind: 'image', value: url },
        { kind: 'text', value: 'What is said?' },
      ]);
      expect(test[0]).toMatchObject({
        answer: answers,
        mm_type: imageType === 'image_path' ? 'path' : 'base64',
      });
      expect(TEXTVQADataset.source!(test[0]!)).toBe(TEXTVQADataset.source!(test[1]!));
    },
  );

  it('misses an image, a question without answers, and knows its keys', async () => {
    const { 'textvqa/train_images/a.png': _, ...without } = files;
    await expect(load(TEXTVQADataset, without)).rejects.toMatchObject({
      ...missing,
      where: expect.stringMatching(/textvqa_val\.jsonl:1$/),
    });
    const none = { ...files, 'textvqa/textvqa_json/textvqa_val_annotations.json': '{"annotations": []}' };
    await expect(load(TEXTVQADataset, none)).rejects.toMatchObject(malformed);
    await expect(load(TEXTVQADataset, files, { image_type: 'jpeg' })).rejects.toMatchObject(badConfig);
  });
});

describe('MathVision', () => {
  const prompts = {
    open_prompt_template: '{question} {{}}',
    single_answer_cot_template: '{question} {choices}',
  };
  const parquet = new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: 'id', data: ['1', '2', '3'], type: 'STRING' },
        { name: 'question', data: ['How many?', 'Which?', 'Which word?'], type: 'STRING' },
        { name: 'options', data: ['[]', "['A', 'B']", "['red', 'blue']"], type: 'STRING' },
        { name: 'image', data: ['images/1.jpg', 'images/2.jpg', 'images/3.jpg'], type: 'STRING' },
        { name: 'decoded_image', data: PNG, type: 'BYTE_ARRAY' },
        { name: 'answer', data: ['\\frac12', 'B', 'blue'], type: 'STRING' },
        { name: 'level', data: [2, 3, 3], type: 'INT32' },
        { name: 'subject', data: ['algebra', 'algebra', 'logic'], type: 'STRING' },
      ],
    }),
  );

  it('asks the problem before its picture, with options or without', async () => {
    const files = { 'mathvision/data/test-00000-of-00001.parquet': parquet };
    const { test, folder } = await load(MathVisionDataset, files, prompts);
    expect(await Promise.all(test.map((row) => asked(row, folder)))).toEqual([
      ['How many? {}', 0],
      ['Which? A) A\nB) B', 1],
      ['Which word? A) red\nB) blue', 2],
    ]);
    expect(test.map(({ answer }) => answer)).toEqual([
      { answer: '\\frac12', groups: ['level 2', 'algebra'] },
      { answer: 'B', choices: { A: 'A', B: 'B' }, groups: ['level 3', 'algebra'] },
      { answer: 'B', choices: { A: 'red', B: 'blue' }, groups: ['level 3', 'logic'] },
    ]);
    const hard = await load(MathVisionDataset, files, { ...prompts, subset_list: ['Level 3'] });
    expect(hard.test.map(({ id }) => id)).toEqual(['2', '3']);
  });

  it('reads JSON lines whose pictures are files of the folder, and no other', async () => {
    const row = { id: '1', question: 'How many?', image: 'images/1.png', answer: '3', level: 1 };
    const files = { 'mathvision/images/1.png': PNG[1]!, 'secret.png': PNG[2]! };
    const lines = (image: string) => ({
      ...files,
      'mathvision/test.jsonl': JSON.stringify({ ...row, image }),
    });
    const { test, folder } = await load(MathVisionDataset, lines('images/1.png'), prompts);
    expect(segmentsOf(String(test[0]!['content']))[1]).toEqual({
      kind: 'image',
      value: pathToFileURL(join(folder!, 'images/1.png')).href,
    });
    expect(test[0]).toMatchObject({ mm_type: 'base64' });
    await expect(load(MathVisionDataset, lines('../secret.png'))).rejects.toMatchObject(missing);
    await expect(load(MathVisionDataset, lines('no.png'))).rejects.toMatchObject(malformed);
    await expect(load(MathVisionDataset, {})).rejects.toMatchObject(missing);
    await expect(load(MathVisionDataset, files, { subset_list: ['level 9'] })).rejects.toMatchObject(
      badConfig,
    );
  });
});

describe('RealWorldQA', () => {
  it('reads all files of the folder, the question before the image', async () => {
    const parquet = (n: number) =>
      new Uint8Array(
        parquetWriteBuffer({
          columnData: [
            { name: 'image', data: [PNG[n]!], type: 'BYTE_ARRAY' },
            { name: 'question', data: [`Is it ${n}?`], type: 'STRING' },
            { name: 'answer', data: ['Yes'], type: 'STRING' },
          ],
        }),
      );
    const { test, folder } = await load(RealworldQADataset, {
      'RealworldQA/data/test-00000-of-00002.parquet': parquet(0),
      'RealworldQA/data/test-00001-of-00002.parquet': parquet(1),
    });
    expect(await Promise.all(test.map((row) => asked(row, folder)))).toEqual([
      [expect.stringMatching(/\n\nIs it 0\?$/), 0],
      [expect.stringMatching(/\n\nIs it 1\?$/), 1],
    ]);
    expect(test.map(({ answer }) => answer)).toEqual(['Yes', 'Yes']);
  });
});
