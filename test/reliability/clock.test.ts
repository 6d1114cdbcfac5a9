/** The machine's clock is set forward or back while a run is at work, or between its sessions: nothing that is measured or kept is harmed. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { childrenOf, durable, killed, loadRecordsIn, recordsIn, runsIn, scoreOf } from '../e2e/killed.ts';
import {
  CHAT,
  type ChatServer,
  chatServer,
  DEMO,
  emptyFolder,
  latest,
  type Running,
  start,
  streamed,
  until,
} from '../e2e/support.ts';

const HOUR = 3_600_000;
const STEPS = [
  ['forward', HOUR],
  ['back', -HOUR],
] as const;
const MODEL = 'vllm-api-stream-chat';
const PAUSE = 100;
const IMPORT = `--import "${new URL('../support/clock-step.mjs', import.meta.url).href}"`;

const clock = (offset: number, step = 0) => ({
  env: { NODE_OPTIONS: IMPORT, CLOCK_OFFSET_MS: String(offset), CLOCK_STEP_MS: String(step) },
});

interface Service extends ChatServer {
  /** Answers so many more requests; the others wait, until it is told to go on. */
  stallAfter(requests: number): void;
}

/** A service that answers after a pause. */
async function service(): Promise<Service> {
  let last = Number.POSITIVE_INFINITY;
  const server = await chatServer(({ body }, n) => {
    const reply = streamed(body.length % 2 === 0 ? '450' : '46');
    return { ...reply, body: [{ pauseMs: n < last ? PAUSE : 60_000 }, ...reply.body!] };
  });
  const stallAfter = (requests: number) => {
    last = server.asked.length + requests;
  };
  return Object.assign(server, { stallAfter });
}

const flags = (url: string, rounds: number) => [
  ...['--models', CHAT, '--datasets', DEMO, '--url', url, '--num-warmups', '0', '--batch-size', '4'],
  ...['--set', `models.0.generation_kwargs.num_return_sequences=${rounds}`],
];

/** Sets the clock of the command and of its workers. */
function stepClock({ child }: Running): void {
  for (const pid of [child.pid!, ...childrenOf(child.pid!)]) process.kill(pid, 'SIGUSR2');
}

describe.runIf(process.platform === 'linux')('a clock that is set', () => {
  it.each([
    ['forward', HOUR, 2],
    ['back', -HOUR, 1],
  ])(
    '%s during a load (%i ms, %i processes) changes no time of it, and no view',
    { timeout: 120_000 },
    async (_, step, workers) => {
      const server = await service();
      const began = performance.now();
      const args = [...flags(server.url, 10), '--mode', 'perf', '--workers', String(workers)];
      const cwd = emptyFolder();
      const running = start(cwd, [...args, '--live', '0'], clock(0, step));
      const view = watched(running);
      await until(() => server.asked.length > 30, 'requests');
      stepClock(running);
      const { code, stdout, stderr } = await running.finished;
      const wall = performance.now() - began;
      expect(code, stderr).toBe(0);

      expect(hoursIn(cwd)).toBe(Math.abs(step) / HOUR);
      const times = loadRecordsIn(cwd, MODEL).map((record) => record.times);
      expect(times).toHaveLength(80);
      for (const { scheduled, sent, done } of times) {
        expect(scheduled).toBeGreaterThanOrEqual(0);
        expect(sent).toBeGreaterThanOrEqual(scheduled);
        expect(done - sent).toBeGreaterThan(0.9 * PAUSE);
        expect(done).toBeLessThan(wall);
      }
      const duration = figure(stdout, /^Benchmark Duration\D*([\d.]+)/m);
      expect(duration).toBeGreaterThan((0.9 * 80 * PAUSE) / 4 / (duration < 1000 ? 1000 : 1));
      expect(duration).toBeLessThan(wall);
      for (const percentile of /^E2EL, ms +(.*)$/m.exec(stdout)![1]!.trim().split(/ +/).slice(0, 6)) {
        expect(Number(percentile)).toBeGreaterThan(0.9 * PAUSE);
        expect(Number(percentile)).toBeLessThan(wall);
      }
      const elapsed = (await view).map(({ tasks }) => tasks[0].state?.elapsed ?? 0);
      expect(elapsed.length).toBeGreaterThan(1);
      expect(elapsed.toSorted((a, b) => a - b)).toEqual(elapsed);
      expect(elapsed.at(-1)).toBeLessThan(wall);
      expect(readdirSync(latest(cwd)).filter((name) => name.startsWith('run.lock'))).toEqual([]);
    },
  );

  it.each(STEPS)(
    '%s between the sessions of a run lets it go on to the same score',
    { timeout: 120_000 },
    async (_, step) => {
      const server = await service();
      const args = flags(server.url, 10);
      const whole = emptyFolder();
      expect((await start(whole, args).finished).code).toBe(0);

      const cwd = emptyFolder();
      server.stallAfter(40);
      const first = start(cwd, args, clock(0));
      await until(() => durable(cwd, MODEL).length > 10, 'answers');
      // Somebody else's clock does not open the folder of a run that is at work.
      const second = await start(cwd, [...args, '--reuse'], clock(step)).finished;
      expect([second.code, second.stderr]).toEqual([2, expect.stringContaining('[RUN-LOCK-001]')]);
      await killed(first);
      server.stallAfter(Number.POSITIVE_INFINITY);
      const kept = durable(cwd, MODEL).length;
      const asked = server.asked.length;
      const end = await start(cwd, [...args, '--reuse'], clock(step)).finished;
      expect(end.code, end.stderr).toBe(0);
      expect(server.asked.length - asked).toBe(80 - kept);
      expectWholeRun(cwd, whole);
      expect((await start(cwd, [...args, '--reuse'], clock(-step)).finished).code).toBe(0);
      expect(server.asked.length - asked).toBe(80 - kept);
      expectWholeRun(cwd, whole);
    },
  );

  it('back between two runs leaves the second the newest', { timeout: 120_000 }, async () => {
    const server = await service();
    const args = flags(server.url, 1);
    const cwd = emptyFolder();
    expect((await start(cwd, args, clock(0)).finished).code).toBe(0);
    const [before] = runsIn(cwd);
    const second = await start(cwd, args, clock(-HOUR)).finished;
    expect(second.code, second.stderr).toBe(0);
    expect(second.stderr).toContain('earlier than the newest run here');
    const after = basename(latest(cwd));
    expect(after).toBe(`${before}_2`);
    const again = await start(cwd, [...args, '--reuse'], clock(-HOUR)).finished;
    expect(again.stderr).toContain(`continues ${after}, 8 of 8 samples are done`);
  });
});

