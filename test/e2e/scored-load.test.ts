/** `--mode all+perf`: a load test whose answers are scored, reported from the same records. */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readOpenMetrics } from '../support/openmetrics.ts';
import {
  aisBench,
  CHAT,
  chatServer,
  DEMO,
  emptyFolder,
  filesBelow,
  latest,
  pageBlock,
  recordsOf,
  serve,
  streamed,
} from './support.ts';

const MODEL = 'vllm-api-stream-chat';
const flags = (url: string) => ['--models', CHAT, '--datasets', DEMO, '--url', url, '--num-warmups', '0'];

const jsonAt = (...path: string[]) => JSON.parse(readFileSync(join(...path), 'utf8'));

/** What the run says of quality under load, from its summary file. */
function underLoad(cwd: string) {
  const folder = latest(cwd);
  return jsonAt(folder, 'summary', `summary_${folder.split('/').at(-1)}.json`)[0].underLoad;
}

/** Requests of the records that met the limit, with what became of their answers, by hand. */
function metByHand(cwd: string, e2el: number) {
  const result = jsonAt(latest(cwd), 'results', MODEL, 'demo_gsm8k.json');
  const verdicts = new Map(Object.values<any>(result.details).map(({ id, verdict }) => [id, verdict]));
  const records = recordsOf(cwd);
  const met = records.filter(({ outcome, times }) => {
    const { scheduled, events } = times;
    // The first arrival and then gaps, in microseconds; content, reasoning and tool calls are payload.
    let [now, last] = [0, 0];
    events.at.forEach((gap: number, n: number) => {
      now += gap / 1000;
      if ('ctg'.includes(events.kind[n])) last = now;
    });
    return outcome === 'ok' && last - scheduled <= e2el;
  });
  const right = (some: any[]) => some.filter(({ call }) => verdicts.get(call.id) === 'correct').length;
  return { n: records.length, met: met.length, rightInTime: right(met), right: right(records) };
}

