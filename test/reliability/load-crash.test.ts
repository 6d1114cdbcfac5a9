/** `kill -9` of a load test and of its workers at seeded random moments; then it goes on, and has every case once. */
import { describe, expect, it } from 'vitest';
import { childrenOf, killed, loadRecordsIn, pause, recordsIn, seeded } from '../e2e/killed.ts';
import { aisBench, CHAT, chatServer, DEMO, emptyFolder, start, streamed, until } from '../e2e/support.ts';

const KILLS = Number(process.env['RELIABILITY_KILLS'] ?? 40);
/** Times that each of the eight questions is asked: so often that no number of kills outlasts them. */
const ROUNDS = Math.ceil(2.4 * KILLS);
const REPEAT = 'models.0.generation_kwargs.num_return_sequences';
const MODEL = 'vllm-api-stream-chat';

describe('a load test, killed at random moments', () => {
  it(`${Math.ceil(KILLS / 5)} times: every case is there once, and the whole is not called one load`, {
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

describe.runIf(process.platform === 'linux')('a worker, killed at random moments', () => {
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
      args.push('--set', `${REPEAT}=12`, '--batch-size', '4', '--workers', '2');
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
  const ok = loadRecordsIn(cwd, MODEL).filter(({ outcome }) => outcome === 'ok');
  return new Set(ok.map(({ call }) => call.id));
}
