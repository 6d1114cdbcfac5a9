/**
 * How long a person waits for the command itself: CPU time (user + system) of `ais_bench --help`, and of everything up to
 * the first request that reaches a service. CPU time, because a busy machine does not change it; beside it the same as
 * a multiple of `node -e 0`, measured in turn with it, because another machine changes both alike.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROUNDS = 9;
const MAIN = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const DATASET = 'demo_gsm8k_gen_4_shot_cot_chat_prompt';

/** A config of the user's own, which is compiled before it is read. */
const OWN_CONFIG = `import { VLLMCustomAPIChat } from 'ais-bench';
class Own extends VLLMCustomAPIChat {}
export const models = [{ attr: 'service', type: Own, abbr: 'own', stream: true }];
`;

interface Case {
  readonly name: string;
  /** Largest median, in ms of CPU time. */
  readonly limit?: number;
  readonly measure: () => number | Promise<number>;
}

const folder = mkdtempSync(join(tmpdir(), 'ais-bench-startup-'));
mkdirSync(join(folder, 'configs/models'), { recursive: true });
writeFileSync(join(folder, 'configs/models/own.ts'), OWN_CONFIG);

const CASES: readonly Case[] = [
  { name: 'node -e 0 (reference)', measure: () => wholeRun(['-e', '0']) },
  { name: 'ais_bench --help', limit: 300, measure: () => wholeRun([MAIN, '--help']) },
  { name: 'first request', limit: 700, measure: () => untilFirstRequest('vllm_api_stream_chat') },
  { name: 'first request, own .ts config', limit: 700, measure: () => untilFirstRequest('own') },
];

/** CPU time of a Node process from start to end, in ms; bash's `time` knows milliseconds. */
function wholeRun(args: readonly string[]): number {
  const script = 'TIMEFORMAT="%3U %3S"; { time "$@" >/dev/null 2>&1; } 2>&1';
  const { stdout } = spawnSync('bash', ['-c', script, 'bash', process.execPath, ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  const [user, system] = stdout.trim().replaceAll(',', '.').split(' ').map(Number);
  return 1000 * (user! + system!);
}

/** CPU time that a run has used when its first request for an answer arrives, in ms. */
async function untilFirstRequest(model: string): Promise<number> {
  let used: number | undefined;
  const server = createServer((request, response) => {
    if (request.url === '/v1/models') {
      response.setHeader('content-type', 'application/json');
      response.end('{"data": [{"id": "m"}]}');
      return;
    }
    used ??= cpuTimeOf(run.pid!);
    response.writeHead(400).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const flags = [
    '--models',
    model,
    '--datasets',
    DATASET,
    '--url',
    url,
    '--num-prompts',
    '1',
    '--num-warmups',
    '0',
  ];
  const run = spawn(process.execPath, [MAIN, ...flags], { cwd: folder, stdio: 'ignore' });
  await new Promise((resolve) => run.once('close', resolve));
  await new Promise((resolve) => server.close(resolve));
  if (used === undefined) throw new Error(`the run with ${model} sent no request`);
  return used;
}

/** CPU time of a running process so far, in ms. Linux only; counted in ticks of 10 ms, which is fine enough here. */
function cpuTimeOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // Fields are counted from behind the name, which may hold anything.
  const [, , , , , , , , , , , user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  return 10 * (user! + system!);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

const samples = new Map<Case, number[]>(CASES.map((one) => [one, []]));
try {
  for (let round = 0; round < ROUNDS; round++) {
    for (const one of CASES) samples.get(one)!.push(await one.measure());
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const reference = median(samples.get(CASES[0]!)!);
console.log(`CPU time in ms (user + system), median of ${ROUNDS} runs in turn; node ${process.version}\n`);
console.log(`${'case'.padEnd(32)}median    min    max  x node   limit`);
for (const [{ name, limit }, values] of samples) {
  const middle = median(values);
  const cells = [middle, Math.min(...values), Math.max(...values)].map((value) =>
    value.toFixed(0).padStart(6),
  );
  const verdict =
    limit === undefined ? '' : `${String(limit).padStart(7)} ${middle <= limit ? 'met' : 'MISSED'}`;
  console.log(
    `${name.padEnd(32)}${cells.join(' ')}  ${(middle / reference).toFixed(2).padStart(6)} ${verdict}`,
  );
  if (limit !== undefined && middle > limit) process.exitCode = 1;
}
