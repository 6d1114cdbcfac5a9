/**
 * What version 7e3bceb wrote and accepted still works: its run folders are read by every reader, and their numbers come out of the
 * records bit for bit; its flags and configs are accepted, or refused with the new name.
 */
import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parquetMetadata } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { aisBench, CHAT, DEMO, emptyFolder, type Finished } from './support.ts';

const FIXTURE = fileURLToPath(new URL('../fixtures/runs-7e3bceb', import.meta.url));
const MODEL = 'vllm-api-stream-chat';
/** The two runs of `demo`, a run of `--mode all+perf`, and a sweep of two points. */
const [DEMO_SCORED, DEMO_LOAD, SCORED_LOAD] = ['20261201_121503', '20261201_121506', '20261201_121511'];
const SWEEP = 'sweep_20261201_121517';
const URL_FLAGS = ['--url', 'http://127.0.0.1:8080'];
const FOUR_SHOT = ['--models', CHAT, '--datasets', 'demo_gsm8k_gen_4_shot_cot_chat_prompt', ...URL_FLAGS];
const ZERO_SHOT = ['--models', CHAT, '--datasets', DEMO, ...URL_FLAGS];
const FIVE_TIMES = ['--set', 'models.0.generation_kwargs.num_return_sequences=5'];

/** A folder whose `outputs/default` holds the runs of that version. */
function folderWithRuns(): string {
  const cwd = emptyFolder();
  cpSync(FIXTURE, join(cwd, 'outputs/default'), { recursive: true });
  return cwd;
}

async function succeeds(cwd: string, ...args: readonly string[]): Promise<Finished> {
  const finished = await aisBench(cwd, ...args);
  expect(finished.code, finished.stderr).toBe(0);
  return finished;
}

/** Every number of a JSON file by its path in it. */
function numbersIn(file: string): Map<string, number> {
  const found = new Map<string, number>();
  const visit = (value: unknown, path: string): void => {
    if (typeof value === 'number') found.set(path, value);
    else if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) visit(inner, `${path}/${key}`);
  };
  visit(JSON.parse(readFileSync(file, 'utf8')), '');
  return found;
}

/** Removes what is computed from the records and answers of a run; returns the files, by their paths in the folder of runs. */
function removeComputed(cwd: string, run: string): string[] {
  const files = [`performances/${MODEL}/demo_gsm8k.json`, `results/${MODEL}/demo_gsm8k.json`]
    .map((file) => join(run, file))
    .filter((file) => readdirSync(FIXTURE, { recursive: true, encoding: 'utf8' }).includes(file));
  for (const file of files) rmSync(join(cwd, 'outputs/default', file));
  return files;
}

function expectSameNumbers(cwd: string, files: readonly string[]): void {
  for (const file of files) {
    const [before, after] = [join(FIXTURE, file), join(cwd, 'outputs/default', file)].map(numbersIn);
    const changed = [...before!].filter(([path, value]) => !Object.is(after!.get(path), value));
    expect(changed.map(([path, value]) => `${file}${path}: ${value}, now ${after!.get(path)}`)).toEqual([]);
    expect(before!.size).toBeGreaterThan(30);
  }
}

describe('the numbers of a run', () => {
  it.each([
    ['eval', DEMO_SCORED, 2, [...FOUR_SHOT, '--batch-size', '4']],
    ['perf_viz', DEMO_LOAD, 1, [...FOUR_SHOT, '--batch-size', '8', ...FIVE_TIMES]],
    ['eval', SCORED_LOAD, 2, [...ZERO_SHOT, '--goodput', 'ttft:500', 'tpot:60']],
    ['perf_viz', SCORED_LOAD, 1, [...ZERO_SHOT, '--goodput', 'ttft:500', 'tpot:60']],
  ])('--mode %s of %s computes them again, bit for bit', async (mode, run, count, flags) => {
    const cwd = folderWithRuns();
    const files = removeComputed(cwd, run!).slice(0, count);
    expect(files).toHaveLength(count);
    await succeeds(cwd, ...flags, '--mode', mode, '--reuse', run!);
    expectSameNumbers(cwd, files);
  });

  it('--mode viz leaves them as they are', async () => {
    const cwd = folderWithRuns();
    const [flags, file] = [['--goodput', 'ttft:500', 'tpot:60'], `results/${MODEL}/demo_gsm8k.json`];
    const { stdout } = await succeeds(cwd, ...ZERO_SHOT, ...flags, '--mode', 'viz', '--reuse', SCORED_LOAD!);
    expect(stdout).toMatch(/^demo_gsm8k accuracy \(simulated\) vllm-api-stream-chat 87\.50 8 /m);
    expectSameNumbers(cwd, [
      join(SCORED_LOAD!, `performances/${MODEL}/demo_gsm8k.json`),
      join(SCORED_LOAD!, file),
    ]);
  });

  it('a sweep goes on without measuring its points again', async () => {
    const cwd = folderWithRuns();
    const load = ['--max-out-len', '16', '--cycle', '--max-cases', '24', '--goodput', 'ttft:500'];
    const args = ['sweep', ...ZERO_SHOT, ...load, '--concurrency', '2,4', '--reuse'];
    const { stderr } = await succeeds(cwd, ...args);
    expect(stderr.match(/measured before/g)).toHaveLength(2);
    expectSameNumbers(cwd, [join(SWEEP, 'sweep.json')]);
  });
});

