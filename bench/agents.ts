/**
 * A load that four agents on this machine send, against the same load from one process: how far apart they start, how well their
 * clocks are known, whether what arrives is Poisson, and what a request costs in CPU time.
 *
 *   npm run bench:agents [-- start arrivals cpu]     default: all three
 *
 * Needs `nats-server`. Agents call their clocks −500, −167, 167 and 500 ms wrong. Arrivals are stamped by the server that is asked.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AgentsFile } from '../src/store/agents-file.ts';
import { median, rounds, row, title } from './load/table.ts';

const MAIN = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const SKEWS = [-500, -167, 167, 500];
const EVENTS = 32;
const TICKS_PER_SECOND = 100;

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

/** Seconds of CPU that a process and its children that ended have used. */
function cpuOf({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_PER_SECOND;
}

interface Setting {
  readonly folder: string;
  readonly url: string;
  readonly nats: string;
}

/** Runs the command to its end; returns the CPU seconds of it and its children. */
async function run(
  { folder, url, nats }: Setting,
  isWithAgents: boolean,
  ...args: readonly string[]
): Promise<number> {
  arrivals.length = 0;
  const who = isWithAgents ? ['--agents', `bench:${SKEWS.length}`, '--nats', nats] : ['--load-workers', '1'];
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

const agentsFile = ({ folder }: Setting): AgentsFile =>
  JSON.parse(readFileSync(join(folder, 'outputs/default/latest/agents.json'), 'utf8'));

async function measureStart(setting: Setting): Promise<boolean> {
  title('Four agents start together: the first request of each, as it arrives');
  const [spreads, lags, errors, bounds]: number[][] = [[], [], [], []];
  for (let round = 0; round < 5; round++) {
    await run(setting, true, '--batch-size', '4', '--max-cases', '40');
    spreads!.push(arrivals[3]! - arrivals[0]!);
    for (const [n, { loads }] of agentsFile(setting).agents.entries()) {
      const { clock, startLagMs } = loads[0]!;
      lags!.push(startLagMs!);
      errors!.push(Math.abs(clock.offsetMs - SKEWS[n]!));
      bounds!.push(clock.boundMs);
    }
  }
  rounds('first to fourth arrival, ms', spreads!);
  return [
    row('  largest', Math.max(...spreads!), 'ms', 20),
    row('  start lag of an agent, largest', Math.max(...lags!), 'ms', 20),
    row('  error of a clock offset, largest', Math.max(...errors!), 'ms', 2),
    row('  bound of a clock offset, median', median(bounds!), 'ms', 2),
  ].every(Boolean);
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const variance = (values: readonly number[]) => {
  const middle = mean(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
};

/** As in src/load/statistics.test.ts, on what arrived: windows that hold ten requests on the average. */
async function measureArrivals(setting: Setting): Promise<boolean> {
  const rate = 500;
  const count = 16_000;
  title(`Poisson arrivals, ${rate}/s, ${count} requests from four agents, as they arrive`);
  const load = ['--arrival', 'poisson', '--request-rate', String(rate), '--batch-size', '400'];
  await run(setting, true, ...load, '--max-cases', String(count), '--seed', '1');
  const at = arrivals.map((one) => one - arrivals[0]!).sort((a, b) => a - b);
  const width = 10_000 / rate;
  const counts = new Array<number>(Math.floor(at.at(-1)! / width)).fill(0);
  for (const one of at) if (one < counts.length * width) counts[Math.floor(one / width)]! += 1;
  const gaps = at.slice(1).map((one, n) => one - at[n]!);
  const middle = mean(gaps);
  const products = gaps.slice(1).map((gap, n) => (gap - middle) * (gaps[n]! - middle));
  const memory = products.reduce((sum, product) => sum + product, 0) / (variance(gaps) * (gaps.length - 1));
  console.log(
    `  ${at.length} arrivals, ${((1000 * at.length) / at.at(-1)!).toFixed(1)}/s, ${counts.length} windows of ${width} ms`,
  );
  return [
    row(
      '  variance over mean of the windows, distance from 1',
      Math.abs(variance(counts) / mean(counts) - 1),
      '',
      0.1,
    ),
    row('  correlation of a gap with the next', Math.abs(memory), '', 0.05),
  ].every(Boolean);
}

/** What a request costs: of a large load less a small one, so that starting the processes does not count. */
async function measureCpu(
  setting: Setting,
  agents: readonly ChildProcess[],
  nats: ChildProcess,
): Promise<boolean> {
  const [few, many] = [1000, 9000];
  title(
    `CPU of a request with ${EVENTS} events, 64 in flight: all processes of four agents against one process`,
  );
  const parts = {
    one: [] as number[],
    command: [] as number[],
    agents: [] as number[],
    nats: [] as number[],
  };
  for (let round = 0; round < 3; round++) {
    const cost = async (isWithAgents: boolean, count: number) => {
      const before = [agents, [nats]].map((some) => some.reduce((sum, one) => sum + cpuOf(one), 0));
      const command = await run(setting, isWithAgents, '--batch-size', '64', '--max-cases', String(count));
      // Workers end, and are counted, a moment after the command.
      await new Promise((resolve) => setTimeout(resolve, 500));
      const after = [agents, [nats]].map((some) => some.reduce((sum, one) => sum + cpuOf(one), 0));
      return [command, after[0]! - before[0]!, after[1]! - before[1]!] as const;
    };
    const each = (large: number, small: number) => (1e6 * (large - small)) / (many - few);
    const alone = [await cost(false, few), await cost(false, many)] as const;
    const together = [await cost(true, few), await cost(true, many)] as const;
    parts.one.push(each(alone[1][0], alone[0][0]));
    parts.command.push(each(together[1][0], together[0][0]));
    parts.agents.push(each(together[1][1], together[0][1]));
    parts.nats.push(each(together[1][2], together[0][2]));
  }
  rounds('one process, µs a request', parts.one, 0);
  rounds('the command, µs', parts.command, 0);
  rounds('the agents and their workers, µs', parts.agents, 0);
  rounds('the NATS server, µs', parts.nats, 0);
  const shares = parts.one.map((one, n) => one / (parts.command[n]! + parts.agents[n]! + parts.nats[n]!));
  rounds('throughput per CPU second', shares);
  return row('  of four agents as a share of one process', median(shares), '', 0.9, false);
}

const names = process.argv.slice(2).filter((word) => word !== '--');
const folder = mkdtempSync(join(tmpdir(), 'ais-bench-agents-bench-'));
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
const agents: ChildProcess[] = [];
for (const [n, skew] of SKEWS.entries()) {
  const args = [
    'agent',
    '--group',
    'bench',
    '--nats',
    nats,
    '--name',
    `a${n}`,
    '--workers',
    '1',
    `--clock-skew=${skew}`,
  ];
  agents.push((await startUntil(process.execPath, [MAIN, ...args], /waits for work/, folder))[0]);
}
const setting = { folder, url, nats };
const isWanted = (name: string) => names.length === 0 || names.includes(name);
const met = [
  !isWanted('start') || (await measureStart(setting)),
  !isWanted('arrivals') || (await measureArrivals(setting)),
  !isWanted('cpu') || (await measureCpu(setting, agents, natsServer)),
];
process.exit(met.every(Boolean) ? 0 : 1);
