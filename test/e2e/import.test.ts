import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { accuracyRun, MODEL, performanceRun } from '../support/aisbench-run.ts';
import { aisBench, degradedIn, emptyFolder, latest } from './support.ts';

const DETAILS = `performances/${MODEL}/synthetic_details.jsonl`;

/** The dialect `aisbench` of an imported run, as its report has it. */
function counted(cwd: string): any {
  const report = JSON.parse(readFileSync(join(latest(cwd), `performances/${MODEL}/synthetic.json`), 'utf8'));
  return report.dialects.find(({ dialect, stage }: any) => dialect === 'aisbench' && stage === 'total');
}

/** `35592.9273 token/s` → 35592.9273 */
function amount(text: string | number): number {
  return typeof text === 'number' ? text : Number(text.split(' ')[0]);
}

describe('ais_bench import', () => {
  it("counts a recorded performance run to AISBench's own numbers, from the records alone", async () => {
    const cwd = emptyFolder();
    const run = performanceRun(join(cwd, 'theirs'));
    const { code, stdout, stderr } = await aisBench(cwd, 'import', run);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('note: imported from AISBench');
    expect(stdout).toContain('note: imported run: its tool did not keep when requests were due');

    const { rows, common, statistics } = counted(cwd);
    const [head, ...lines] = readFileSync(join(run, `performances/${MODEL}/synthetic.csv`), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(','));
    expect(statistics).toEqual(head!.slice(2, -1));
    expect(lines.length).toBe(7);
    for (const [name, , ...cells] of lines) {
      const row = rows.find((one: any) => one.name === name);
      expect([name, row.n]).toEqual([name, Number(cells.at(-1))]);
      const values = row.values.map((value: number) => Number(value.toFixed(4)));
      expect([name, ...values]).toEqual([name, ...cells.slice(0, -1).map(amount)]);
    }
    const report = JSON.parse(readFileSync(join(run, `performances/${MODEL}/synthetic.json`), 'utf8'));
    const theirs = Object.entries<any>(report).map(([name, { total }]) => [name, amount(total)]);
    expect(common.map(({ name, value }: any) => [name, value])).toEqual(theirs);
  });

  it('keeps every request, and invents nothing that was not kept', async () => {
    const cwd = emptyFolder();
    const run = performanceRun(join(cwd, 'theirs'));
    await aisBench(cwd, 'import', run, '-w', 'elsewhere');
    const records = linesOf(
      join(join(cwd, 'elsewhere/latest'), `performances/${MODEL}/synthetic_records.jsonl`),
    );
    expect(records.length).toBe(500);
    for (const { times, ...record } of records) {
      expect(Object.keys(times)).toEqual(['sent', 'done', 'events']);
      expect(times.events.kind).toMatch(/^x+$/);
      expect(record).toMatchObject({
        outcome: 'ok',
        streamed: true,
        outputTokens: { value: 64, source: 'server' },
      });
      expect(record).not.toHaveProperty('finishReason');
    }
    const theirs = linesOf(join(run, DETAILS));
    const ours = linesOf(join(join(cwd, 'elsewhere/latest'), `predictions/${MODEL}/synthetic.jsonl`));
    expect(ours.map(({ uuid, id, prediction }) => [uuid, id, prediction])).toEqual(
      theirs.map(({ uuid, id, prediction }) => [uuid, id, prediction]),
    );
    const explained = await aisBench(cwd, 'explain', 'elsewhere/latest');
    expect(explained.code).toBe(0);
    expect(explained.stdout).toMatch(/^Metric +ais_bench aisbench$/m);
    expect(explained.stdout).toMatch(/^TTFT mean, ms +n\/a +1$/m);
  });

  it('scores a recorded accuracy run again, by the config that is named or that the run wrote down', async () => {
    const cwd = emptyFolder();
    const run = accuracyRun(join(cwd, 'theirs'));
    const plain = await aisBench(cwd, 'import', run);
    expect(plain.code).toBe(0);
    expect(plain.stdout).toMatch(/^demo_gsm8k f588a9 +accuracy gen +37\.50$/m);
    expect(plain.stdout).toContain('not scored again: no config says how');

    const named = await aisBench(cwd, 'import', run, '--datasets', 'demo_gsm8k_gen_4_shot_cot_chat_prompt');
    expect(named.stdout).toMatch(/^demo_gsm8k accuracy vllm-api-stream-chat 37\.50 8 13\.7\.\.69\.4$/m);

    mkdirSync(join(run, 'configs'));
    writeFileSync(join(run, 'configs/20261124_102327_7.py'), DUMPED);
    const dumped = await aisBench(cwd, 'import', run);
    expect(dumped.stdout).toMatch(/^demo_gsm8k accuracy vllm-api-stream-chat 37\.50 8 13\.7\.\.69\.4$/m);
    const theirs = JSON.parse(readFileSync(join(run, `results/${MODEL}/demo_gsm8k.json`), 'utf8'));
    const ours = JSON.parse(readFileSync(join(latest(cwd), `results/${MODEL}/demo_gsm8k.json`), 'utf8'));
    expect(ours.accuracy_compat).toBe(theirs.accuracy);
    const kept = readFileSync(join(latest(cwd), 'configs/imported.json'), 'utf8');
    expect(kept).toContain('Gsm8kEvaluator');
    expect(kept).not.toContain('a-key-of-theirs');
  });

  it('is reported and scored again with --reuse, and nothing is asked', async () => {
    const cwd = emptyFolder();
    await aisBench(cwd, 'import', accuracyRun(join(cwd, 'theirs')));
    const args = ['--models', 'vllm_api_stream_chat', '--host-port', '1', '--reuse', '--datasets'];
    const scored = await aisBench(cwd, ...args, 'demo_gsm8k_gen_4_shot_cot_chat_prompt');
    expect(scored.code).toBe(0);
    expect(scored.stdout).toMatch(/^demo_gsm8k accuracy vllm-api-stream-chat 37\.50 8 13\.7\.\.69\.4$/m);

    for (const mode of ['eval', 'viz']) {
      const again = await aisBench(cwd, ...args, 'demo_gsm8k_gen_4_shot_cot_chat_prompt', '--mode', mode);
      expect([mode, again.code, again.stdout]).toEqual([
        mode,
        0,
        expect.stringMatching(/^demo_gsm8k accuracy .* 37\.50 8 /m),
      ]);
    }

    await aisBench(cwd, 'import', performanceRun(join(cwd, 'others')));
    const more = ['synthetic_gen_string', '--mode', 'perf_viz', '--set', 'datasets.0.abbr=synthetic'];
    const measured = await aisBench(cwd, ...args, ...more, '--metric-dialect', 'aisbench');
    expect(measured.stderr).not.toContain('sent');
    expect(measured.code).toBe(0);
    expect(degradedIn(measured.stdout)).toContain('imported run: its tool did not keep');
    expect(measured.stdout).toMatch(/^Total Requests +500( |$)/m);
    expect(measured.stdout).toMatch(/^OutputTokenThroughput, token\/s +35593 /m);
  });

  it('says where a file is broken', async () => {
    const cwd = emptyFolder();
    const run = performanceRun(join(cwd, 'theirs'));
    const whole = readFileSync(join(run, DETAILS), 'utf8');
    const refused = async (text: string) => {
      writeFileSync(join(run, DETAILS), text);
      const { code, stderr } = await aisBench(cwd, 'import', run);
      expect(code).toBe(2);
      return stderr;
    };
    expect(await refused(`${whole.split('\n').slice(0, 3).join('\n')}\n{"id": 3, "succ`)).toMatch(
      /RUN-DATA-001.*\n.*synthetic_details\.jsonl:4\n/,
    );
    expect(await refused(`{"id": "x", "success": true}\n${whole}`)).toMatch(
      /: id: .*\n.*_details\.jsonl:1\n/,
    );
    writeFileSync(join(run, DETAILS), whole);
    writeFileSync(join(run, `performances/${MODEL}/db_data/a9fe905e.db`), 'no database');
    expect((await aisBench(cwd, 'import', run)).stderr).toMatch(
      /time points cannot be read: .*\n.*a9fe905e\.db/,
    );
    expect(existsSync(join(cwd, 'outputs'))).toBe(false);
    rmSync(join(run, `performances/${MODEL}/db_data`), { recursive: true });
    expect((await aisBench(cwd, 'import', run)).stderr).toContain('there is no such file');
  });

  it('refuses what is no run of AISBench, and its own', async () => {
    const cwd = emptyFolder();
    expect((await aisBench(cwd, 'import', 'nowhere')).stderr).toContain('there is no such folder');
    await aisBench(cwd, 'import', performanceRun(join(cwd, 'theirs')));
    const again = await aisBench(cwd, 'import', 'outputs/default/latest');
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('imported already');
  });
});

function linesOf(path: string): any[] {
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** In the form in which AISBench writes its resolved config. */
const DUMPED = `datasets = [
    dict(
        abbr='demo_gsm8k',
        eval_cfg=dict(
            dataset_postprocessor=dict(type='ais_bench.benchmark.datasets.gsm8k_dataset_postprocess'),
            evaluator=dict(type='ais_bench.benchmark.datasets.Gsm8kEvaluator'),
            pred_postprocessor=dict(type='ais_bench.benchmark.datasets.gsm8k_postprocess')),
        infer_cfg=dict(inferencer=dict(type='ais_bench.benchmark.openicl.icl_inferencer.GenInferencer')),
        type='ais_bench.benchmark.datasets.GSM8KDataset'),
]
models = [
    dict(abbr='vllm-api-stream-chat', api_key='a-key-of-theirs', batch_size=4, stream=True,
         type='ais_bench.benchmark.models.VLLMCustomAPIChat'),
]
`;
