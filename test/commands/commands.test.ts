/** Every command once, end to end, as it is built: the short tier. What they do at length is in `test/e2e`. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parquetMetadata } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import {
  aisBench,
  CHAT,
  DEMO,
  emptyFolder,
  type Finished,
  filesBelow,
  latest,
  recordsOf,
  serve,
  start,
} from '../e2e/support.ts';
import { accuracyRun } from '../support/aisbench-run.ts';
import { noNats, startNats } from '../support/nats-server.ts';

const LATEST = 'outputs/default/latest';
const MODEL = 'vllm-api-stream-chat';
const RUN = ['--models', CHAT, '--datasets', DEMO, '--num-warmups', '0', '--max-out-len', '8'];

/** Runs the command, which succeeds. */
async function succeeds(cwd: string, ...args: readonly string[]): Promise<Finished> {
  const finished = await aisBench(cwd, ...args);
  expect(finished.code, finished.stderr).toBe(0);
  return finished;
}

/** A folder with a finished run against the built-in service. */
async function folderWithRun(...args: readonly string[]) {
  const { url } = await serve('--max-batch', '16');
  const cwd = emptyFolder();
  await succeeds(cwd, ...RUN, '--url', url, '--batch-size', '8', ...args);
  return { cwd, url };
}

const resultsIn = (cwd: string) =>
  JSON.parse(readFileSync(join(latest(cwd), `results/${MODEL}/demo_gsm8k.json`), 'utf8'));

