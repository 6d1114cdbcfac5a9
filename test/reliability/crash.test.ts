/** `kill -9` of the command and of its load workers at seeded random moments; then the run goes on and ends as if nothing had been. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { childrenOf, durable, killed, pause, recordsIn, scoreOf, seeded } from '../e2e/killed.ts';
import {
  aisBench,
  CHAT,
  chatServer,
  DEMO,
  emptyFolder,
  latest,
  start,
  streamed,
  until,
} from '../e2e/support.ts';

const KILLS = Number(process.env['RELIABILITY_KILLS'] ?? 50);
/** Times that each of the eight questions is asked: so often that no number of kills outlasts them. */
const ROUNDS = Math.ceil(2.4 * KILLS);
const REPEAT = 'models.0.generation_kwargs.num_return_sequences';
const MODEL = 'vllm-api-stream-chat';

describe('the command, killed at random moments', () => {
  it(`${KILLS} times: no durable request is sent again, and the score is the same`, {
    timeout: 1_200_000,
  }, async () => {
    const sent: string[] = [];
    let pauseMs = 100;
    const server = await chatServer(({ headers, body }) => {
      sent.push(String(headers['x-case']));
      const reply = streamed(body.length % 2 === 0 ? '450' : '46');
      return { ...reply, body: [{ pauseMs }, ...reply.body!] };
    });
    const args = ['--models', CHAT, '--datasets', DEMO, '--url', server.url, '--num-warmups', '0'];
    args.push('--set', `${REPEAT}=${ROUNDS}`, '--header', 'X-Case: {conversation_id}', '--batch-size');
    const whole = emptyFolder();
    pauseMs = 0;
    expect((await aisBench(whole, ...args, '32')).code).toBe(0);
    pauseMs = 100;

    const random = seeded(11);
    const cwd = emptyFolder();
    const model = 'vllm-api-stream-chat';
    const kept = new Set<string>();
    let kills = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      sent.length = 0;
      const running = start(cwd, [...args, '3', ...(kill === 0 ? [] : ['--reuse'])]);
      // Every third time at any moment, while it starts and reads what there is too.
      if (kill % 3 !== 1) await running.said('time-outs');
      await pause((kill % 3 === 1 ? 2000 : 1000) * random());
      if (running.child.exitCode === null) kills += 1;
      await killed(running);
      expect(sent.filter((id) => kept.has(id))).toEqual([]);
      const ok = recordsIn(cwd, model).filter(({ outcome }) => outcome === 'ok');
      for (const { call } of ok) kept.add(call.id);
      // Whatever record is whole, its answer is.
      expect(new Set(durable(cwd, model))).toEqual(kept);
    }
    expect(kills).toBe(KILLS);
    expect(kept.size).toBeGreaterThan(KILLS);
    sent.length = 0;
    pauseMs = 0;
    const end = await aisBench(cwd, ...args, '32', '--reuse');
    expect(end.code, end.stderr).toBe(0);
    expect(sent.filter((id) => kept.has(id))).toEqual([]);
    expect(sent).toHaveLength(8 * ROUNDS - kept.size);
    expect(scoreOf(cwd, model)).toEqual(scoreOf(whole, model));
  });

  it(`${Math.ceil(KILLS / 5)} times in a load test: every case is there once, and the whole is not called one load`, {
    timeout: 600_000,
  }, async () => {
    const server = await chatServer(() => ({
      ...streamed('18'),
      body: [{ pauseMs: 100 }, ...streamed('18').body!],
    }));
    const args = [
      '--models',
      CHAT,
      '--datasets',
      DEMO,
      '--url',
      server.url,
      '--num-warmups',
      '0',
      '--mode',
      'perf',
    ];
    args.push('--set', `${REPEAT}=${ROUNDS}`, '--batch-size', '3');
    const random = seeded(12);
    const cwd = emptyFolder();
    for (let kill = 0; kill < KILLS / 5; kill++) {
      const running = start(cwd, [...args, ...(kill === 0 ? [] : ['--reuse'])]);
      await running.said('time-outs');
      // Something is durable after a second at most.
      await pause(1000 + 500 * random());
      await killed(running);
    }
    const end = await aisBench(cwd, ...args.slice(0, -1), '32', '--reuse');
    expect(end.code, end.stderr).toBe(0);
    expect(end.stdout).toContain('NOT ONE LOAD');
    expect(end.stdout).toMatch(new RegExp(`^Total Requests +${8 * ROUNDS}\\b`, 'm'));
    const ok = recordsIn(cwd, MODEL).filter(({ outcome }) => outcome === 'ok');
    expect(new Set(ok.map(({ call }) => call.id)).size).toBe(8 * ROUNDS);
    expect(ok).toHaveLength(8 * ROUNDS);
  });
});

describe.runIf(process.platform === 'linux')('a load worker, killed at random moments', () => {
  it(`${Math.ceil(KILLS / 10)} times: its records stay, and the run is completed`, {
    timeout: 600_000,
  }, async () => {
    const random = seeded(13);
    for (let kill = 0; kill < KILLS / 10; kill++) {
      const server = await chatServer(() => ({
        ...streamed('18'),
        body: [{ pauseMs: 60 }, ...streamed('18').body!],
      }));
      const args = ['--models', CHAT, '--datasets', DEMO, '--url', server.url, '--num-warmups', '0'];
      args.push('--set', `${REPEAT}=12`, '--batch-size', '4', '--load-workers', '2');
      const cwd = emptyFolder();
      const { child, finished } = start(cwd, args);
      await until(() => server.asked.length > 0, 'a request');
      await pause(900 * random());
      const [victim] = childrenOf(child.pid!);
      expect(victim).toBeDefined();
      process.kill(victim!, 'SIGKILL');
      const { code, stderr } = await finished;
      expect([code, stderr]).toEqual([1, expect.stringContaining('was lost (SIGKILL)')]);
      const kept = workerRecords(cwd);
      const asked = server.asked.length;
      const end = await aisBench(cwd, ...args, '--reuse');
      expect(end.code, end.stderr).toBe(0);
      expect(end.stdout).toMatch(/^Total Requests +96\b/m);
      expect(server.asked.length - asked).toBe(96 - kept.size);
    }
  });
});

/** Ids of the cases that the workers' files hold whole. */
function workerRecords(cwd: string): Set<string> {
  const folder = join(latest(cwd), 'performances', MODEL);
  const lines = readdirSync(folder)
    .filter((file) => file.includes('_records.w'))
    .flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n').slice(0, -1));
  const ok = lines.map((line) => JSON.parse(line)).filter(({ outcome }) => outcome === 'ok');
  return new Set(ok.map(({ call }) => call.id));
}
