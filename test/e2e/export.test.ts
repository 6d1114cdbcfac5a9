/** `ais_bench export`: a run in an empty folder, then what other tools read of it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { expect, it } from 'vitest';
import { parseCsv } from '../../src/dataset/csv.ts';
import { readOpenMetrics } from '../support/openmetrics.ts';
import { aisBench, CHAT, DEMO, emptyFolder, filesBelow, latest, recordsOf, serve } from './support.ts';

const LATEST = 'outputs/default/latest';
const SCORED = 'demo_gsm8k_gen_4_shot_cot_chat_prompt';

async function scoredRun(): Promise<{ cwd: string; command: readonly string[] }> {
  const cwd = emptyFolder();
  const { port } = await serve('--seed', '3');
  const command = [
    '--models',
    CHAT,
    '--datasets',
    SCORED,
    '--host-port',
    port,
    '--api-key',
    'sk-very-secret',
  ];
  expect((await aisBench(cwd, ...command)).code).toBe(0);
  return { cwd, command };
}

it('writes tables, metrics and a summary of a scored run', async () => {
  const { cwd, command } = await scoredRun();
  const records = recordsOf(cwd);
  const before = filesBelow(latest(cwd)).length;
  const exported = async (...args: string[]) => {
    const { code, stdout, stderr } = await aisBench(cwd, 'export', LATEST, ...args);
    expect([code, stderr]).toEqual([0, '']);
    return stdout;
  };

  const requests = parseCsv(await exported('--format', 'csv'), 'requests.csv') as Record<string, string>[];
  expect(requests.map(({ case_id }) => case_id)).toEqual(records.map(({ call }) => call.id));
  const [{ sent_at = '', ttft_ms, run }] = requests as [Record<string, string>];
  expect(run).toBe(latest(cwd).split('/').at(-1));
  expect(Number(ttft_ms)).toBeGreaterThan(0);
  expect(Math.abs(Date.parse(sent_at) - Date.now())).toBeLessThan(600_000);

  await exported('--format', 'parquet', '--out', 'requests.parquet');
  const { buffer } = new Uint8Array(readFileSync(join(cwd, 'requests.parquet')));
  const rows = await parquetReadObjects({ file: buffer });
  expect(rows.map(({ case_id }) => case_id)).toEqual(records.map(({ call }) => call.id));
  expect(rows[0]).toMatchObject({ output_tokens: BigInt(records[0].outputTokens.value), turn: null });
  expect(parquetMetadata(buffer).created_by).toMatch(/^ais_bench \d/);

  const samples = parseCsv(await exported('--format', 'csv', '--table', 'samples'), 'samples.csv');
  const [result] = filesBelow(join(latest(cwd), 'results'));
  const { correct, details } = JSON.parse(result!.content);
  expect(samples).toHaveLength(Object.keys(details).length);
  expect(samples.filter(({ verdict }) => verdict === 'correct')).toHaveLength(correct);

  const families = readOpenMetrics(await exported('--format', 'openmetrics'));
  const score = families.find(({ name }) => name === 'ais_bench_score_ratio')!;
  expect(score.samples[0]!.value).toBe(correct / samples.length);

  const block = await exported();
  expect(block.trimEnd().split('\n').length).toBeLessThanOrEqual(25);
  expect(block).toMatch(/^\*\*8 of 8 requests answered\*\*/);
  expect(block).toContain(`ais_bench ${command.slice(0, -1).join(' ')} '***'`);
  for (const { content } of filesBelow(cwd)) expect(content).not.toContain('sk-very-secret');
  expect(filesBelow(latest(cwd))).toHaveLength(before);
});

it('says what is wrong in one line of error', async () => {
  const cwd = emptyFolder();
  const missing = await aisBench(cwd, 'export', 'outputs/none');
  expect([missing.code, missing.stdout]).toEqual([2, '']);
  expect(missing.stderr).toContain(
    '[RUN-DATA-001] there are no records of a run here\n  where: outputs/none',
  );
  const { port } = await serve();
  const flags = ['--mode', 'perf', '--models', CHAT, '--datasets', DEMO, '--host-port', port];
  expect((await aisBench(cwd, ...flags)).code).toBe(0);
  const samples = await aisBench(cwd, 'export', LATEST, '--format', 'csv', '--table', 'samples');
  expect(samples.code).toBe(2);
  expect(samples.stderr).toContain('nothing of this was scored');
  const nowhere = await aisBench(cwd, 'export', LATEST, '--format', 'csv', '--out', 'no/such/folder/x.csv');
  expect(nowhere.code).toBe(2);
  expect(nowhere.stderr).toContain('[RUN-FILE-001]');
});
