/** The Python side has tests of its own, in Python. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { OkRecord, Transcript } from '../src/contract/record.ts';
import { encodeRecord, encodeTranscript } from '../src/contract/record-codec.ts';
import { requestMetrics } from '../src/metrics/request.ts';
import { type SampleAnswer, sampleAnswer } from './support/sample-record.ts';

const PYTHON = fileURLToPath(new URL('../python', import.meta.url));

it('python/tests pass', async () => {
  const child = spawn('python3', ['-B', '-m', 'unittest', 'discover', '-s', 'tests', '-t', '.'], {
    cwd: PYTHON,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  expect(said).toMatch(/^Ran [1-9]\d* tests/m);
  expect({ code, said }).toMatchObject({ code: 0 });
});

/** Replies of every shape: streamed or not, with and without payload, counts and known tokens. */
const ANSWERS = [
  {
    sent: 95.9,
    events: [
      ['role', 139.73],
      ['content', 139.73, 2],
      ['content', 149.738, 1],
      ['usage', 160],
    ],
    input: 6,
    output: 5,
  },
  {
    sent: 1,
    events: [
      ['reasoning', 5.5, 0, true],
      ['tool-call', 9.25],
    ],
    output: 9,
  },
  {
    sent: 1,
    events: [
      ['content', 5],
      ['content', 5],
    ],
    output: 9,
  },
  {
    sent: 1,
    events: [
      ['content', 5],
      ['content', 7],
    ],
  },
  { sent: 1, events: [['content', 5]], output: 3 },
  {
    sent: 1,
    events: [
      ['role', 5],
      ['other', 6],
    ],
    output: 3,
  },
  { sent: 1, done: 31.25, input: 4, output: 3 },
] as const satisfies readonly SampleAnswer[];

it('ais_bench.results reads what a run writes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ais-bench-results-'));
  try {
    const records = ANSWERS.map((answer, index): OkRecord => {
      const record = sampleAnswer(answer);
      return { ...record, call: { ...record.call, id: `c${index}`, index } };
    });
    const transcripts = records.map(
      ({ call }, n): Transcript => ({
        call,
        success: true,
        prompt: `What?\u2028${n}`,
        content: `é ${n}`,
        reasoningContent: 'Hm',
        toolCalls: [],
        gold: String(n),
      }),
    );
    mkdirSync(join(folder, 'performances/m'), { recursive: true });
    mkdirSync(join(folder, 'predictions/m'), { recursive: true });
    const linesOf = <T>(items: readonly T[], encode: (item: T) => string) =>
      items.map((item) => `${encode(item)}\n`).join('');
    writeFileSync(join(folder, 'performances/m/d_records.jsonl'), linesOf(records, encodeRecord));
    writeFileSync(join(folder, 'predictions/m/d.jsonl'), linesOf(transcripts, encodeTranscript));
    const code =
      'import json, sys; from ais_bench import results; run = results.open_run(sys.argv[1]); print(json.dumps([run.records(events=True), run.samples()]))';
    const said = execFileSync('python3', ['-B', '-c', code, folder], { cwd: PYTHON, encoding: 'utf8' });
    const [rows, samples] = JSON.parse(said) as [Record<string, any>[], Record<string, any>[]];
    expect(
      rows.map(({ id, ttft_ms, tpot_ms, e2el_ms, output_tokens }) => [
        id,
        ...[ttft_ms, tpot_ms, e2el_ms, output_tokens].map(rounded),
      ]),
    ).toEqual(
      records.map((record) => {
        const { TTFT, TPOT, E2EL, OutputTokens } = requestMetrics(record);
        return [record.call.id, ...[TTFT, TPOT, E2EL, OutputTokens].map(rounded)];
      }),
    );
    expect(rows[0]!['events']).toEqual(
      ANSWERS[0].events.map(([kind, at_ms, tokens = 0]) => ({ kind, at_ms, tokens, shared_read: false })),
    );
    expect(rows[1]!['events'][0].shared_read).toBe(true);
    expect(
      samples.map(({ id, prompt, content, reasoning, target, verdict }) => [
        id,
        prompt,
        content,
        reasoning,
        target,
        verdict,
      ]),
    ).toEqual(
      transcripts.map(({ call, prompt, content, gold }) => [call.id, prompt, content, 'Hm', gold, null]),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** A number to the nanosecond; null for a reason why there is none. */
function rounded(value: unknown): number | null {
  return typeof value === 'number' ? Math.round(value * 1e6) / 1e6 : null;
}
