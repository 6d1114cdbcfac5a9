/** Disks that are full or may not be written: one clear error, nothing half-written is ever read, and the run can go on. */
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { durable, recordsIn, scoreOf } from '../e2e/killed.ts';
import { aisBench, CHAT, chatServer, DEMO, emptyFolder, start, streamed, until } from '../e2e/support.ts';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const MODEL = 'vllm-api-stream-chat';
const REPEAT = 'models.0.generation_kwargs.num_return_sequences';
const NOBODY = ['--reuid=65534', '--regid=65534', '--clear-groups'];

const run = (command: string, ...args: readonly string[]) => spawnSync(command, args, { encoding: 'utf8' });

/** A small disk at `folder`; false where this user may not mount one. */
function mounted(folder: string, size: string): boolean {
  mkdirSync(folder, { recursive: true });
  if (run('mount', '-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder).status !== 0) return false;
  onTestFinished(() => void run('umount', '-l', folder));
  return true;
}

const flags = (url: string) => [
  '--models',
  CHAT,
  '--datasets',
  DEMO,
  '--url',
  url,
  '--num-warmups',
  '0',
  '--batch-size',
  '4',
];

describe('a disk', () => {
  it('that is full ends the run with one error; with room it goes on to the same score', async ({ skip }) => {
    const answers = await chatServer(({ body }) => {
      const reply = streamed(`${'word '.repeat(200)} ${body.length % 2 === 0 ? 18 : 3}`);
      return { ...reply, body: [{ pauseMs: 25 }, ...reply.body!] };
    });
    const args = [...flags(answers.url), '--set', `${REPEAT}=60`];
    const whole = emptyFolder();
    expect((await aisBench(whole, ...args)).code).toBe(0);

    const cwd = emptyFolder();
    if (!mounted(join(cwd, 'outputs'), '900k')) skip('a tmpfs cannot be mounted here');
    const full = await aisBench(cwd, ...args);
    expect(full.code).toBe(2);
    expect(full.stderr).toMatch(/ENOSPC|no space left/i);
    expect(full.stderr.match(/\[[A-Z]+-[A-Z]+-\d+\]/g)).toHaveLength(1);
    const kept = recordsIn(cwd, MODEL).filter(({ outcome }) => outcome === 'ok').length;
    expect(kept).toBeGreaterThan(0);

    expect(run('mount', '-o', 'remount,size=50m', join(cwd, 'outputs')).status).toBe(0);
    const asked = answers.asked.length;
    const end = await aisBench(cwd, ...args, '--reuse');
    expect(end.code, end.stderr).toBe(0);
    expect(answers.asked.length - asked).toBeLessThan(480);
    expect(scoreOf(cwd, MODEL)).toEqual(scoreOf(whole, MODEL));
  });

  it('that is too small for the run is told before anything is sent, and warned of where it may be', async ({
    skip,
  }) => {
    const server = await chatServer(() => streamed('18'));
    const cwd = emptyFolder();
    if (!mounted(join(cwd, 'outputs'), '900k')) skip('a tmpfs cannot be mounted here');
    const args = flags(server.url);
    const tooMuch = await aisBench(cwd, ...args, '--set', `${REPEAT}=1000`);
    expect([tooMuch.code, tooMuch.stderr]).toEqual([
      2,
      expect.stringMatching(/RUN-LIMIT-001.* at least; .* are free/),
    ]);
    expect(server.asked).toEqual([]);
    expect(readdirSync(join(cwd, 'outputs'))).toEqual([]);
    const maybe = await aisBench(cwd, ...args, '--set', 'models.0.max_out_len=8000');
    expect([maybe.code, maybe.stderr]).toEqual([
      0,
      expect.stringMatching(/up to .*, where every answer reaches max_out_len; .* are free/),
    ]);
  });

  it('that is read-only is told before anything is sent', async ({ skip }) => {
    const server = await chatServer(() => streamed('18'));
    const cwd = emptyFolder();
    if (!mounted(join(cwd, 'outputs'), '900k')) skip('a tmpfs cannot be mounted here');
    expect(run('mount', '-o', 'remount,ro', join(cwd, 'outputs')).status).toBe(0);
    const { code, stderr } = await aisBench(cwd, ...flags(server.url));
    expect([code, stderr]).toEqual([expect.any(Number), expect.stringMatching(/EROFS|read-only/i)]);
    expect(code).not.toBe(0);
    expect(server.asked).toHaveLength(0);
  });
});

describe('a folder of somebody without rights', () => {
  const isRoot = process.getuid?.() === 0;
  const through = isRoot ? ['setpriv', ...NOBODY] : [];
  const [command = '', ...before] = [...through, process.execPath];
  const canRun = run(command, ...before, MAIN, '--version').status === 0;

  it.runIf(canRun)('that may not be written is told before anything is sent', async () => {
    const server = await chatServer(() => streamed('18'));
    const cwd = emptyFolder();
    chmodSync(cwd, isRoot ? 0o755 : 0o555);
    const { code, stderr } = await start(cwd, flags(server.url), { through }).finished;
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/EACCES|permission denied/i);
    expect(server.asked).toHaveLength(0);
    expect(readdirSync(cwd)).toEqual([]);
  });

  it.runIf(canRun)('that may not be written from the middle of a run on costs no record', async () => {
    const answers = await chatServer(({ body }) => {
      const reply = streamed(body.length % 2 === 0 ? '18' : '3');
      return { ...reply, body: [{ pauseMs: 50 }, ...reply.body!] };
    });
    const args = [...flags(answers.url), '--set', `${REPEAT}=40`];
    const whole = emptyFolder();
    expect((await aisBench(whole, ...args)).code).toBe(0);

    const cwd = emptyFolder();
    if (isRoot) chownSync(cwd, 65534, 65534);
    const running = start(cwd, args, { through });
    await until(() => durable(cwd, MODEL).length > 20, 'answers');
    onTestFinished(() => void run('chmod', '-R', 'u+w', cwd));
    expect(run('chmod', '-R', 'a-w', cwd).status).toBe(0);
    const { code, stderr } = await running.finished;
    expect([code, stderr]).toEqual([2, expect.stringMatching(/EACCES|permission denied/i)]);
    expect(stderr.match(/\[[A-Z]+-[A-Z]+-\d+\]/g), stderr).toHaveLength(1);
    expect(stderr).not.toContain('    at ');

    const refused = await start(cwd, [...args, '--reuse'], { through }).finished;
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(/EACCES|permission denied/i)]);
    expect(run('chmod', '-R', 'u+w', cwd).status).toBe(0);
    const left = 320 - durable(cwd, MODEL).length;
    const asked = answers.asked.length;
    const end = await start(cwd, [...args, '--reuse'], { through }).finished;
    expect(end.code, end.stderr).toBe(0);
    expect(answers.asked.length - asked).toBe(left);
    expect(scoreOf(cwd, MODEL)).toEqual(scoreOf(whole, MODEL));
    const ok = recordsIn(cwd, MODEL).filter(({ outcome }) => outcome === 'ok');
    expect(new Set(ok.map(({ call }) => call.id)).size).toBe(320);
    expect(ok).toHaveLength(320);
  });
});
