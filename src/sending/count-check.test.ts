import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { said } from '../../test/support/said.ts';
import { sampleAnswer } from '../../test/support/sample-record.ts';
import type { OkRecord, Transcript } from '../contract/record.ts';
import { encodeTranscript } from '../contract/record-codec.ts';
import { CountCheck } from './count-tokens.ts';

const folder = mkdtempSync(join(tmpdir(), 'ais-bench-check-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Words stand for tokens. */
const words = (text: string) => text.split(' ').filter(Boolean).length;
const call = (n: number) => ({ id: `c${n}`, model: 'm', dataset: 'd', index: n, repetition: 0 });
const text = (length: number) => Array.from({ length }, () => 'w').join(' ');

interface Asked {
  readonly input: number;
  readonly output: number;
}

/** Findings on `answers` answers of 100 words to prompts of 50, which the service counts as told. */
async function findingsOn({ input, output }: Asked, answers = 10, more: Partial<Transcript> = {}) {
  const path = join(folder, 'p.jsonl');
  const numbers = Array.from({ length: answers }, (_, n) => n);
  const transcript = (n: number): Transcript => ({
    call: call(n),
    success: true,
    prompt: text(50),
    content: text(60),
    reasoningContent: text(40),
    toolCalls: [],
    ...more,
  });
  writeFileSync(path, numbers.map((n) => `${encodeTranscript(transcript(n))}\n`).join(''));
  const check = await CountCheck.of(path, words);
  for (const n of numbers) check.add({ ...sampleAnswer({ input, output }), call: call(n) } as OkRecord);
  return said(check.findings());
}

describe('counts of the service', () => {
  it.each([
    [{ input: 50, output: 100 }],
    // The end of the answer and the marks around its reasoning; a chat template.
    [{ input: 80, output: 103 }],
    [{ input: 50, output: 98 }],
  ])('%j agree with the texts', async (counts) => {
    expect(await findingsOn(counts)).toEqual([]);
  });

  it.each([4, 482])('that say %i tokens for an answer of 100 are told', async (output) => {
    expect(await findingsOn({ input: 50, output })).toEqual([
      `OUTPUT-COUNT-DIFFERS: the service counts ${10 * output} output tokens where the tokenizer at path counts 1000 (10 answers checked): TPOT and token throughputs follow the service's count`,
    ]);
  });

  it('that leave out a part of the prompt are told', async () => {
    expect(await findingsOn({ input: 20, output: 100 })).toEqual([
      expect.stringContaining(
        'INPUT-COUNT-DIFFERS: the service counts 200 input tokens where the prompts alone have 500',
      ),
    ]);
  });

  it('are checked on 200 answers at most, and not on tool calls', async () => {
    expect(await findingsOn({ input: 50, output: 4 }, 300)).toEqual([
      expect.stringContaining('(200 answers'),
    ]);
    expect(await findingsOn({ input: 50, output: 4 }, 10, { toolCalls: [{}] })).toEqual([]);
    const long = { prompt: text(500_000) };
    expect(await findingsOn({ input: 500_000, output: 4 }, 10, long)).toEqual([
      expect.stringContaining('(2 answers'),
    ]);
  });
});
