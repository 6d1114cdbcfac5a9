/** What this machine can do, and runs that ask more of it: the built command. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { CHAT, chatServer, DEMO, emptyFolder, filesBelow, serve, start, streamed } from './support.ts';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

const perf = [
  '--models',
  CHAT,
  '--datasets',
  DEMO,
  '--mode',
  'perf',
  '--max-out-len',
  '4',
  '--num-warmups',
  '0',
];

const withCache = (cwd: string, cache: string, ...args: readonly string[]) =>
  start(cwd, args, { env: { XDG_CACHE_HOME: cache } }).finished;

/** The command where a process may have so many descriptors. */
function withDescriptors(
  cwd: string,
  limit: number,
  args: readonly string[],
): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const { PATH = '' } = process.env;
  const script = `ulimit -n ${limit}; exec "$0" "$@"`;
  return new Promise((resolve) => {
    execFile(
      'sh',
      ['-c', script, process.execPath, MAIN, ...args],
      { cwd, env: { PATH, HOME: cwd } },
      (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
}

describe('ais_bench selftest', () => {
  it('measures, keeps the result, and warns a run that asks for more', async () => {
    const [cwd, cache] = [emptyFolder(), emptyFolder()];
    const measured = await withCache(cwd, cache, 'selftest', '--quick', '--json');
    expect(measured.code).toBe(0);
    const result = JSON.parse(measured.stdout);
    expect(Date.parse(result.measuredAt)).toBeGreaterThan(Date.now() - 600_000);
    expect(result.node).toBe(process.version);
    expect(result.requests.perSecond).toBeGreaterThan(10);
    expect(result.events.perSecond).toBeGreaterThan(result.requests.perSecond);
    expect(result.eventsOneByOne).toBeGreaterThan(100);
    expect(result.streams.perProcess ?? 1).toBeGreaterThan(0);
    expect(result.stamps.events).toBeGreaterThan(1000);
    expect(result.stamps.median).toBeGreaterThan(0);
    expect(result.stamps.median).toBeLessThan(50);
    expect(result.stamps.p99).toBeGreaterThanOrEqual(result.stamps.median);
    expect(filesBelow(cwd)).toEqual([]);

    const file = join(cache, 'ais_bench/selftest.json');
    const kept = JSON.parse(readFileSync(file, 'utf8'));
    expect(Object.values(kept)).toEqual([result]);

    const { port } = await serve();
    const run = [...perf, '--host-port', port, '--request-rate', '20'];
    expect((await withCache(cwd, cache, ...run)).stderr).not.toContain('self-test');
    const slow = { ...result, requests: { ...result.requests, perSecond: 21, isAtLeast: false } };
    writeFileSync(file, JSON.stringify({ [Object.keys(kept)[0]!]: slow }));
    const warned = await withCache(cwd, cache, ...run);
    expect(warned.code).toBe(0);
    expect(warned.stderr).toMatch(
      /20 requests\/s are 95 % of the 21 that 1 process managed in the self-test/,
    );

    writeFileSync(file, JSON.stringify({ [`other ${Object.keys(kept)[0]}`]: slow }));
    expect((await withCache(cwd, cache, ...run)).stderr).not.toContain('self-test');
    writeFileSync(file, '{"half');
    expect((await withCache(cwd, cache, ...run)).stderr).not.toContain('self-test');
  }, 120_000);

  it.skipIf(!existsSync('/proc/self/limits'))(
    'measures with few descriptors what they allow',
    async () => {
      const cwd = emptyFolder();
      const { code, stdout } = await withDescriptors(cwd, 128, ['selftest', '--quick', '--json']);
      expect(code).toBe(0);
      expect(JSON.parse(stdout).streams.perProcess).toBe(80);
      expect(existsSync(join(cwd, '.cache/ais_bench/selftest.json'))).toBe(true);
    },
    60_000,
  );

  it('has a server that nobody else can start', async () => {
    const { code, stderr } = await start(emptyFolder(), ['truth-server']).finished;
    expect(code).toBe(2);
    expect(stderr).toContain('run ais_bench selftest');
  });
});

describe.skipIf(!existsSync('/proc/self/limits'))('a process with few descriptors', () => {
  const often = ['--set', 'models.0.generation_kwargs.num_return_sequences=20'];

  it('refuses more streams than it can hold, before anything is sent', async () => {
    const server = await chatServer(() => streamed('Hi'));
    const cwd = emptyFolder();
    const args = [...perf, ...often, '--url', server.url, '--batch-size', '160'];
    const { code, stderr } = await withDescriptors(cwd, 192, args);
    expect(code).toBe(2);
    expect(stderr).toContain('[RUN-LIMIT-001]');
    expect(stderr).toContain('160 requests in flight need 208 descriptors, 192 are allowed');
    expect(stderr).toContain('ulimit -n 208');
    expect(stderr).toContain('--workers 2');
    expect(server.asked).toEqual([]);
    expect(existsSync(join(cwd, 'outputs'))).toBe(false);
  });

  it('holds them in two processes, or when a schedule may never ask for them', async () => {
    const server = await chatServer(() => streamed('Hi'));
    const args = [...perf, ...often, '--url', server.url, '--batch-size', '160'];
    const spread = await withDescriptors(emptyFolder(), 192, [...args, '--workers', '2']);
    expect(spread.code).toBe(0);
    const paced = await withDescriptors(emptyFolder(), 192, [...args, '--request-rate', '200']);
    expect(paced.code).toBe(0);
    expect(paced.stderr).toContain('160 requests in flight need 208 descriptors');
    expect(server.asked).toHaveLength(320);
  });
});
