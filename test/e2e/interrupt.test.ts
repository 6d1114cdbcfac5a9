/** Ctrl-C once: what is in flight finishes and is reported. Twice: that is given up too. A reader that leaves loses nothing else. */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  CHAT,
  chatServer,
  DEMO,
  degradedIn,
  emptyFolder,
  latest,
  recordsOf,
  start,
  streamed,
  until,
} from './support.ts';

const flags = (url: string) => [
  '--mode',
  'perf',
  '--models',
  CHAT,
  '--datasets',
  DEMO,
  '--url',
  url,
  '--num-warmups',
  '0',
  '--batch-size',
  '2',
];

describe('a signal', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s once: drains, reports the part that there is, exit code 130',
    async (signal) => {
      const cwd = emptyFolder();
      const { body } = streamed('18');
      const server = await chatServer(() => ({ ...streamed('18'), body: [{ pauseMs: 300 }, ...body!] }));
      const run = start(cwd, [
        ...flags(server.url),
        '--set',
        'models.0.generation_kwargs.num_return_sequences=50',
      ]);
      await until(() => server.asked.length >= 3, 'three requests');
      run.child.kill(signal);
      const { code, stdout, stderr } = await run.finished;
      expect(code).toBe(130);
      expect(stderr).toContain('interrupt again to stop at once');
      expect(degradedIn(stdout)).toContain('partial run: stopped before its end, 0 requests cancelled');
      expect(stdout).toMatch(/^To send what has no answer: the same command with --reuse \d{8}_\d{6}$/m);
      expect(stdout).toMatch(/\d+ of 400 requests were not sent/);
      expect(stdout).toMatch(/^Failed Requests +0\b/m);
      expect(recordsOf(cwd)).toHaveLength(server.asked.length);
      expect(new Set(recordsOf(cwd).map(({ outcome }) => outcome))).toEqual(new Set(['ok']));
    },
  );

  it('twice: gives up what is in flight at once', async () => {
    const cwd = emptyFolder();
    const server = await chatServer((_, n) =>
      n === 0 ? streamed('18') : { ending: 'silent-before-headers' },
    );
    const run = start(cwd, flags(server.url));
    await until(() => server.asked.length >= 3, 'two hanging requests');
    run.child.kill('SIGINT');
    await run.said('interrupt again');
    run.child.kill('SIGINT');
    const { code, stdout, stderr } = await run.finished;
    expect(code).toBe(130);
    expect(stderr).toContain('stopping now');
    expect(degradedIn(stdout)).toContain('partial run: stopped before its end, 2 requests cancelled');
    expect(
      recordsOf(cwd)
        .map(({ outcome, failure }) => failure?.kind ?? outcome)
        .sort(),
    ).toEqual(['cancelled', 'cancelled', 'ok']);
  });

  it('twice while the warm-up hangs', async () => {
    const server = await chatServer(() => ({ ending: 'silent-before-headers' }));
    const run = start(emptyFolder(), [...flags(server.url), '--num-warmups', '1']);
    await until(() => server.asked.length === 1, 'the warm-up');
    run.child.kill('SIGINT');
    await run.said('interrupt again');
    run.child.kill('SIGINT');
    expect((await run.finished).code).toBe(130);
    expect(server.asked).toHaveLength(1);
  });
});

it('a reader that leaves loses what is shown, and nothing else', async () => {
  const cwd = emptyFolder();
  const server = await chatServer(() => streamed('18'));
  const { child, finished } = start(cwd, flags(server.url));
  finished.catch(() => {});
  child.stdout!.destroy();
  child.stderr!.destroy();
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(recordsOf(cwd)).toHaveLength(8);
  expect(existsSync(join(latest(cwd), 'performances/vllm-api-stream-chat/demo_gsm8k.csv'))).toBe(true);
});
