import { describe, expect, it, onTestFinished } from 'vitest';
import { sampleConnection, sampleOptions, samplePlan } from '../../test/support/sample-source.ts';
import { ask, simService } from '../../test/support/sim-service.ts';
import { decodeReading } from '../scrape/scraper.ts';
import { summarizeServerMetrics } from '../scrape/summary.ts';
import { closedPort, type Script, startScriptedServer } from '../testing/index.ts';
import { type WatchSetting, watchServer } from './server-watch.ts';

const OF = { model: 'm', dataset: 'd' };
const clock = () => performance.now();

async function scripted(script: Script) {
  const server = await startScriptedServer(script);
  onTestFinished(() => server.close());
  return server;
}

/** Watches servers; the lines that are written, and what came of it. */
async function watched(
  servers: readonly string[],
  during: () => Promise<unknown>,
  own: Partial<WatchSetting> = {},
) {
  const lines: string[] = [];
  const plan = samplePlan({
    connection: sampleConnection({ servers }),
    options: sampleOptions({ apiKey: 'sk-1' }),
  });
  const append = (line: string) => void lines.push(line);
  const watch = await watchServer(plan, OF, { from: true, clock, append, ...own });
  await during();
  return { outcome: await watch.stop(), readings: lines.map((line) => decodeReading(line, 'x')) };
}

const nothing = async () => {};

describe('watching a service', () => {
  it('counts exactly what was asked of it meanwhile', async () => {
    const service = await simService();
    const say = { messages: [{ role: 'user', content: 'Hello' }], max_tokens: 5 };
    await ask(service, 'v1/chat/completions', say);
    const { outcome, readings } = await watched([service.url], async () => {
      for (let i = 0; i < 3; i++) await ask(service, 'v1/chat/completions', say);
    });
    expect(outcome.failures).toBe(0);
    const { counted, histograms } = summarizeServerMetrics(readings)!;
    expect(counted).toMatchObject({ requests: 3, generatedTokens: 15 });
    expect(histograms.e2el!.count).toBe(3);
  });

  it('asks each server below its base URL, with the key, and no other server with it', async () => {
    const page = { body: ['vllm:num_requests_running 1\n'] };
    const [a, b, other] = [await scripted(page), await scripted(page), await scripted(page)];
    const { readings } = await watched([`${a.url}api/`, b.url], nothing);
    expect(readings[0]!.gauges.running).toBe(2);
    expect(a.received[0]).toMatchObject({ path: '/api/metrics', headers: { authorization: 'Bearer sk-1' } });
    await watched([a.url], nothing, { from: `${other.url}numbers` });
    expect(other.received[0]!.path).toBe('/numbers');
    expect(other.received[0]!.headers).not.toHaveProperty('authorization');
  });

  it.each([
    ['404', { status: 404, body: ['no'] }],
    ['a web page', { body: ['<html>'] }],
    ['a broken reply', { ending: 'cut-in-headers' }],
  ] as const)('ends at once where there is nothing to watch: %s', async (_what, script) => {
    const server = await scripted(script as Script);
    const { outcome, readings } = await watched([server.url], nothing);
    expect(outcome.refused).toEqual(expect.any(String));
    expect(readings).toEqual([]);
    expect(server.received.length).toBeLessThanOrEqual(1);
  });

  it('throws nothing where nobody listens, the URL is none or nothing can be written', async () => {
    const { outcome } = await watched([`http://127.0.0.1:${await closedPort()}/`], nothing);
    expect(outcome.refused).toMatch(/refused|connect/i);
    expect((await watched(['http://localhost/'], nothing, { from: 'nonsense' })).outcome.refused).toMatch(
      /URL/,
    );
    const server = await scripted({ body: ['vllm:num_requests_running 1\n'] });
    const append = () => {
      throw new Error('disk full');
    };
    expect((await watched([server.url], nothing, { append })).outcome.refused).toBe('disk full');
  });
});
