/** `ais_bench sweep` and `ais_bench search`: the built command in an empty folder against the embedded service. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderFinding } from '../../src/contract/finding.ts';
import {
  aisBench,
  CHAT,
  chatServer,
  DEMO,
  emptyFolder,
  SSE,
  serve,
  start,
  streamed,
  until,
  words,
} from './support.ts';

const RUN = ['--models', CHAT, '--datasets', DEMO, '--max-out-len', '4', '--num-warmups', '0'];

function seriesFolder(cwd: string, kind: 'sweep' | 'search'): string {
  const found = readdirSync(join(cwd, 'outputs/default')).filter((name) => name.startsWith(`${kind}_`));
  expect(found).toHaveLength(1);
  return join(cwd, 'outputs/default', found[0]!);
}

const json = (folder: string, file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8'));

const csvRows = (folder: string, file: string) =>
  readFileSync(join(folder, file), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(','));

describe('sweep', () => {
  it('measures each load in a folder of its own, shows the table, and goes on where it was', async () => {
    const { port } = await serve();
    const cwd = emptyFolder();
    const sweep = ['sweep', ...RUN, '--host-port', port, '--goodput', 'ttft:5000'];
    const first = await aisBench(cwd, ...sweep, '--concurrency', '1,2');
    expect(first.code, first.stderr).toBe(0);
    const folder = seriesFolder(cwd, 'sweep');
    const again = await aisBench(cwd, ...sweep, '--concurrency', '1..4', '--reuse');
    expect(again.code, again.stderr).toBe(0);
    expect(again.stderr.match(/measured before/g)).toHaveLength(2);
    expect(again.stderr).toContain('concurrency 4: 3 of 3');

    const { points } = json(folder, 'sweep.json');
    expect(points.map(({ asked }: any) => asked)).toEqual([1, 2, 4]);
    for (const { asked, requests, failed, ttft, e2el, goodput, verdict } of points) {
      expect([asked, requests, failed, goodput.share]).toEqual([asked, 8, 0, 1]);
      expect(ttft.p50).toBeGreaterThan(0);
      expect(e2el.p99).toBeGreaterThanOrEqual(e2el.p50);
      expect(verdict).toMatch(/^[A-Z-]+( [A-Z]+)*$/);
      // Each point is a run like any other.
      const run = join(folder, `concurrency_${asked}`);
      expect(existsSync(join(run, 'performances/vllm-api-stream-chat/demo_gsm8k.json'))).toBe(true);
      expect(json(run, `configs/concurrency_${asked}.json`).models[0].concurrency).toBe(asked);
    }
    const [head, ...rows] = csvRows(folder, 'sweep.csv');
    expect(head).toContain('ttft_p99_ms');
    expect(rows.map((row) => row[2])).toEqual(['1', '2', '4']);
    expect(again.stdout).toMatch(/^ +4 /m);
    expect(again.stdout).toContain('requests in flight');
    expect(again.stdout).not.toContain('Benchmark Duration');
  });

  it('stops a load that the service cannot keep up with, and says so', async () => {
    const { port } = await serve('--max-batch', '1');
    const cwd = emptyFolder();
    const args = [
      '--host-port',
      port,
      '--rate',
      '200',
      '--cycle',
      '--max-cases',
      '3000',
      '--batch-size',
      '900',
    ];
    const { code, stdout, stderr } = await aisBench(cwd, 'sweep', ...RUN, ...args);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('stopped, its backlog grew without bound');
    const [point] = json(seriesFolder(cwd, 'sweep'), 'sweep.json').points;
    expect(point.stopped).toBe('over-saturated');
    expect(point.requests).toBeLessThan(3000);
  });

  it('leaves what was measured when it is interrupted', async () => {
    // The first load is answered, the second never is.
    const server = await chatServer((_request, n) =>
      n < 8 ? streamed('yes') : { headers: SSE, body: words('a'), ending: 'silent-after-body' },
    );
    const cwd = emptyFolder();
    const { child, finished } = start(cwd, ['sweep', ...RUN, '--url', server.url, '--concurrency', '1,2']);
    await until(() => server.asked.length > 8, 'the second point');
    child.kill('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 200));
    child.kill('SIGINT');
    const { code, stdout } = await finished;
    expect(code).toBe(130);
    expect(stdout).toMatch(/2: interrupted/);
    expect(json(seriesFolder(cwd, 'sweep'), 'points.json').points).toHaveLength(1);
    expect(csvRows(seriesFolder(cwd, 'sweep'), 'sweep.csv')).toHaveLength(3);
  });

  it.each([
    [['sweep', ...RUN], 'no loads are given'],
    [['sweep', ...RUN, '--rate', '1', '--concurrency', '2'], 'both given'],
    [['sweep', ...RUN, '--concurrency', '1.5'], 'whole numbers'],
    [['sweep', ...RUN, '--rate', '4..1'], 'a range rises'],
    [['sweep', '--rate', '1'], 'no models are given'],
    [['sweep', ...RUN, '--rate', '1', '--reuse'], 'there is no sweep to go on with'],
    [['search', ...RUN], 'no objective is given'],
    [['search', ...RUN, '--slo', 'ttft=2s'], 'no objective is given'],
    [['search', ...RUN, '--slo', 'ttft.p0=2s'], 'a percentile is above 0'],
    [['search', ...RUN, '--slo', 'speed.p99=2s'], 'is not one of ttft'],
    [['search', ...RUN, '--slo', 'ttft=2s', '--goodput', '1'], 'no number of requests'],
    [['search', ...RUN, CHAT, '--slo', 'ttft.p99=2s'], 'command line'],
  ])('%j is refused in one line that says why', async (args, why) => {
    const cwd = emptyFolder();
    const { code, stdout, stderr } = await aisBench(cwd, ...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(why);
    expect(readdirSync(cwd)).toEqual([]);
  });
});

describe('search', () => {
  it('names the capacity, or what kept it from being measured, and repeats nothing when it goes on', async () => {
    const { port } = await serve('--max-batch', '2');
    const cwd = emptyFolder();
    const args = [
      ...['search', ...RUN, '--host-port', port, '--slo', 'ttft.p80=150ms', '--slo', 'e2el=2s'],
      ...['--goodput', '0.75', '--requests', '120', '--budget', '600'],
    ];
    const { code, stdout, stderr } = await aisBench(cwd, ...args);
    const folder = seriesFolder(cwd, 'search');
    const result = json(folder, 'search.json');
    expect(result.objectives.map(({ name }: any) => name)).toEqual(['ttft.p80=150ms', 'goodput=0.75']);
    expect(result.requests).toBeGreaterThan(0);
    expect(result.requests).toBeLessThanOrEqual(700);
    if (result.end === 'invalid') {
      // A busy machine measures itself, and the command says so instead of naming a capacity.
      expect(code).toBe(3);
      expect(['POINT-CLIENT-LIMITED', 'POINT-NOT-DELIVERED']).toContain(result.reason.code);
      expect(stdout).toContain(`To do: ${renderFinding(result.cure, 'en').cure}`);
    } else {
      expect(code, stderr).toBe(0);
      expect(stdout).toMatch(/Capacity: [\d.]+ requests a second \(95 %: [\d.]+ to [\d.]+\)/);
      expect(result.capacity.low).toBeLessThan(result.capacity.load);
      expect(result.capacity.high).toBeGreaterThan(result.capacity.load);
    }
    const again = await aisBench(cwd, ...args, '--reuse');
    if (result.end !== 'invalid') {
      expect(again.stderr).not.toContain('== point');
      expect(json(folder, 'search.json')).toEqual(result);
    }
  });
});