/** Another time namespace: the monotonic clock, too, has another origin, as after a restart of the machine. */
const SHIFTED = [
  'unshare',
  '--time',
  '--monotonic',
  '86400',
  '--boottime',
  '172800',
  '--fork',
  '--kill-child',
];
const canShift = spawnSync(SHIFTED[0]!, [...SHIFTED.slice(1), 'true']).status === 0;

describe.runIf(canShift)('a monotonic clock with another origin', () => {
  it('lets a run go on, in order; and keeps a second run out', { timeout: 120_000 }, async () => {
    const server = await service();
    const args = flags(server.url, 10);
    const whole = emptyFolder();
    expect((await start(whole, args).finished).code).toBe(0);
    const cwd = emptyFolder();
    server.stallAfter(40);
    const first = start(cwd, args);
    await until(() => durable(cwd, MODEL).length > 10, 'answers');
    const second = await start(cwd, [...args, '--reuse'], { through: SHIFTED }).finished;
    expect([second.code, second.stderr]).toEqual([2, expect.stringContaining('[RUN-LOCK-001]')]);
    await killed(first);
    server.stallAfter(Number.POSITIVE_INFINITY);
    const kept = recordsIn(cwd, MODEL).length;
    const end = await start(cwd, [...args, '--reuse'], { through: SHIFTED }).finished;
    expect(end.code, end.stderr).toBe(0);
    expectWholeRun(cwd, whole);
    const records = recordsIn(cwd, MODEL);
    const lastEnd = Math.max(...records.slice(0, kept).map(({ times }) => times.done));
    for (const { times } of records.slice(kept)) {
      expect(times.sent).toBeGreaterThanOrEqual(lastEnd);
      expect(times.done).toBeLessThan(lastEnd + 60_000);
    }
  });
});

/** The ids and the score of the other run, each case answered once. */
function expectWholeRun(cwd: string, whole: string): void {
  const ids = (of: string) => durable(of, MODEL).toSorted();
  expect(ids(cwd)).toEqual(ids(whole));
  expect(new Set(ids(cwd)).size).toBe(ids(cwd).length);
  expect(scoreOf(cwd, MODEL)).toEqual(scoreOf(whole, MODEL));
}

/** Hours between the first and the last line of the run's log, which bear the wall clock's time. */
function hoursIn(cwd: string): number {
  const lines = readFileSync(join(latest(cwd), 'logs/run.jsonl'), 'utf8')
    .trim()
    .split('\n');
  const [first = 0, last = 0] = [lines[0]!, lines.at(-1)!].map((line) => Date.parse(JSON.parse(line).time));
  return Math.round(Math.abs(last - first) / HOUR);
}

function figure(text: string, pattern: RegExp): number {
  return Number(pattern.exec(text)![1]);
}

/** What the live page is told, tick by tick. */
async function watched({ child, said }: Running): Promise<any[]> {
  let heard = '';
  child.stderr!.on('data', (bytes: Buffer) => {
    heard += bytes.toString();
  });
  await said('live view: http://127.0.0.1:');
  const response = await fetch(`${/live view: (\S+)/.exec(heard)![1]}events`);
  const told = (await response.text()).matchAll(/event: (?:start|tick)\ndata: (.*)\n\n/g);
  return [...told].map(([, data]) => JSON.parse(data!));
}