describe('all+perf', () => {
  it('scores what it times, also when it is reported again', async () => {
    const cwd = emptyFolder();
    const { url } = await serve('--accuracy', '0.6');
    const load = ['--batch-size', '4', '--cycle', '--max-cases', '20'];
    const run = await aisBench(cwd, ...flags(url), '--mode', 'all+perf', ...load, '--goodput', 'e2el:60000');
    expect(run.code, run.stderr).toBe(0);
    expect(run.stdout).toContain('Performance: vllm-api-stream-chat');
    expect(run.stdout).toMatch(/^(VALID|NOT STEADY|CLIENT-LIMITED|OVERLOADED|[A-Z -]+): /m);
    expect(run.stdout).not.toContain('not a load test');
    expect(run.stdout).toMatch(/^demo_gsm8k accuracy .* 20 /m);
    expect(run.stdout).toMatch(/^demo_gsm8k correct answers\/s /m);
    const byHand = metByHand(cwd, 60_000);
    expect(byHand).toMatchObject({ n: 20, met: 20 });
    const first = underLoad(cwd);
    const performance = jsonAt(latest(cwd), 'performances', MODEL, 'demo_gsm8k.json');
    expect(performance.verdict).toBeTypeOf('string');
    const seconds = performance['Benchmark Duration'].total / 1000;
    expect(first.correctPerSecond).toBeCloseTo(byHand.right / seconds, 9);
    expect(first.atSlo.met).toMatchObject({ value: 100, n: 20, interval: { clusters: 8 } });
    expect(first.atSlo.score.value).toBeCloseTo((100 * byHand.rightInTime) / 20, 9);
    const files = filesBelow(latest(cwd));
    const text = (ending: string) => files.find(({ path }) => path.endsWith(ending))!.content;
    expect(files.find(({ path }) => /summary_.*\.md$/.test(path))!.content).toContain(
      '## Quality under load',
    );
    expect(files.find(({ path }) => /scores_.*\.csv$/.test(path))!.content).toMatch(
      /^demo_gsm8k,vllm-api-stream-chat,accuracy at SLO,/m,
    );
    expect(text('demo_gsm8k.csv')).toMatch(/^TTFT,total,/m);
    const { payload } = pageBlock<{ payload: any }>(text('report.html'), 'payload');
    expect(payload.tasks[0].tables.more[0].title).toEqual({ phrase: 'Quality under load' });

    const exported = await aisBench(cwd, 'export', 'outputs/default/latest', '--format', 'openmetrics');
    const values = readOpenMetrics(exported.stdout).flatMap(({ samples }) => samples);
    const told = (name: string) => values.find((one) => one.name === `ais_bench_${name}`)?.value;
    expect(told('correct_answers_per_second')).toBe(first.correctPerSecond);
    expect(told('score_at_slo_ratio')).toBe(first.atSlo.score.value / 100);
    expect(told('met_slo_low_ratio')).toBe(first.atSlo.met.interval.low / 100);

    // Scored again, without a word about the load: nothing is asked, and both reports are as they were.
    rmSync(join(latest(cwd), 'results'), { recursive: true });
    const scored = await aisBench(cwd, ...flags(url), '--mode', 'eval', '--reuse', '--goodput', 'e2el:60000');
    expect(scored.code, scored.stderr).toBe(0);
    expect(scored.stdout).toMatch(/^demo_gsm8k accuracy at SLO /m);
    expect(underLoad(cwd)).toEqual(first);
    expect(jsonAt(latest(cwd), 'performances', MODEL, 'demo_gsm8k.json')).toEqual(performance);

    // The median request: about half of them meet it.
    const e2el = Math.round(performance.summary.rows.find(({ name }: any) => name === 'E2EL').stats.median);
    const again = ['--mode', 'perf_viz', '--reuse', '--goodput', `e2el:${e2el}`];
    const shown = await aisBench(cwd, ...flags(url), ...again);
    expect(shown.code, shown.stderr).toBe(0);
    expect(shown.stdout).toContain('Performance: vllm-api-stream-chat');
    expect(recordsOf(cwd)).toHaveLength(20);
    const at = metByHand(cwd, e2el);
    const { atSlo } = underLoad(cwd);
    expect(at.met).toBeLessThan(20);
    expect(atSlo.met).toMatchObject({ value: 5 * at.met, n: 20 });
    expect(atSlo.score?.n ?? 0).toBe(at.met);
    if (at.met > 0) expect(atSlo.score.value).toBeCloseTo((100 * at.rightInTime) / at.met, 9);
  }, 60_000);

  it('counts a failure under load as an answer that is not there', async () => {
    const cwd = emptyFolder();
    const server = await chatServer((_, n) => (n === 3 ? { status: 400, body: ['no'] } : streamed('450')));
    const run = await aisBench(
      cwd,
      ...flags(server.url),
      '--mode',
      'all+perf',
      '--batch-size',
      '1',
      '--goodput',
      'e2el:60000',
    );
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(/^demo_gsm8k accuracy .* 12\.50 +8 /m);
    expect(underLoad(cwd).atSlo).toMatchObject({ met: { value: 87.5, n: 8 }, score: { n: 7 } });
    expect(server.asked).toHaveLength(8);
  });

  it('workers and a load test that was not scored yet', async () => {
    const cwd = emptyFolder();
    const { url } = await serve();
    const load = ['--batch-size', '4', '--workers', '2', '--max-out-len', '8'];
    const timed = await aisBench(cwd, ...flags(url), '--mode', 'perf', ...load);
    expect(timed.code, timed.stderr).toBe(0);
    expect(existsSync(join(latest(cwd), 'results', MODEL, 'demo_gsm8k.json'))).toBe(false);
    const scored = await aisBench(cwd, ...flags(url), '--mode', 'all+perf', ...load, '--reuse');
    expect(scored.code, scored.stderr).toBe(0);
    expect(scored.stdout).toMatch(/^demo_gsm8k correct answers\/s /m);
    expect(underLoad(cwd)).toMatchObject({ n: 8 });
  }, 60_000);

  it('is refused where there is nothing to score by, before anything is sent', async () => {
    const cwd = emptyFolder();
    const given = ['--models', CHAT, '--url', 'http://127.0.0.1:9', '--mode', 'all+perf'];
    const { code, stderr } = await aisBench(cwd, ...given, '--datasets', 'synthetic_gen_string');
    expect(code).toBe(2);
    expect(stderr).toContain('[DSET-PARAM-003]');
    expect(stderr).toContain('use --mode perf');
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('a sweep has the score and the correct answers a second of every point', async () => {
    const cwd = emptyFolder();
    const { url } = await serve('--accuracy', '0.6');
    const given = ['--concurrency', '1,4', '--mode', 'all+perf', '--max-out-len', '64'];
    const { code, stdout, stderr } = await aisBench(cwd, 'sweep', ...flags(url), ...given);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/Target .* Score Correct\/s Validity/);
    const file = filesBelow(join(cwd, 'outputs/default')).find(({ path }) => path.endsWith('sweep.json'))!;
    const { points } = JSON.parse(file.content);
    expect(points.map(({ asked }: any) => asked)).toEqual([1, 4]);
    for (const { quality } of points) {
      expect(quality).toMatchObject({ metric: 'accuracy' });
      expect(quality.score).toBeGreaterThanOrEqual(0);
      expect(quality.correctPerSecond).toBeGreaterThanOrEqual(0);
    }
  }, 60_000);
});
