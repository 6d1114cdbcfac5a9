/**
 * Load tests that workers send: `node scripts/test-real.mjs workers`. Each worker is a process in a network namespace of its own (on one
 * host where namespaces cannot be made), behind a relay that delays what it says to a real NATS server, with a clock that is wrong.
 * Figures of time are printed; what is asserted of them leaves room for a machine that does other things too.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../src/contract/record.ts';
import { summarize } from '../../src/metrics/summary.ts';
import { readRecords } from '../../src/store/read-back.ts';
import { CHAT, DEMO, emptyFolder, type Finished, latest, start, until } from '../e2e/support.ts';
import { noNats } from '../support/nats-server.ts';
import { noNamespaces } from '../support/network-namespaces.ts';
import {
  autocorrelation,
  dispersion,
  gapsOf,
  kolmogorov,
  mean,
  windowsIn,
} from '../support/point-process.ts';
import {
  type ArrivalServer,
  arrivalServer,
  startWorkers,
  type TestWorkers,
  type WorkerRig,
} from '../support/workers.ts';

if (noNamespaces !== undefined) console.warn(`all workers on one host: ${noNamespaces}`);

const SKEWED: readonly WorkerRig[] = [5, 10, 15, 20].map((delayMs, n) => ({
  up: { delayMs },
  down: { delayMs },
  skewMs: n % 2 === 0 ? 500 : -500,
}));

const load = (url: string, ...more: readonly string[]) => [
  ...['--models', CHAT, '--datasets', DEMO, '--mode', 'perf', '--url', url, '--cycle'],
  // Each worker says who it is by its own environment.
  ...['--no-scrape-metrics', '--header', 'X-Worker: {env:WORKER}', ...more],
];

interface Run extends Finished {
  readonly cwd: string;
}

async function runOn({ group, nats, workers }: TestWorkers, ...args: readonly string[]): Promise<Run> {
  const cwd = emptyFolder();
  const ours = ['--workers', `${group}:${workers.length}`, '--nats', nats.url];
  const finished = await start(cwd, [...args, ...ours], { env: { WORKER: 'coordinator' } }).finished;
  return { cwd, ...finished };
}

const folderOf = (cwd: string) => join(latest(cwd), 'performances', 'vllm-api-stream-chat');
const workersFile = (cwd: string) => JSON.parse(readFileSync(join(latest(cwd), 'workers.json'), 'utf8'));
const reportOf = (cwd: string) => JSON.parse(readFileSync(join(folderOf(cwd), 'demo_gsm8k.json'), 'utf8'));

/** Records, one file after the other. */
async function recordsIn(cwd: string): Promise<RunRecord[]> {
  const files = readdirSync(folderOf(cwd)).filter((file) => /_records(\.w\d+)?\.jsonl$/.test(file));
  const records: RunRecord[] = [];
  for (const file of files)
    for await (const record of readRecords(join(folderOf(cwd), file))) records.push(record);
  return records;
}

const spread = (values: readonly number[]) => Math.max(...values) - Math.min(...values);
const shown = (values: readonly number[]) => values.map((value) => value.toFixed(2)).join(', ');

