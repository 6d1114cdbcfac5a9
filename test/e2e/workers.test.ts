/** A load that workers send, over a real NATS server: the built command on both sides. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { toolVersion } from '../../src/basics/version.ts';
import { decodeRecord } from '../../src/contract/record-codec.ts';
import { makePacer } from '../../src/load/pacer.ts';
import { RunSummary } from '../../src/metrics/summary.ts';
import type { Summary } from '../../src/metrics/types.ts';
import type { WorkersFile } from '../../src/store/workers-file.ts';
import { HostClock } from '../../src/workers/clocks.ts';
import { connect, natsWire } from '../../src/workers/nats.ts';
import type { Order } from '../../src/workers/protocol.ts';
import { gather } from '../../src/workers/remote-host.ts';
import { noNats, startNats } from '../support/nats-server.ts';
import { childrenOf } from './killed.ts';
import {
  aisBench,
  CHAT,
  chatServer,
  emptyFolder,
  latest,
  type Running,
  SSE,
  serve,
  start,
  streamed,
  until,
  words,
} from './support.ts';

/** So many rows, in their order. */
const rows = (count: number) => `
const rows = Array.from({ length: ${count} }, (_, n) => ({ question: 'question ' + n }));
export const many_datasets = [{
  abbr: 'many',
  type: { name: 'Many', load: async () => ({ train: [], test: rows }) },
  reader_cfg: { input_columns: ['question'] },
  infer_cfg: {
    prompt_template: { template: '{question}' },
    retriever: { type: 'ZeroRetriever' },
    inferencer: { type: 'GenInferencer' },
  },
}];`;

const MANY = (count: number) => ({ 'configs/datasets/many.js': rows(count) });
const perf = [
  '--models',
  CHAT,
  '--datasets',
  'many',
  '--mode',
  'perf',
  '--max-out-len',
  '4',
  '--num-warmups',
  '0',
];

/** A worker that waits for work. */
async function workerIn(
  cwd: string,
  nats: string,
  name: string,
  ...args: readonly string[]
): Promise<Running> {
  const running = start(cwd, [
    'worker',
    '--nats',
    nats,
    '--group',
    'g',
    '--name',
    name,
    '--processes',
    '1',
    ...args,
  ]);
  await running.said('waits for runs');
  return running;
}

const workersOf = (cwd: string): WorkersFile =>
  JSON.parse(readFileSync(join(latest(cwd), 'workers.json'), 'utf8'));

/** Lines of the record files, those of one process after those of another. */
function recordLines(cwd: string): string[] {
  const folder = join(latest(cwd), 'performances/vllm-api-stream-chat');
  if (!existsSync(folder)) return [];
  const number = (file: string) => Number(/\.w(\d+)\.jsonl$/.exec(file)?.[1] ?? 0);
  return readdirSync(folder)
    .filter((file) => /_records(\.w\d+)?\.jsonl$/.test(file))
    .sort((a, b) => number(a) - number(b))
    .flatMap((file) => readFileSync(join(folder, file), 'utf8').trim().split('\n'))
    .filter((line) => line !== '');
}

const keysOf = (cwd: string) =>
  recordLines(cwd)
    .map((line) => JSON.parse(line).call)
    .map(({ id, index }) => `${id} ${index}`)
    .sort();

