/** Services whose streams are none: what a load test says of them in every report, and what `check` says. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ScriptedReply, sseEvents } from '../../src/testing/index.ts';
import {
  aisBench,
  CHAT,
  chatServer,
  DEMO,
  degradedIn,
  emptyFolder,
  filesBelow,
  latest,
  pageBlock,
  recordsOf,
  SSE,
} from './support.ts';

const WORDS = ['The', ' answer', ' is', ' 42', '.'];
const usage = { prompt_tokens: 9, completion_tokens: WORDS.length };
const delta = (content: string) => ({ choices: [{ delta: { content } }] });
const END = [{ choices: [{ delta: {}, finish_reason: 'stop' }] }, { choices: [], usage }];

const apart: ScriptedReply = {
  headers: SSE,
  body: sseEvents([...WORDS.map(delta), ...END]).flatMap((event) => [event, { pauseMs: 8 }]),
};
const oneEvent: ScriptedReply = { headers: SSE, body: sseEvents([delta(WORDS.join('')), ...END]) };
const oneWrite: ScriptedReply = { headers: SSE, body: [sseEvents([...WORDS.map(delta), ...END]).join('')] };

async function loadTest(script: (n: number) => ScriptedReply) {
  const { url } = await chatServer((_body, n) => script(n));
  const cwd = emptyFolder();
  const flags = ['--models', CHAT, '--datasets', DEMO, '--url', url, '--model', 'm', '--mode', 'perf'];
  const { code, stdout, stderr } = await aisBench(cwd, ...flags, '--batch-size', '2', '--num-warmups', '0');
  expect(code, stderr).toBe(0);
  const files = filesBelow(latest(cwd));
  const file = (end: string) => files.find(({ path }) => path.endsWith(end))!.content;
  return { cwd, stdout, file, report: JSON.parse(file('performances/vllm-api-stream-chat/demo_gsm8k.json')) };
}

const rowOf = (report: any, name: string) =>
  report.summary.rows.find((row: { name: string }) => row.name === name);
const codesIn = (report: any) => report.summary.findings.map(({ code }: { code: string }) => code);

describe.each<[string, ScriptedReply, string, string]>([
  ['one event an answer', oneEvent, 'ONE-EVENT-ANSWERS', 'WHOLE-EVENT'],
  ['all events in one write', oneWrite, 'BUFFERED', 'ONE-READ'],
])('%s', (_what, reply, code, reason) => {
  it('has no TTFT, TPOT or ITL in any report', async () => {
    const { cwd, stdout, file, report } = await loadTest(() => reply);
    for (const name of ['TTFT', 'TPOT', 'ITL']) {
      expect(stdout).toMatch(new RegExp(`^${name}, ms +n/a`, 'm'));
      const row = rowOf(report, name);
      expect(row).toMatchObject({ n: 0, reason: { code: reason } });
      expect(row).not.toHaveProperty('stats');
    }
    expect(stdout).toContain('no first token was seen');
    expect(stdout).toMatch(/^E2EL, ms +\d/m);
    expect(stdout).toMatch(/^OutputTokens +5/m);
    // On a busy machine a finding of its own says that the client may have read late.
    const codes = codesIn(report);
    expect(codes).toContain(codes.includes('READ-LATE') ? 'READ-LATE' : code);
    expect(report.summary.validity.findings.map((one: { code: string }) => one.code)).toContain(
      'NO-FIRST-TOKEN',
    );
    expect(degradedIn(stdout)).toMatch(/TTFT, TPOT and ITL are n\/a/);
    expect(file('demo_gsm8k.csv')).toMatch(/^TTFT,total,,,,,,,,0,ms,,"?answers came/m);
    expect(recordsOf(cwd)).toHaveLength(8);
    const html = readFileSync(join(latest(cwd), 'report.html'), 'utf8');
    const [task] = pageBlock<any>(html, 'payload').payload.tasks;
    expect(JSON.stringify(task)).toContain(reason);
    expect(Array.from(task.requests.columns.ttft as Float64Array).every(Number.isNaN)).toBe(true);
  });
});

it('every other answer a stream: latencies are those of the streams', async () => {
  const { stdout, report } = await loadTest((n) => (n % 2 === 0 ? apart : oneEvent));
  expect(codesIn(report)).toContain('SOME-AT-ONCE');
  expect(rowOf(report, 'TTFT')).toMatchObject({ n: 4, stats: expect.any(Object) });
  expect(rowOf(report, 'E2EL').n).toBe(8);
  expect(stdout).not.toContain('no first token was seen');
});

it('streams are as they were', async () => {
  const { report } = await loadTest(() => apart);
  for (const name of ['TTFT', 'TPOT', 'ITL']) expect(rowOf(report, name).n).toBe(8);
  expect(rowOf(report, 'TTFT').stats.max).toBeLessThan(rowOf(report, 'E2EL').stats.max);
  expect(codesIn(report)).toEqual([]);
});

it('check says of one request that its stream is none', async () => {
  const { url } = await chatServer(() => oneEvent);
  const { stdout, code } = await aisBench(emptyFolder(), 'check', CHAT, '--url', url, '--model', 'm');
  expect(stdout.replace(/\s+/g, ' ')).toContain(
    'the service does not stream: the whole answer came in one event',
  );
  expect(code).toBe(1);
});

it('one empty answer to a warm-up does not end a load test', async () => {
  const empty: ScriptedReply = { headers: SSE, body: sseEvents([...END]) };
  const { url } = await chatServer((_body, n) => (n === 0 ? empty : apart));
  const cwd = emptyFolder();
  const flags = ['--models', CHAT, '--datasets', DEMO, '--url', url, '--model', 'm', '--mode', 'perf'];
  const { code, stdout, stderr } = await aisBench(cwd, ...flags);
  expect(code, stderr).toBe(0);
  expect(`${stdout}${stderr}`.replace(/\s+/g, ' ')).toContain(
    '1 of 2 warm-up requests failed: the reply is empty',
  );
  expect(recordsOf(cwd).map(({ outcome }) => outcome)).toEqual(Array(8).fill('ok'));
});