describe.skipIf(noNats)(`workers${noNats === undefined ? '' : ` (not run: ${noNats})`}`, () => {
  it('know their clocks within the stated bound, however unequal the ways are', async () => {
    const settings: readonly WorkerRig[] = [
      { up: { delayMs: 30 }, down: { delayMs: 2 }, skewMs: 500 },
      { up: { delayMs: 2 }, down: { delayMs: 30 }, skewMs: -500 },
      { up: { delayMs: 5, jitterMs: 20 }, down: { delayMs: 1, jitterMs: 40 }, skewMs: 500 },
      { up: { delayMs: 1, jitterMs: 40 }, down: { delayMs: 5, jitterMs: 20 }, skewMs: -500 },
    ];
    const rig = await startWorkers(settings);
    const server = await arrivalServer(rig.workers[0]!.space?.hostAddress);
    const { cwd, code, stderr } = await runOn(
      rig,
      ...load(server.url, '--batch-size', '4', '--max-cases', '20', '--num-warmups', '0'),
    );
    expect(code, stderr).toBe(0);
    const clocks = workersFile(cwd).workers.flatMap(({ loads }: any, n: number) =>
      [loads[0].clock, loads[0].clockAfter].map((clock: any) => ({
        ...clock,
        error: clock.offsetMs - settings[n]!.skewMs!,
      })),
    );
    console.log(
      `errors and bounds at unequal ways, ms: ${clocks.map(({ error, boundMs }: any) => `${error.toFixed(2)} ± ${boundMs.toFixed(2)}`).join(', ')}`,
    );
    // All processes set their clocks by this machine's time of day, one after the other: they differ by what it was moved meanwhile.
    for (const { error, boundMs } of clocks) expect(Math.abs(error)).toBeLessThanOrEqual(boundMs + 0.1);
    // The ways were unequal indeed.
    expect(Math.max(...clocks.map(({ error }: any) => Math.abs(error)))).toBeGreaterThan(5);
  });

  it('begin together, however wrong their clocks are, and send the very load that one machine would send', async () => {
    const rate = 100;
    const args = [
      ...['--request-rate', String(rate), '--arrival', 'poisson', '--seed', '3', '--max-cases', '600'],
      ...['--batch-size', '200', '--num-warmups', '0'],
    ];
    const rig = await startWorkers(SKEWED);
    const server = await arrivalServer(rig.workers[0]!.space?.hostAddress);
    const many = await runOn(rig, ...load(server.url, ...args));
    expect(many.code, many.stderr).toBe(0);
    const { cwd } = many;
    const records = await recordsIn(cwd);
    expect(records).toHaveLength(600);

    // Pauses of this machine make single requests late; the earliest of many shows what a worker takes for the start.
    const starts = await startsOf(rig, server.arrivals, cwd);
    console.log(`start spread, as the service saw it: ${spread(starts).toFixed(2)} ms`);
    expect(spread(starts)).toBeLessThanOrEqual(20);
    const errors = workersFile(cwd).workers.map(
      ({ loads }: any, n: number) => loads[0].clock.offsetMs - SKEWED[n]!.skewMs!,
    );
    console.log(`errors of the offsets at equal ways, ms: ${shown(errors)}`);
    for (const error of errors) expect(Math.abs(error)).toBeLessThanOrEqual(2);

    const alone = emptyFolder();
    const one = load(server.url, '--workers', '1', ...args);
    const single = await start(alone, one, { env: { WORKER: 'alone' } }).finished;
    expect(single.code, single.stderr).toBe(0);
    const [schedule, ofOne] = [scheduleOf(records), scheduleOf(await recordsIn(alone))];
    // To the microsecond that records keep.
    expect(Math.max(...schedule.map((at, n) => Math.abs(at - ofOne[n]!)))).toBeLessThan(0.003);

    // All workers' requests together are Poisson: as they were due, and as they were sent but for pauses of this machine.
    const begin = records.reduce(
      (first, { times }) => Math.min(first, times.scheduled!),
      Number.POSITIVE_INFINITY,
    );
    const sent = records.map(({ times }) => times.sent! - begin).sort((a, b) => a - b);
    const [due, left] = [schedule, sent].map((arrivals) => statisticsOf(arrivals, rate));
    console.log(
      `due: ${JSON.stringify(due)}; sent: ${JSON.stringify(left)}; lag P50 ${median(records.map(lagOf)).toFixed(2)} ms`,
    );
    expect(Math.abs(due!.dispersion - 1)).toBeLessThanOrEqual(4 * Math.sqrt(2 / due!.windows));
    expect(Math.abs(due!.meanGap - 1)).toBeLessThanOrEqual(4 / Math.sqrt(600));
    expect(due!.kolmogorov).toBeLessThan(1.63);
    expect(Math.abs(due!.autocorrelation)).toBeLessThanOrEqual(4 / Math.sqrt(600));
    expect(median(records.map(lagOf))).toBeLessThan(100);

    // Percentiles over all workers are those of the records themselves, whichever file they lie in.
    const { rows } = await summarize(records, { concurrency: 200, ratePerSecond: rate });
    // Averages are sums of floats, whose last digits depend on the order.
    const percentiles = (some: readonly any[]) =>
      some.map(({ name, n, stats: { average, ...exact } = { average: 0 } }) => ({ name, n, ...exact }));
    expect(percentiles(reportOf(cwd).summary.rows)).toEqual(percentiles(rows));
    const workers = reportOf(cwd).summary.workers;
    expect(workers.map(({ name, requests }: any) => [name, requests])).toEqual(
      rig.workers.map(({ name }) => [name, 150]),
    );
    expect(many.stdout).toMatch(/^worker-1 .*\n.*worker-2 /m);
  });

  it.skipIf(noNamespaces)(
    'of which one has its cable pulled: it is lost, and the load was not delivered',
    async () => {
      const rig = await startWorkers([{}, {}, {}, {}]);
      const server = await arrivalServer(rig.workers[0]!.space?.hostAddress);
      const args = [
        '--request-rate',
        '50',
        '--max-cases',
        '300',
        '--batch-size',
        '40',
        '--worker-silence',
        '2',
      ];
      const running = runOn(rig, ...load(server.url, ...args, '--num-warmups', '0'));
      await until(() => server.arrivals.length > 100, 'a third of the load');
      rig.workers[3]!.space!.unplug();
      const { cwd, code, stdout, stderr } = await running;
      expect(code, stderr).toBe(1);
      expect(stdout).toMatch(/^LOAD NOT DELIVERED: /m);
      expect(stdout).toMatch(/worker-4 .* was lost/);
      const sentBy = reportOf(cwd).summary.workers.map(({ requests }: any) => requests);
      expect(sentBy.slice(0, 3)).toEqual([75, 75, 75]);
      // What it wrote comes every two seconds or so.
      expect(sentBy[3] ?? 0).toBeLessThan(75);
      expect(workersFile(cwd).workers.map(({ lostTo }: any) => lostTo !== undefined)).toEqual([
        ...[false, false, false, true],
      ]);
      // Once it is back it has understood that nobody waits for it.
      rig.workers[3]!.space!.plug();
      await rig.workers[3]!.running.said('gave up the run');
    },
  );
});

