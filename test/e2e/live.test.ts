/** `--live`: the page of a run in progress, as the built command serves it. */
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { aisBench, CHAT, DEMO, emptyFolder, type Running, serve, start } from './support.ts';

const CHROMIUM = '/usr/bin/chromium';

/** A load of some seconds with a page. */
async function liveRun(...more: readonly string[]): Promise<Running & { address: string }> {
  const { port } = await serve();
  const args = ['--mode', 'perf', '--models', CHAT, '--datasets', DEMO, '--host-port', port];
  const running = start(emptyFolder(), [...args, '--live', '0', '--cycle', '--batch-size', '24', ...more]);
  let heard = '';
  running.child.stderr!.on('data', (bytes: Buffer) => {
    heard += bytes.toString();
  });
  await running.said('live view: http://127.0.0.1:');
  const address = /live view: (\S+)/.exec(heard)![1]!;
  return { ...running, address };
}

interface Told {
  readonly event: string;
  readonly data: any;
}

async function eventsAt(address: string): Promise<Told[]> {
  const response = await fetch(`${address}events`);
  return [...(await response.text()).matchAll(/event: (\w+)\ndata: (.*)\n\n/g)].map(([, event, data]) => ({
    event: event!,
    data: JSON.parse(data!),
  }));
}

describe('--live', () => {
  it.each([['1'], ['2']])(
    'tells what %s process(es) send until the run ends, and holds nothing up',
    async (workers) => {
      const { address, finished } = await liveRun(
        '--duration',
        '4',
        '--request-rate',
        '20',
        '--workers',
        workers,
      );
      const events = await eventsAt(address);
      const { code, stdout, stderr } = await finished;
      expect(code, stderr).toBe(0);
      expect(events[0]!.event).toBe('start');
      expect(events.at(-1)!.event).toBe('end');
      const { tasks } = events.at(-2)!.data;
      const [{ name, status, state }] = tasks;
      expect([name, status]).toEqual([`vllm-api-stream-chat × ${/× (\S+):/.exec(stderr)![1]}`, 'done']);
      const reported = /^Total Requests +(\d+)/m.exec(stdout)![1];
      expect(String(state.done)).toBe(reported);
      const median = Number(/^TTFT, ms +\S+ +\S+ +\S+ +(\S+)/m.exec(stdout)![1]);
      expect(Math.abs(state.ttft.p50 / median - 1)).toBeLessThan(0.01);
      expect(state).toMatchObject({ inFlight: 0, failed: 0, targetRate: 20, validity: expect.anything() });
    },
  );

  it('refuses a port that is taken before anything is asked', async () => {
    const { address, child, finished } = await liveRun('--duration', '30', '--request-rate', '5');
    const args = ['--mode', 'perf', '--models', CHAT, '--datasets', DEMO, '--url', 'http://127.0.0.1:1/'];
    const { code, stderr } = await aisBench(emptyFolder(), ...args, '--live', new URL(address).port);
    expect(code).toBe(2);
    expect(stderr).toContain('[TMAN-CMD-002] the live page cannot be served');
    child.kill('SIGINT');
    expect((await finished).code).toBe(130);
  });

  it.skipIf(!existsSync(CHROMIUM))('is a page that draws it, and asks nobody else', async () => {
    const { address, child, finished } = await liveRun('--duration', '60', '--request-rate', '20');
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
    onTestFinished(() => browser.close());
    const page = await browser.newPage();
    const asked: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await page.goto(`${address}#lang=en`);
    await page.getByRole('heading', { name: /vllm-api-stream-chat × / }).waitFor();
    await page.getByRole('img', { name: 'TTFT' }).locator('canvas').waitFor({ timeout: 20_000 });
    expect(await page.locator('.stat', { hasText: 'Request rate' }).textContent()).toMatch(
      /req\/s.*asked 20/,
    );
    child.kill('SIGINT');
    expect((await finished).code).toBe(130);
    await page.getByText('the run has ended').waitFor();
    expect(complaints).toEqual([]);
    expect(new Set(asked)).toEqual(new Set([address, `${address}events`]));
  });
});