/** The mean TTFT that a run of that version reported, in ms. */
function meanTtft(run: string): number {
  const report = JSON.parse(readFileSync(join(run, `performances/${MODEL}/demo_gsm8k.json`), 'utf8'));
  return report.summary.rows.find(({ name }: any) => name === 'TTFT').stats.average;
}

describe('a reader', () => {
  const at = (run: string | undefined) => `outputs/default/${run}`;

  it('compare finds what differs, and nothing between a run and itself', async () => {
    const cwd = folderWithRuns();
    const same = await succeeds(cwd, 'compare', at(SCORED_LOAD), at(SCORED_LOAD));
    expect(same.stdout).toContain('no setting differs');
    expect(same.stdout).toMatch(/accuracy, % +87\.50 +87\.50 +0\.00 pt/);
    const points = [2, 4].map((load) => `${SWEEP}/concurrency_${load}`);
    const { stdout } = await succeeds(cwd, 'compare', ...points.map(at));
    expect(stdout).toMatch(/models\.0\.concurrency +2 +4/);
    const [ttft = []] = [/^TTFT mean, ms +(\S+) +(\S+)/m.exec(stdout)?.slice(1)];
    expect(ttft).toEqual(points.map((point) => meanTtft(join(FIXTURE, point)).toPrecision(4)));
  });

  it('explain counts every request', async () => {
    const { stdout } = await succeeds(folderWithRuns(), 'explain', at(DEMO_LOAD));
    expect(stdout).toMatch(/^Requests counted +40 +40 +40 +40 +40$/m);
  });

  it('export writes requests, samples and a summary', async () => {
    const cwd = folderWithRuns();
    const samples = ['export', at(DEMO_SCORED), '--format', 'csv', '--table', 'samples'];
    expect((await succeeds(cwd, ...samples)).stdout.match(/,correct,/g)).toHaveLength(6);
    await succeeds(cwd, 'export', at(DEMO_LOAD), '--format', 'parquet', '--out', 'requests.parquet');
    const { buffer } = new Uint8Array(readFileSync(join(cwd, 'requests.parquet')));
    expect(Number(parquetMetadata(buffer).num_rows)).toBe(40);
    const metrics = await succeeds(cwd, 'export', at(SCORED_LOAD), '--format', 'openmetrics');
    expect(metrics.stdout).toMatch(/^ais_bench_score_ratio\{.*\} 0\.875$/m);
    const summary = await succeeds(cwd, 'export', at(SCORED_LOAD));
    expect(summary.stdout).toMatch(/^\*\*CLIENT-LIMITED\*\*: main: event loop lag P99 7\.53 ms/);
  });
});

interface Names {
  /** By command, the flags with a value that is valid. */
  readonly flags: Readonly<Record<string, readonly (readonly string[])[]>>;
  readonly configs: Readonly<Record<string, readonly string[]>>;
}

const names: Names = JSON.parse(readFileSync(join(FIXTURE, 'names.json'), 'utf8'));

/** Flags that have another name now, by command. */
const RENAMED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ...Object.fromEntries(
    ['run', 'sweep', 'search'].map((command) => [
      command,
      {
        '--load-workers': '--workers',
        '--agents': '--workers',
        '--agent-silence': '--worker-silence',
        '--agent-wait': '--worker-wait',
      },
    ]),
  ),
  agent: { '--workers': '--processes' },
  k8s: { '--agents': '--replicas', '--workers': '--processes' },
};

/** Commands that have another name now. */
const RENAMED_COMMANDS: Readonly<Record<string, string>> = { agent: 'worker' };

describe('a name', () => {
  it.each(Object.entries(names.flags))(
    'flags of %s are accepted, or refused with the new name',
    async (command, flags) => {
      const cwd = emptyFolder();
      const renamed: Record<string, string> = {};
      for (;;) {
        const args = flags.filter(([name]) => renamed[name!] === undefined).flat();
        const own = command === 'run' ? [] : (RENAMED_COMMANDS[command] ?? command).split(' ');
        // The last flag is one that never was: where it is what is refused, all before it are accepted.
        const { code, stderr } = await aisBench(cwd, ...own, ...args, '--never-was');
        expect(code).toBe(2);
        if (/unknown option '--never-was'/.test(stderr)) break;
        const [, before, now] = /unknown option '(--[\w-]+)': use (--[\w-]+) instead/.exec(stderr) ?? [];
        expect([before, now], stderr).toEqual([expect.any(String), expect.any(String)]);
        renamed[before!] = now!;
      }
      expect(renamed).toEqual(RENAMED[command] ?? {});
    },
  );

  it.each(Object.entries(RENAMED_COMMANDS))('the command %s is refused with %s', async (before, now) => {
    const { code, stderr } = await aisBench(emptyFolder(), before, '--group', 'g');
    expect([code, stderr]).toEqual([2, `error: the command '${before}' is now 'ais_bench ${now}'\n`]);
  });

  it.each(Object.entries(names.configs))('configs of --%s are there', async (kind, all) => {
    const { stdout } = await succeeds(emptyFolder(), '--search');
    const [, list = ''] = stdout.split(`--${kind}\n`);
    const found = new Set([...list.split(/^--/m)[0]!.matchAll(/^\S+/gm)].map(([name]) => name));
    expect(all.filter((name) => !found.has(name))).toEqual([]);
  });
});
