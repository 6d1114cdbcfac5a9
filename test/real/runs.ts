/** Runs of the built command against a real server, and what they left. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { DEMO, emptyFolder, type Finished, latest, recordsOf, start } from '../e2e/support.ts';

export interface Run extends Finished {
  readonly records: readonly any[];
  /** Answers by row. */
  readonly answers: readonly string[];
  readonly predictions: readonly any[];
}

export interface RunOptions {
  readonly mode?: 'all' | 'perf';
  /** Default: the eight demo problems. */
  readonly dataset?: string;
  readonly batchSize?: number;
  /** Tokens of an answer. */
  readonly maxOutLen?: number;
  /** `key=value` for `--set`, below `models.0`. */
  readonly set?: readonly string[];
  readonly args?: readonly string[];
  /** Files of the folder that it runs in. */
  readonly files?: Readonly<Record<string, string>>;
  /** Added to its environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** At temperature 0, one request at a time and without warm-up unless told otherwise. */
export function run(url: string, config: string, options: RunOptions = {}): Promise<Run> {
  return runWith(['--url', url], config, options);
}

/** The same of a model that is loaded here. */
export function runLocal(config: string, options: RunOptions = {}): Promise<Run> {
  return runWith([], config, options);
}

async function runWith(target: readonly string[], config: string, options: RunOptions): Promise<Run> {
  const { mode = 'all', dataset = DEMO, batchSize = 1, maxOutLen = 24 } = options;
  const cwd = emptyFolder(options.files);
  const flags = [
    ...['--models', config, '--datasets', dataset, ...target, '--mode', mode, '--num-warmups', '0'],
    ...['--batch-size', String(batchSize), '--max-out-len', String(maxOutLen)],
    ...['generation_kwargs.temperature=0', ...(options.set ?? [])].flatMap((value) => [
      '--set',
      `models.0.${value}`,
    ]),
    ...(options.args ?? []),
  ];
  const finished = await start(cwd, flags, options.env === undefined ? {} : { env: options.env }).finished;
  // A run that ended before it asked anything leaves no folder.
  const isThere = existsSync(join(cwd, 'outputs/default/latest'));
  const rows = isThere ? predictionsOf(cwd).toSorted((a, b) => a.id - b.id) : [];
  return {
    ...finished,
    records: isThere ? recordsOf(cwd) : [],
    predictions: rows,
    answers: rows.map(({ content }) => content),
  };
}

/** Reads the predictions of the folder's last run, in the order of completion. */
export function predictionsOf(cwd: string): any[] {
  const folder = join(latest(cwd), 'predictions');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.jsonl'))
    .flatMap((file) => readFileSync(join(folder, file), 'utf8').trim().split('\n'))
    .map((line) => JSON.parse(line));
}

/** The run succeeded, and so did every request of it. */
export function expectAllOk({ code, records, stdout, stderr }: Run, requests: number): void {
  const failed = records.filter(({ outcome }) => outcome !== 'ok').map(({ failure }) => failure.message);
  expect({ code, failed, requests: records.length }, `${stdout}\n${stderr}`).toEqual({
    code: 0,
    failed: [],
    requests,
  });
}

/** A performance run has its two tables, and no score; times of tokens where the config streams. */
export async function expectPerformanceRun(
  url: string,
  config: string,
  streams: boolean,
  options: RunOptions = {},
): Promise<void> {
  const done = await run(url, config, { ...options, mode: 'perf', batchSize: 4 });
  expectAllOk(done, 8);
  expect(done.records.map(({ streamed }) => streamed)).toEqual(Array(8).fill(streams));
  expect(done.stdout).toMatch(/^E2EL, ms +\d/m);
  expect(done.stdout).toMatch(streams ? /^TTFT, ms +\d/m : /^TTFT, ms +n\/a/m);
  expect(done.stdout).toMatch(/^Benchmark Duration /m);
  expect(done.stdout).not.toMatch(/ accuracy /);
}