/** What a Poisson process of so many arrivals a second has near 1, 1, below 1.63 and near 0. */
function statisticsOf(arrivals: readonly number[], rate: number) {
  const windowMs = 5000 / rate;
  const gaps = gapsOf(arrivals).map((gap) => (gap * rate) / 1000);
  return {
    windows: windowsIn(arrivals, windowMs),
    dispersion: dispersion(arrivals, windowMs),
    meanGap: mean(gaps),
    kolmogorov: kolmogorov(gaps),
    autocorrelation: autocorrelation(gaps),
  };
}

/** Of each worker: when the load began, on the service's clock, as its earliest request tells. */
async function startsOf(
  { workers }: TestWorkers,
  arrivals: ArrivalServer['arrivals'],
  cwd: string,
): Promise<number[]> {
  return Promise.all(
    workers.map(async ({ name }, n) => {
      const due: number[] = [];
      const file = join(folderOf(cwd), `demo_gsm8k_records.w${n + 1}.jsonl`);
      for await (const { times } of readRecords(file)) due.push(times.scheduled!);
      const came = arrivals.filter(({ from }) => from === name).map(({ at }) => at);
      expect(came).toHaveLength(due.length);
      due.sort((a, b) => a - b);
      return Math.min(...came.map((at, k) => at - due[k]!));
    }),
  );
}

/** When requests were due, from the first on. */
function scheduleOf(records: readonly RunRecord[]): number[] {
  const due = records.map(({ times }) => times.scheduled!).sort((a, b) => a - b);
  return due.map((at) => at - due[0]!);
}

const lagOf = ({ times }: RunRecord) => times.sent! - times.scheduled!;

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
