/** `ais_bench demo`: one command, both results, nothing left running. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { emptyFolder, isAnybodyAt, start, until } from './support.ts';

/** Whether the service that the run on this standard error talked to is still there. */
function isServiceLeft(stderr: string): Promise<boolean> {
  const [, address] = /requests to (http:\S+\/)/.exec(stderr) ?? [];
  expect(address).toBeDefined();
  return isAnybodyAt(address!);
}

it('prints both results and where the files are, and leaves nothing running', async () => {
  const cwd = emptyFolder();
  const { code, stdout, stderr } = await start(cwd, ['demo', '--accuracy', '1', '-w', 'here']).finished;
  expect(stderr).not.toMatch(/WARN|where:/);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^demo_gsm8k accuracy \(simulated\) vllm-api-stream-chat 100\.00 8 /m);
  expect(stdout).toMatch(/^Total Requests +8\b/m);
  expect(stdout).toMatch(/^Total Requests +40\b/m);
  expect(stdout.match(/SIMULATED/g)?.length).toBeGreaterThanOrEqual(2);
  expect(stdout.match(/^Results: here\/\S+$/gm)).toHaveLength(2);
  expect(readdirSync(join(cwd, 'here'))).toHaveLength(3);
  expect(existsSync(join(cwd, 'outputs'))).toBe(false);
  expect(await isServiceLeft(stderr)).toBe(false);
});

it('interrupted once, reports what it has, skips the rest and leaves nothing running', async () => {
  const cwd = emptyFolder();
  const run = start(cwd, ['demo'], { detached: true });
  const records = 'outputs/default/latest/performances/vllm-api-stream-chat/demo_gsm8k_records.jsonl';
  await until(() => existsSync(join(cwd, records)), 'the first task');
  // As a terminal does it: every process of the group hears Ctrl-C.
  process.kill(-run.child.pid!, 'SIGINT');
  const { code, stdout, stderr } = await run.finished;
  expect(code).toBe(130);
  expect(stdout).toContain('partial run');
  expect(stdout).toMatch(/^Failed Requests +0\b/m);
  expect(stdout).not.toContain('2 of 2');
  expect(await isServiceLeft(stderr)).toBe(false);
});

it('killed, takes its service with it', async () => {
  const run = start(emptyFolder(), ['demo']);
  await run.said('requests to');
  run.child.kill('SIGKILL');
  const { stderr } = await run.finished;
  for (let tries = 0; tries < 100 && (await isServiceLeft(stderr)); tries++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect(await isServiceLeft(stderr)).toBe(false);
});
