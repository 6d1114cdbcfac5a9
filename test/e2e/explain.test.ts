import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aisBench, emptyFolder, latest, serve } from './support.ts';

const RUN = [
  '--mode',
  'perf',
  '--models',
  'vllm_api_stream_chat',
  '--datasets',
  'demo_gsm8k_gen_4_shot_cot_chat_prompt',
];
const FOLDER = 'outputs/default/latest';

describe('a report and what other tools would have made of it', () => {
  it('comes from the run, then from its files alone', async () => {
    const cwd = emptyFolder();
    const { url } = await serve();
    const flags = ['--goodput', 'ttft:60000 tpot:60000', '--metric-dialect', 'vllm', '--full'];
    const run = await aisBench(
      cwd,
      ...RUN,
      '--url',
      url,
      '--summarizer',
      'stable_stage',
      '--batch-size',
      '2',
      ...flags,
    );
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(/^(CLIENT-LIMITED|LOAD NOT DELIVERED|NOT STEADY): .+$/m);
    expect(run.stdout).toMatch(/^Goodput +[\d.]+ req\/s$/m);
    expect(run.stdout).toMatch(/^As vllm bench serve counts$/m);
    expect(run.stdout).toMatch(/^As AISBench counts, stage stable/m);
    expect(run.stdout).not.toMatch(/^As AISBench counts, stage total/m);
    expect(run.stdout).toMatch(/^main +[\d.]+ %/m);

    const report = JSON.parse(
      readFileSync(join(latest(cwd), 'performances/vllm-api-stream-chat/demo_gsm8k.json'), 'utf8'),
    );
    expect(report.reasons).not.toEqual([]);
    expect(report.summary.goodput).toMatchObject({ of: 8, good: 8, share: 1 });
    const client = join(latest(cwd), 'performances/vllm-api-stream-chat/demo_gsm8k_client.json');
    expect(JSON.parse(readFileSync(client, 'utf8')).samples.length).toBeGreaterThan(0);

    const before = await aisBench(cwd, 'explain', FOLDER);
    expect(before.code).toBe(0);
    expect(before.stdout).toMatch(/^Metric +ais_bench aisbench +vllm genai-perf guidellm$/m);
    expect(before.stdout).toMatch(/^Requests counted +8 +8 +8 +8 +8$/m);
    rmSync(join(latest(cwd), 'performances/vllm-api-stream-chat/demo_gsm8k.json'));
    expect((await aisBench(cwd, 'explain', FOLDER)).stdout).toMatch(/^Requests counted +8 +8 +8 +8 +8$/m);
  });

  it('refuses a folder without records, and objectives that are none', async () => {
    const cwd = emptyFolder();
    const missing = await aisBench(cwd, 'explain', 'nowhere');
    expect(missing.code).toBe(2);
    expect(missing.stderr).toContain('[RUN-DATA-001] there are no records of a run here');
    const wrong = await aisBench(cwd, ...RUN, '--goodput', 'itl:5');
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('"itl:5" is not one of ttft, ttfat, tpot, e2el with milliseconds');
    expect(existsSync(join(cwd, 'outputs'))).toBe(false);
  });
});