const COMMANDS: Readonly<Record<string, () => Promise<void>>> = {
  async run() {
    const { cwd } = await folderWithRun('--mode', 'all+perf');
    expect(recordsOf(cwd).map(({ outcome }) => outcome)).toEqual(Array(8).fill('ok'));
    expect(Object.keys(resultsIn(cwd).details)).toHaveLength(8);
    expect(existsSync(join(cwd, LATEST, 'report.html'))).toBe(true);
  },

  async demo() {
    const { stdout } = await succeeds(emptyFolder(), 'demo', '--accuracy', '1');
    expect(stdout).toMatch(/^demo_gsm8k accuracy \(simulated\) vllm-api-stream-chat 100\.00 8 /m);
    expect(stdout).toMatch(/^Total Requests +40\b/m);
  },

  async serve() {
    const { url } = await serve('--model-name', 'mine');
    const models = (await (await fetch(`${url}v1/models`)).json()) as { data: { id: string }[] };
    expect(models.data.map(({ id }) => id)).toEqual(['mine']);
  },

  async sweep() {
    const { url } = await serve();
    const cwd = emptyFolder();
    await succeeds(cwd, 'sweep', ...RUN, '--url', url, '--concurrency', '1,2', '--cycle', '--max-cases', '8');
    const [sweep] = filesBelow(join(cwd, 'outputs/default')).filter(({ path }) =>
      path.endsWith('sweep.json'),
    );
    const { points } = JSON.parse(sweep!.content);
    expect(points.map(({ asked, requests }: any) => [asked, requests])).toEqual([
      [1, 8],
      [2, 8],
    ]);
  },

  async search() {
    const { url } = await serve('--max-batch', '2');
    const cwd = emptyFolder();
    const args = ['--slo', 'ttft.p80=2s', '--requests', '80', '--budget', '160'];
    const { code, stderr } = await aisBench(cwd, 'search', ...RUN, '--url', url, ...args);
    const [search] = filesBelow(join(cwd, 'outputs/default')).filter(({ path }) =>
      path.endsWith('search.json'),
    );
    const { end, capacity, requests } = JSON.parse(search?.content ?? '{}');
    // A busy machine is the limit itself: then there is no capacity, and the command exits with 3.
    const isMeasured = capacity !== undefined && end !== 'invalid';
    expect([code, requests > 0], stderr).toEqual([isMeasured ? 0 : 3, true]);
  },

  async compare() {
    const { cwd } = await folderWithRun();
    const { stdout } = await succeeds(cwd, 'compare', LATEST, LATEST, '--fail-if', 'accuracy < 0');
    expect(stdout).toMatch(/accuracy, % .* 0\.00 pt/);
  },

  async explain() {
    const { cwd } = await folderWithRun('--mode', 'perf');
    const { stdout } = await succeeds(cwd, 'explain', LATEST);
    expect(stdout).toMatch(/^Requests counted +8 +8 +8 +8 +8$/m);
  },

  async export() {
    const { cwd } = await folderWithRun();
    await succeeds(cwd, 'export', LATEST, '--format', 'parquet', '--out', 'requests.parquet');
    const { buffer } = new Uint8Array(readFileSync(join(cwd, 'requests.parquet')));
    expect(Number(parquetMetadata(buffer).num_rows)).toBe(8);
  },

  async import() {
    const cwd = emptyFolder();
    const args = ['--datasets', 'demo_gsm8k_gen_4_shot_cot_chat_prompt'];
    const { stdout } = await succeeds(cwd, 'import', accuracyRun(join(cwd, 'theirs')), ...args);
    expect(stdout).toMatch(/^demo_gsm8k accuracy vllm-api-stream-chat 37\.50 8 /m);
  },

  async check() {
    const { port } = await serve();
    const { stdout } = await succeeds(emptyFolder(), 'check', CHAT, '--host-port', port);
    expect(stdout).toContain('Nothing is wrong.');
  },

  async new() {
    const cwd = emptyFolder();
    await succeeds(cwd, 'new', 'api-model', 'my_custom_api');
    expect(
      filesBelow(cwd)
        .map(({ path }) => path)
        .sort(),
    ).toEqual([
      'configs/models/my_custom_api.ts',
      'models/my_custom_api.test.mjs',
      'models/my_custom_api.ts',
    ]);
  },

  async datasets() {
    expect((await succeeds(emptyFolder(), 'datasets')).stdout).toMatch(/gsm8k/);
  },

  async worker() {
    if (noNats !== undefined) return;
    const nats = await startNats();
    const { url } = await serve();
    const worker = start(emptyFolder(), ['worker', '--nats', nats.url, '--group', 'g', '--name', 'a']);
    await worker.said('waits for runs');
    const args = ['--mode', 'perf', '--url', url, '--workers', 'g', '--nats', nats.url];
    const { stdout } = await succeeds(emptyFolder(), ...RUN, ...args);
    expect(stdout).toMatch(/^Success Requests +8\b/m);
  },

  async k8s() {
    const { stdout } = await succeeds(emptyFolder(), 'k8s', '--image', 'a:1', '--', '--models', 'm');
    const kinds = parseAllDocuments(stdout, { version: '1.1' }).map((one) => (one.toJS() as any).kind);
    expect(kinds).toContain('Job');
  },

  async selftest() {
    const cache = emptyFolder();
    const args = ['selftest', '--quick', '--json'];
    const { code, stdout } = await start(emptyFolder(), args, { env: { XDG_CACHE_HOME: cache } }).finished;
    expect(code).toBe(0);
    expect(JSON.parse(stdout).requests.perSecond).toBeGreaterThan(0);
  },

  async plugins() {
    const { stdout } = await succeeds(emptyFolder(), 'plugins', '--plugin', resolve('examples/plugin'));
    expect(stdout).toContain('capitals');
  },

  async schema() {
    const { stdout } = await succeeds(emptyFolder(), 'schema');
    expect(Object.keys(JSON.parse(stdout).properties)).toContain('models');
  },
};

describe('a command', () => {
  it.each(Object.entries(COMMANDS))('%s', async (_name, test) => test(), 60_000);

  it('of the help has a test above', async () => {
    const { stdout } = await succeeds(emptyFolder(), '--help');
    const [, list = ''] = /^Commands:\n(.*?)\n\n/ms.exec(stdout) ?? [];
    const commands = [...list.matchAll(/^ {2}(\S+) /gm)].map(([, name]) => name!);
    expect(Object.keys(COMMANDS).sort()).toEqual([...commands, 'run'].sort());
  });
});