describe.skipIf(noNats)('workers', () => {
  it('with clocks half a second apart send the very load of one process, and its numbers are those of all records', async () => {
    const { url } = await startNats();
    const { port } = await serve();
    const load = ['--host-port', port, '--arrival', 'poisson', '--request-rate', '60', '--batch-size', '16'];
    const [one, four] = [emptyFolder(MANY(60)), emptyFolder(MANY(60))];
    const skews = [-500, -167, 167, 500];
    for (const [n, skew] of skews.entries()) await workerIn(four, url, `a${n + 1}`, `--clock-skew=${skew}`);
    const alone = await aisBench(one, ...perf, ...load, '--seed', '3');
    const together = await aisBench(four, ...perf, ...load, '--seed', '3', '--workers', 'g:4', '--nats', url);
    expect([alone.code, together.code, together.stderr]).toEqual([
      0,
      0,
      expect.stringContaining('workers of g'),
    ]);
    expect(keysOf(four)).toEqual(keysOf(one));

    const arrival = { kind: 'paced', process: 'poisson', rates: { shape: 'fixed', perSecond: 60 } } as const;
    const pacer = makePacer(arrival, {
      count: 60,
      rampCount: 60,
      seed: 3,
      durationMs: Number.POSITIVE_INFINITY,
    });
    const records = recordLines(four).map((line) => decodeRecord(line, four));
    const due = records.map(({ times }) => times.scheduled!).sort((a, b) => a - b);
    for (const [n, at] of due.entries()) expect(at - due[0]!).toBeCloseTo(pacer(n)! - pacer(0)!, 1);

    const { workers, group } = workersOf(four);
    expect([group, workers.map(({ name }) => name)]).toEqual(['g', ['a1', 'a2', 'a3', 'a4']]);
    expect(workers.map(({ processes }) => processes)).toEqual([[1], [2], [3], [4]]);
    for (const [n, { loads }] of workers.entries()) {
      const { clock, clockAfter, startLagMs } = loads[0]!;
      for (const reading of [clock, clockAfter!]) {
        expect(Math.abs(reading.offsetMs - skews[n]!)).toBeLessThanOrEqual(reading.boundMs + 1);
      }
      expect(startLagMs).toBeGreaterThanOrEqual(0);
    }

    const merged = new RunSummary({ concurrency: 16, ratePerSecond: 60, planned: 60 });
    for (const record of records) merged.add(record);
    const report = JSON.parse(
      readFileSync(join(latest(four), 'performances/vllm-api-stream-chat/many.json'), 'utf8'),
    );
    // An average depends in its last digit on the order of the records; order statistics do not.
    const ranksOf = ({ rows }: Pick<Summary, 'rows'>) =>
      rows.map(({ name, n, stats }) => ({ name, n, ...stats, average: undefined }));
    expect(ranksOf(report.summary)).toEqual(ranksOf(merged.finish()));
    expect(report.summary.rows.map(({ n }: { n: number }) => n)).toContain(60);
    const predictions = readdirSync(join(latest(four), 'predictions/vllm-api-stream-chat'));
    expect(predictions).toEqual(['many.jsonl']);
  });

  it.each([
    [
      'dies',
      (worker: Running): boolean => worker.child.kill('SIGKILL'),
      /worker a2 \(.*\) was lost \(silent for 2 s\) after about 2 of 4 samples/,
      [undefined, expect.stringContaining('silent for')],
    ],
    [
      'has a process that hangs',
      (worker: Running): boolean => process.kill(childrenOf(worker.child.pid!)[0]!, 'SIGSTOP'),
      /process 2 of worker a2 \(.*\) was lost \(silent for 2 s\) after about 2 of 4 samples/,
      [undefined, undefined],
    ],
  ] as const)(
    'of which one %s are reported: its records so far are kept, and the load was not delivered',
    async (_, fail, message, lost) => {
      const { url } = await startNats();
      const cwd = emptyFolder(MANY(8));
      // Of each worker's four requests two are answered at once and two take their time.
      const server = await chatServer(({ body }) =>
        /question [0-3]/.test(body)
          ? streamed('7')
          : { headers: SSE, body: [...words('7'), { pauseMs: 5000 }, ...(streamed('8').body ?? [])] },
      );
      const [, second] = [await workerIn(cwd, url, 'a1'), await workerIn(cwd, url, 'a2')];
      const own = ['--url', server.url, '--batch-size', '4', '--workers', 'g:2', '--nats', url];
      const run = start(cwd, [...perf, ...own, '--worker-silence', '1.5']);
      await until(() => server.asked.length === 8, 'all eight requests');
      await until(
        () => recordLines(cwd).length === 4,
        'the records of the first four, while the load goes on',
      );
      fail(second);
      const { code, stdout, stderr } = await run.finished;
      expect(code).toBe(1);
      expect(stderr).toMatch(message);
      expect(stdout).toContain(
        'LOAD NOT DELIVERED: 1 sender was lost before sending all requests of the share',
      );
      expect(stdout).toContain('2 of 8 requests were not sent');
      expect(recordLines(cwd)).toHaveLength(6);
      expect(workersOf(cwd).workers.map(({ lostTo }) => lostTo)).toEqual(lost);
    },
  );

  it('finish what is in flight when the command is interrupted, and are free for the next run', async () => {
    const { url } = await startNats();
    const cwd = emptyFolder(MANY(40));
    const server = await chatServer(() => ({
      headers: SSE,
      body: [...words('7'), { pauseMs: 500 }, ...(streamed('8').body ?? [])],
    }));
    const worker = await workerIn(cwd, url, 'a1');
    const own = ['--url', server.url, '--batch-size', '2', '--workers', 'g', '--nats', url];
    const run = start(cwd, [...perf, ...own]);
    await until(() => server.asked.length >= 2, 'the first requests');
    run.child.kill('SIGINT');
    expect((await run.finished).code).toBe(130);
    const outcomes = recordLines(cwd).map((line) => JSON.parse(line).outcome);
    expect([outcomes.length, new Set(outcomes)]).toEqual([server.asked.length, new Set(['ok'])]);
    await worker.said('has ended');
    worker.child.kill('SIGTERM');
    // Sent away, not stopped by hand: a cluster starts it again elsewhere.
    expect((await worker.finished).code).toBe(130);
  });

  it('run the code and read the data that they hold, and refuse a run that has others', async () => {
    const { url } = await startNats();
    const { port } = await serve();
    const OWN = `
import { VLLMCustomAPIChat } from 'ais-bench';
import { answer } from './answer.ts';
export class OwnChat extends VLLMCustomAPIChat { headers() { return { 'x-answer': answer }; } }`;
    const helper = (answer: string) => `export const answer = '${answer}';`;
    const config = `export const models = [{ attr: 'service', type: 'OwnChat', abbr: 'own', path: '', model: '',
      stream: true, host_ip: 'localhost', host_port: ${port}, max_out_len: 4, batch_size: 2 }];`;
    const folderWith = (answer: string, count: number) =>
      emptyFolder({
        ...MANY(count),
        'models/own.ts': OWN,
        'models/answer.ts': helper(answer),
        'configs/models/own_chat.js': config,
      });
    const [here, there] = [folderWith('1', 4), folderWith('2', 4)];
    await workerIn(there, url, 'a1');
    const args = [
      '--models',
      'own_chat',
      '--datasets',
      'many',
      '--mode',
      'perf',
      '--workers',
      'g',
      '--nats',
      url,
    ];
    const otherClass = await aisBench(here, ...args);
    expect(otherClass).toMatchObject({ code: 2, stderr: expect.stringContaining('[WORKER-CODE-001]') });
    expect(otherClass.stderr).toMatch(
      /process 1 of worker a1 \(.*\): its class OwnChat of own is not the one/,
    );
    writeFileSync(join(there, 'models/answer.ts'), helper('1'));
    expect(await aisBench(here, ...args)).toMatchObject({ code: 0 });
    const other = rows(4).replace("'question ' + n", "'other ' + (n === 1 ? 5 : n)");
    writeFileSync(join(there, 'configs/datasets/many.js'), other);
    const data = await aisBench(here, ...args);
    expect(data).toMatchObject({ code: 2, stderr: expect.stringContaining('give other samples') });
  });

  it('start no program that a run names, and load no class that a plan names', async () => {
    const { url } = await startNats();
    await workerIn(emptyFolder(), url, 'a1', '--processes', '2');
    const connection = await connect({ servers: [url], name: 'test' });
    onTestFinished(() => connection.nats.close());
    const [worker] = await gather({
      ...{ group: 'g', least: 1, run: 'r1', version: toolVersion(), waitMs: 0, silenceMs: 10_000 },
      ...{ wire: natsWire(connection), clock: new HostClock(), files: () => undefined as never },
    });
    const reports: unknown[] = [];
    worker!.listen(0, { report: (report) => reports.push(report), gone: () => {} });
    worker!.send(0, {
      ...{ type: 'assign', number: 0, folder: '/', fingerprint: '' },
      source: { flags: { set: ['models.0.python=/bin/true'] } },
    } as Order);
    await until(() => reports.length === 1, 'the refusal');
    const plan = { models: [{ modelClass: { module: '/tmp/any.js', export: 'Any', name: 'Any' } }] };
    worker!.listen(1, { report: (report) => reports.push(report), gone: () => {} });
    worker!.send(1, {
      ...{ type: 'assign', number: 1, folder: '/', fingerprint: '' },
      source: { plan },
    } as unknown as Order);
    await until(() => reports.length === 2, 'the other refusal');
    expect(reports).toMatchObject([
      { type: 'broken', error: { code: 'WORKER-PARAM-001', where: '--python' } },
      { type: 'broken', error: { code: 'WORKER-PARAM-001', message: 'it makes the plan by itself' } },
    ]);
    await worker!.release();
  });

  it('are told no key in clear text, and none that NATS is reached with is written anywhere', async () => {
    const address = Object.values(networkInterfaces())
      .flat()
      .find((one) => one?.family === 'IPv4' && !one.internal)?.address;
    const config = 'authorization { user: bench, password: "nats-secret-word" }';
    const server = await startNats({ host: address ?? '127.0.0.1', config });
    const url = server.url.replace('://', '://bench:nats-secret-word@');
    const { port } = await serve();
    const cwd = emptyFolder(MANY(4));
    await workerIn(cwd, url, 'a1');
    const args = [...perf, '--host-port', port, '--workers', 'g', '--nats', url];
    const open = await aisBench(cwd, ...args);
    expect(open.code).toBe(0);
    const files = readdirSync(latest(cwd), { recursive: true, withFileTypes: true }).filter((one) =>
      one.isFile(),
    );
    for (const { parentPath, name } of files)
      expect(readFileSync(join(parentPath, name), 'utf8')).not.toContain('nats-secret-word');
    expect(open.stderr + open.stdout).not.toContain('nats-secret-word');
    if (address === undefined) return;
    const key = await aisBench(cwd, ...args, '--api-key', 'sk-very-secret');
    expect(key).toMatchObject({ code: 2, stderr: expect.stringContaining('[WORKER-KEY-001]') });
  });

  it('are not asked for what runs on one machine only, nor without a server to find them', async () => {
    const cwd = emptyFolder(MANY(4));
    const none = await aisBench(cwd, ...perf, '--workers', 'g');
    expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('no NATS server is named') });
    const nobody = await aisBench(cwd, ...perf, '--workers', 'g', '--nats', 'nats://127.0.0.1:1');
    expect(nobody).toMatchObject({ code: 1, stderr: expect.stringContaining('[WORKER-NATS-001]') });
    const bad = await aisBench(cwd, ...perf, '--workers', 'no group');
    expect(bad).toMatchObject({ code: 2, stderr: expect.stringContaining('letters, digits') });
  });
});
