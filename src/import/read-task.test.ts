import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type ImportedRequest, TaskReader } from './read-task.ts';
import { listTasks } from './source.ts';

type Row = Readonly<Record<string, unknown>>;

/** A run of the model `m`: its files below `performances` or `predictions`, and what is read of it. */
async function read(part: string, files: Readonly<Record<string, readonly Row[]>>, streamed = true) {
  const run = mkdtempSync(join(tmpdir(), 'ais-bench-read-task-'));
  onTestFinished(() => rmSync(run, { recursive: true, force: true }));
  mkdirSync(join(run, part, 'm'), { recursive: true });
  for (const [name, rows] of Object.entries(files))
    writeFileSync(join(run, part, 'm', name), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const [task] = listTasks(run);
  const reader = new TaskReader(task!);
  await reader.look();
  const found: ImportedRequest[] = [];
  for await (const one of reader.read(streamed)) found.push(one);
  reader.close();
  return found;
}

const detail = (id: number, more: Row = {}): Row => ({
  id,
  success: true,
  uuid: `u${id}`,
  turn_id: 0,
  input: 'hello',
  prediction: 'ab',
  input_tokens: 5,
  output_tokens: 2,
  time_points: [100 + id, 100.5 + id, 101 + id],
  ...more,
});

it('puts times on the clock of the first request, and keeps the seconds that were kept', async () => {
  const [first, second] = await read('performances', { 'd_details.jsonl': [detail(1), detail(0)] });
  expect(second!.record!.times.sent).toBe(0);
  expect(first!.record!.times).toMatchObject({ sent: 1000, done: 2000 });
  expect([...first!.record!.times.events!.at]).toEqual([1500, 2000]);
  expect(first!.record!.times).not.toHaveProperty('scheduled');
});

it('takes the second time point of a reply that was not streamed for its end', async () => {
  const rows = [detail(0, { time_points: [7, 9.5] })];
  const [only] = await read('performances', { 'd_details.jsonl': rows }, false);
  expect(only!.record).toMatchObject({ streamed: false, times: { sent: 0, done: 2500 } });
  expect(only!.record!.times.events!.at.length).toBe(0);
});

it('keeps no count where AISBench wrote 0, and no dialogue where a case is one request', async () => {
  const [only] = await read('performances', { 'd_details.jsonl': [detail(0, { output_tokens: 0 })] });
  expect(only!.record).not.toHaveProperty('outputTokens');
  expect(only!.record).toHaveProperty('inputTokens', { value: 5, source: 'server' });
  expect(only!.record!.call).toEqual({ id: 'u0', model: 'm', dataset: 'd', index: 0, repetition: 0 });
});

it('knows turns by the uuid that they share, and repetitions by the row', async () => {
  const rows = [
    detail(0, { uuid: 'a', turn_id: 0 }),
    detail(0, { uuid: 'b', turn_id: 0 }),
    detail(0, { uuid: 'a', turn_id: 1 }),
  ];
  const calls = (await read('performances', { 'd_details.jsonl': rows })).map(({ record }) => record!.call);
  expect(calls).toMatchObject([
    { id: 'a', repetition: 0, turn: 0, turns: 2 },
    { id: 'b', repetition: 1 },
    { id: 'a', repetition: 0, turn: 1, turns: 2 },
  ]);
  expect(calls[1]).not.toHaveProperty('turn');
});

it('keeps failures in their own words, each once, and counts an answer without times as AISBench does', async () => {
  const found = await read('performances', {
    'd_details.jsonl': [
      detail(0),
      detail(1, { success: false, error_info: 'Connection refused', time_points: null }),
      detail(2, { time_points: null }),
    ],
    'd_failed.jsonl': [
      { id: 1, input: 'hello', error_info: 'Connection refused' },
      { id: 9, input: 'hi', error_info: 'HTTP 500' },
    ],
  });
  const failures = found.flatMap(({ record }) => (record!.outcome === 'failed' ? [record!] : []));
  expect(failures.map(({ call, failure }: any) => [call.index, failure.kind, failure.message])).toEqual([
    [1, 'unknown', 'Connection refused'],
    [2, 'unknown', 'AISBench kept no time points of this request'],
    [9, 'unknown', 'HTTP 500'],
  ]);
  expect(found.map(({ transcript }) => transcript.success)).toEqual([true, false, false, false]);
});

it('reads answers without times, and a failed question once it was answered no more', async () => {
  const found = await read('predictions', {
    'd.jsonl': [
      {
        id: 0,
        success: true,
        uuid: 'a',
        origin_prompt: [{ role: 'HUMAN', prompt: 'x' }],
        prediction: 'y',
        gold: 'y',
      },
      {
        id: 2,
        success: true,
        uuid: 'b',
        origin_prompt: ['p', 'q'],
        prediction: 'A',
        ppl_list: [{ label: 'A', ppl: 1.5 }],
      },
    ],
    'd_failed.jsonl': [
      { id: 2, input: 'x', error_info: 'timeout' },
      { id: 1, input: 'x', error_info: 'timeout' },
    ],
  });
  expect(found.every(({ record }) => record === undefined)).toBe(true);
  expect(found.map(({ transcript }) => [transcript.call.index, transcript.success])).toEqual([
    [0, true],
    [2, true],
    [1, false],
  ]);
  expect(found[0]!.transcript).toMatchObject({ content: 'y', gold: 'y', reasoningContent: '' });
  expect(found[1]!.transcript.details).toEqual({ ppl_list: [{ label: 'A', ppl: 1.5 }] });
});
