import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunRecord, Transcript } from '../contract/record.ts';
import { encodeRecord, encodeTranscript } from '../contract/record-codec.ts';
import { readRecords, readTranscripts } from './read-back.ts';

let path: string;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'read-back-'));
  path = join(folder, 'records.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const record = (index: number): RunRecord => ({
  outcome: 'failed',
  call: { id: `c${index}`, model: 'm', dataset: 'd', index, repetition: 0 },
  attempt: 1,
  earlier: [],
  streamed: true,
  times: { scheduled: 0, sent: 1 },
  failure: { kind: 'connect', message: 'refused' },
});

const transcript = (content: string): Transcript => ({
  call: { id: 'a', model: 'm', dataset: 'd', index: 0, repetition: 0 },
  success: true,
  prompt: 'p',
  content,
  reasoningContent: '',
  toolCalls: [],
});

async function read(text: string | undefined): Promise<{ indices: number[]; halfLines: string[] }> {
  if (text !== undefined) writeFileSync(path, text);
  const indices: number[] = [];
  const halfLines: string[] = [];
  for await (const { call } of readRecords(path, (where) => halfLines.push(where))) indices.push(call.index);
  return { indices, halfLines };
}

const line = (index: number) => `${encodeRecord(record(index))}\n`;

describe('records', () => {
  it('come in the order in which they were appended', async () => {
    expect(await read(line(2) + line(0) + line(1))).toEqual({ indices: [2, 0, 1], halfLines: [] });
  });

  it.each([
    ['a missing file', undefined],
    ['an empty file', ''],
    ['blank lines', '\n\r\n\n'],
  ])('%s has none', async (_name, text) => {
    expect(await read(text)).toEqual({ indices: [], halfLines: [] });
  });

  it('of several files tell which of them each is from', async () => {
    const files = [1, 2].map((worker) => path.replace('.jsonl', `.w${worker}.jsonl`));
    writeFileSync(files[0]!, line(0) + line(3));
    writeFileSync(files[1]!, line(1) + line(2));
    const from: string[] = [];
    const indices: number[] = [];
    for await (const { call } of readRecords(files, undefined, (file) => from.push(file)))
      indices.push(call.index);
    expect(from.map((file) => files.indexOf(file))).toEqual(
      indices.map((index) => (index % 3 === 0 ? 0 : 1)),
    );
    expect([...indices].sort()).toEqual([0, 1, 2, 3]);
  });

  it('of several files come in the order in which they ended', async () => {
    const ended = (index: number, done?: number) =>
      `${encodeRecord({ ...record(index), times: { scheduled: 0, sent: 1, ...(done === undefined ? {} : { done }) } } as RunRecord)}\n`;
    const files = [
      ended(4, 10) + ended(1) + ended(5, 30),
      undefined,
      ended(3, 5) + ended(7, 20) + ended(2, 40),
    ];
    const paths = files.map((content, n) => {
      const own = join(folder, `records.w${n}.jsonl`);
      if (content !== undefined) writeFileSync(own, content);
      return own;
    });
    const indices: number[] = [];
    for await (const { call } of readRecords(paths)) indices.push(call.index);
    expect(indices).toEqual([3, 4, 1, 7, 5, 2]);
    for await (const _ of readRecords([])) expect.unreachable();
  });

  it('may have been edited on Windows', async () => {
    expect((await read((line(0) + line(1)).replaceAll('\n', '\r\n'))).indices).toEqual([0, 1]);
  });

  it('are read over the borders of read blocks', async () => {
    const count = 2000;
    const text = Array.from({ length: count }, (_, n) => line(n)).join('');
    expect(text.length).toBeGreaterThan(3 * 64 * 1024);
    expect((await read(text)).indices).toEqual(Array.from({ length: count }, (_, n) => n));
  });
});

describe('a last half line', () => {
  it.each([0, 1, 20, line(1).length - 1])('of %d characters is no data, and is told', async (length) => {
    const half = line(1).slice(0, length);
    const halfLines = length === 0 ? [] : [`${path}:2`];
    expect(await read(line(0) + half)).toEqual({ indices: [0], halfLines });
  });

  it('longer than a read block is told once', async () => {
    expect((await read(line(0) + 'x'.repeat(200_000))).halfLines).toEqual([`${path}:2`]);
  });
});

it('names the line that is no record', async () => {
  await expect(read(`${line(0)}\n{"v":1,"outco\n${line(1)}`)).rejects.toMatchObject({
    code: 'RUN-DATA-001',
    where: `${path}:3`,
  });
});

describe('transcripts', () => {
  it('keep every letter, line separators of Unicode included', async () => {
    const contents = ['one\nline', 'a\u2028b\u2029c', '\r', '漢😀'.repeat(30_000), '\ud800'];
    writeFileSync(path, contents.map((content) => `${encodeTranscript(transcript(content))}\n`).join(''));
    const found: string[] = [];
    for await (const { content } of readTranscripts(path)) found.push(content);
    expect(found).toEqual(contents);
  });

  it('tell a half line too', async () => {
    writeFileSync(path, `${encodeTranscript(transcript('a'))}\n{"half`);
    const halfLines: string[] = [];
    let count = 0;
    for await (const _ of readTranscripts(path, (where) => halfLines.push(where))) count += 1;
    expect([count, halfLines]).toEqual([1, [`${path}:2`]]);
  });
});
