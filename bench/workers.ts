/**
 * A load that four workers on this machine send, against the same load from one process: how far apart they start, how well their
 * clocks are known, whether what arrives is Poisson, and what a request costs in CPU time.
 *
 *   npm run bench:workers [-- start arrivals cpu --rounds N]     default: all three
 *
 * Needs `nats-server`. Workers call their clocks −500, −167, 167 and 500 ms wrong. Arrivals are stamped by the server that is asked.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { WorkersFile } from '../src/store/workers-file.ts';
import { autocorrelation, dispersion, gapsOf } from '../test/support/point-process.ts';
import { median, rounds, row, title } from './load/table.ts';

const MAIN = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const SKEWS = [-500, -167, 167, 500];
const EVENTS = 32;
const TICKS_PER_SECOND = 100;
const IN_FLIGHT = 256;
/** Requests of the small and of the large load. */
const COUNTS = [8000, 32_000] as const;
const { positionals: names, values } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '3' } },
});

const DATASET = `
const rows = Array.from({ length: 1000 }, (_, n) => ({ question: 'question ' + n }));
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

/** When requests for answers arrived, ms. */
const arrivals: number[] = [];

/** Answers at once with a whole stream. */
function startService(): Promise<string> {
  const event = (delta: object, rest = {}) =>
    `data: ${JSON.stringify({ choices: [{ index: 0, delta, ...rest }] })}\n\n`;
  const answer = [
    ...Array.from({ length: EVENTS }, (_, n) => event({ content: `word${n} ` })),
    event({}, { finish_reason: 'stop' }),
    `data: ${JSON.stringify({ choices: [], usage: { prompt_tokens: 7, completion_tokens: EVENTS } })}\n\n`,
    'data: [DONE]\n\n',
  ].join('');
  const server = createServer((request, response) => {
    if (request.method === 'GET') {
      response.setHeader('content-type', 'application/json');
      response.statusCode = request.url === '/v1/models' ? 200 : 404;
      response.end(JSON.stringify({ data: [{ id: 'bench' }] }));
      return;
    }
    arrivals.push(performance.now());
    request.resume();
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(answer);
  });
  server.keepAliveTimeout = 60_000;
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () =>
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    );
  });
}

const running: ChildProcess[] = [];
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts a process and waits for words on its standard error. */
async function startUntil(
  command: string,
  args: readonly string[],
  words: RegExp,
  cwd: string,
): Promise<[ChildProcess, string]> {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  running.push(child);
  let said = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr.on('data', (bytes: Buffer) => {
      said += bytes.toString();
      if (words.test(said)) resolve();
    });
    child.once('exit', (code) => reject(new Error(`${command} ended with ${code}\n${said}`)));
  });
  return [child, words.exec(said)?.[1] ?? ''];
}

/** Seconds of CPU that processes, and their children that ended, have used. */
function cpuOf(processes: readonly ChildProcess[]): { own: number; children: number } {
  const total = { own: 0, children: 0 };
  for (const { pid } of processes) {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ').map(Number);
    const [user = 0, system = 0, ofChildren = 0, ofChildrenSystem = 0] = fields.slice(11, 15);
    total.own += (user + system) / TICKS_PER_SECOND;
    total.children += (ofChildren + ofChildrenSystem) / TICKS_PER_SECOND;
  }
  return total;
}

interface Setting {
  readonly folder: string;
  readonly url: string;
  readonly nats: string;
}

/** Runs the command to its end; returns the CPU seconds of it and its children. */
async function run(
  { folder, url, nats }: Setting,
  isWithWorkers: boolean,
  ...args: readonly string[]
): Promise<number> {
  arrivals.length = 0;
  const who = isWithWorkers ? ['--workers', `bench:${SKEWS.length}`, '--nats', nats] : ['--workers', '1'];
  const own = [
    '--models',
    'vllm_api_stream_chat',
    '--datasets',
    'many',
    '--mode',
    'perf',
    '--num-warmups',
    '0',
  ];
  const all = [process.execPath, MAIN, ...own, '--url', url, '--cycle', ...args, ...who];
  const child = spawn('bash', ['-c', '"$@" >&2; code=$?; times; exit $code', 'bash', ...all], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [times, said] = ['', ''];
  child.stdout.on('data', (bytes: Buffer) => {
    times += bytes.toString();
  });
  child.stderr.on('data', (bytes: Buffer) => {
    said += bytes.toString();
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`the run ended with ${code}\n${said}`);
  // The second line is that of the shell's children: user and system.
  const [, minutesAndSeconds = ''] = times.trim().split('\n');
  return [...minutesAndSeconds.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds),
    0,
  );
}

const readWorkers = ({ folder }: Setting): WorkersFile =>
  JSON.parse(readFileSync(join(folder, 'outputs/default/latest/workers.json'), 'utf8'));

/** Times of the requests of a process, counted from 1. */
function recordsOf(
  { folder }: Setting,
  worker: number,
): { readonly scheduled: number; readonly sent: number }[] {
  const file = `many_records.w${worker}.jsonl`;
  const path = join(folder, 'outputs/default/latest/performances/vllm-api-stream-chat', file);
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).times);
}

/** When each worker sent its first request: ms on the clock of the run, put right by how far off its clock was taken to be. */
function firstsSent(setting: Setting): number[] {
  return readWorkers(setting).workers.map(({ processes, loads }, n) => {
    const sent = recordsOf(setting, processes[0]!).map((times) => times.sent);
    return Math.min(...sent) + loads[0]!.clock.offsetMs - SKEWS[n]!;
  });
}

const spreadOf = (values: readonly number[]) => Math.max(...values) - Math.min(...values);

async function measureStart(setting: Setting): Promise<boolean> {
  title('Four workers start together');
  const [sent, arrived, lags, errors, bounds]: number[][] = [[], [], [], [], []];
  for (let round = 0; round < 5; round++) {
    await run(setting, true, '--batch-size', '4', '--max-cases', '40');
    sent!.push(spreadOf(firstsSent(setting)));
    arrived!.push(arrivals[3]! - arrivals[0]!);
    for (const [n, { loads }] of readWorkers(setting).workers.entries()) {
      const { clock, startLagMs } = loads[0]!;
      lags!.push(startLagMs!);
      errors!.push(Math.abs(clock.offsetMs - SKEWS[n]!));
      bounds!.push(clock.boundMs);
    }
  }
  rounds('first requests sent, spread in ms', sent!);
  rounds('first requests arrive, ms', arrived!);
  return [
    row('  spread as sent, largest', Math.max(...sent!), 'ms', 20),
    row('  start lag of a worker, largest', Math.max(...lags!), 'ms', 20),
    row('  error of a clock offset, largest', Math.max(...errors!), 'ms', 2),
    row('  bound of a clock offset, median', median(bounds!), 'ms', 2),
  ].every(Boolean);
}

/** Of all records of the run: when they were due and sent, ms, in their order. */
function stampsOf(setting: Setting): { readonly due: number[]; readonly sent: number[] } {
  const times = readWorkers(setting)
    .workers.flatMap(({ processes }) => processes)
    .flatMap((worker) => recordsOf(setting, worker));
  const inOrder = (values: number[]) => values.sort((a, b) => a - b).map((at) => at - values[0]!);
  return { due: inOrder(times.map((one) => one.scheduled)), sent: inOrder(times.map((one) => one.sent)) };
}

/** As in src/load/statistics.test.ts, in windows that hold ten requests on the average. */
async function measureArrivals(setting: Setting): Promise<boolean> {
  const rate = 200;
  const count = 10_000;
  title(`Poisson arrivals, ${rate}/s, ${count} requests from four workers`);
  const load = ['--arrival', 'poisson', '--request-rate', String(rate), '--batch-size', '200'];
  await run(setting, true, ...load, '--max-cases', String(count), '--seed', '1');
  const { due, sent } = stampsOf(setting);
  const arrived = arrivals.map((at) => at - arrivals[0]!).sort((a, b) => a - b);
  const widthMs = 10_000 / rate;
  const show = (name: string, at: readonly number[]) => {
    const figures = [dispersion(at, widthMs), autocorrelation(gapsOf(at))].map((value) => value.toFixed(3));
    console.log(
      `  ${name.padEnd(10)} dispersion ${figures[0]}, correlation of a gap with the next ${figures[1]}`,
    );
  };
  show('due', due);
  show('sent', sent);
  show('arrived', arrived);
  return [
    row('  dispersion as sent, distance from 1', Math.abs(dispersion(sent, widthMs) - 1), '', 0.1),
    row('  correlation as sent', Math.abs(autocorrelation(gapsOf(sent))), '', 0.05),
  ].every(Boolean);
}

interface Cost {
  readonly command: number;
  /** Of the workers. */
  readonly processes: number;
  readonly workers: number;
  readonly nats: number;
}

/** CPU seconds of a load, by who used them. */
async function costOf(
  setting: Setting,
  isWithWorkers: boolean,
  count: number,
  { workers, nats }: { readonly workers: readonly ChildProcess[]; readonly nats: ChildProcess },
): Promise<Cost> {
  const before = [cpuOf(workers), cpuOf([nats])] as const;
  const load = ['--batch-size', String(IN_FLIGHT), '--max-cases', String(count)];
  const command = await run(setting, isWithWorkers, ...load);
  // Workers end, and are counted, a moment after the command.
  await new Promise((resolve) => setTimeout(resolve, 500));
  const after = [cpuOf(workers), cpuOf([nats])] as const;
  return {
    command,
    processes: after[0].children - before[0].children,
    workers: after[0].own - before[0].own,
    nats: after[1].own - before[1].own,
  };
}

/**
 * What a request costs: of a large load less a small one, so that neither starting processes nor what V8 compiles in each of them
 * counts. The report of the command is in it, on both sides.
 */
async function measureCpu(setting: Setting, processes: Parameters<typeof costOf>[3]): Promise<boolean> {
  title(`CPU of a request with ${EVENTS} events, ${IN_FLIGHT} in flight: four workers against one process`);
  const [few, many] = COUNTS;
  const alone: number[] = [];
  const together: Cost[] = [];
  const each = (large: number, small: number) => (1e6 * (large - small)) / (many - few);
  for (let round = 0; round < Number(values.rounds); round++) {
    const [small, large] = [
      await costOf(setting, false, few, processes),
      await costOf(setting, false, many, processes),
    ];
    alone.push(each(large.command, small.command));
    const [less, more] = [
      await costOf(setting, true, few, processes),
      await costOf(setting, true, many, processes),
    ];
    together.push({
      command: each(more.command, less.command),
      processes: each(more.processes, less.processes),
      workers: each(more.workers, less.workers),
      nats: each(more.nats, less.nats),
    });
  }
  rounds('one process, µs a request', alone, 0);
  const part = (name: keyof Cost) => together.map((cost) => cost[name]);
  rounds('processes of workers, µs', part('processes'), 0);
  rounds('workers themselves, µs', part('workers'), 0);
  rounds('the command, µs', part('command'), 0);
  rounds('the NATS server, µs', part('nats'), 0);
  const sum = ({ command, processes, workers, nats }: Cost) => command + processes + workers + nats;
  const shares = together.map((cost, n) => alone[n]! / sum(cost));
  rounds('throughput per CPU second', shares);
  return row('  of four workers as a share of one process', median(shares), '', 0.9, false);
}

const folder = mkdtempSync(join(tmpdir(), 'ais-bench-workers-bench-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
mkdirSync(join(folder, 'configs/datasets'), { recursive: true });
writeFileSync(join(folder, 'configs/datasets/many.js'), DATASET);
const url = await startService();
const store = join(folder, 'nats');
const ready = /Listening for client connections on \S+:(\d+)[\s\S]*Server is ready/;
const [natsServer, port] = await startUntil(
  'nats-server',
  ['-js', '-sd', store, '-a', '127.0.0.1', '-p', '-1'],
  ready,
  folder,
);
const nats = `nats://127.0.0.1:${port}`;
const workers: ChildProcess[] = [];
for (const [n, skew] of SKEWS.entries()) {
  const args = [
    'worker',
    '--group',
    'bench',
    '--nats',
    nats,
    '--name',
    `a${n}`,
    '--processes',
    '1',
    `--clock-skew=${skew}`,
  ];
  workers.push((await startUntil(process.execPath, [MAIN, ...args], /waits for runs/, folder))[0]);
}
const setting = { folder, url, nats };
const isWanted = (name: string) => names.length === 0 || names.includes(name);
const met = [
  !isWanted('start') || (await measureStart(setting)),
  !isWanted('arrivals') || (await measureArrivals(setting)),
  !isWanted('cpu') || (await measureCpu(setting, { workers, nats: natsServer })),
];
process.exit(met.every(Boolean) ? 0 : 1);
