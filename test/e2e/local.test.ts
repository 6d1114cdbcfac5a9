/** Models that are loaded in the command's own process: batches, failures, interrupts, and services beside them. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  aisBench,
  CHAT,
  chatServer,
  DEMO,
  degradedIn,
  emptyFolder,
  filesBelow,
  latest,
  planOf,
  recordsOf,
  start,
  streamed,
} from './support.ts';

/** Answers with a number, and leaves a line for each batch in a file; `this.options.trouble` names a row that breaks. */
const CLASS = `
import { appendFileSync } from 'node:fs';
import { BaseModel, type GenerateArgs, type PromptType, toText } from 'ais-bench';

export class Calculator extends BaseModel {
  #state = 'new';

  override async load(): Promise<void> {
    this.#state = 'loaded from ' + this.options.path;
    if (this.options.path === 'nowhere') throw new Error('no weights in nowhere');
  }

  async generate(inputs: readonly PromptType[], maxOutLen: number, { signal, onTokens }: GenerateArgs): Promise<readonly string[]> {
    const { trouble, pauseMs } = this.options;
    appendFileSync('batches.txt', this.#state + ' ' + inputs.length + ' ' + maxOutLen + '\\n');
    await new Promise((resolve, reject) => {
      setTimeout(resolve, Number(pauseMs ?? 1));
      signal.addEventListener('abort', () => reject(signal.reason));
    });
    if (inputs.some((input) => trouble && toText(input).includes(String(trouble)))) throw new Error('CUDA out of memory');
    if (this.options.streams) for (let step = 0; step < 4; step++) {
      inputs.forEach((_, index) => onTokens?.(index, 1));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return inputs.map(() => ({ text: 'The answer is 18', inputTokens: 9, outputTokens: 4 }));
  }

  peakMemory() {
    return { rssBytes: 2 ** 31 };
  }

  override async close(): Promise<void> {
    appendFileSync('batches.txt', 'closed\\n');
  }
}
`;

const config = (more: Readonly<Record<string, unknown>> = {}) =>
  JSON.stringify({
    models: [
      {
        attr: 'local',
        type: 'Calculator',
        abbr: 'calculator',
        path: 'weights',
        max_out_len: 100,
        batch_size: 3,
        max_seq_len: 2048,
        ...more,
      },
    ],
  });

const folder = (more?: Readonly<Record<string, unknown>>) =>
  emptyFolder({ 'models/calculator.ts': CLASS, 'configs/models/calculator.json': config(more) });

const run = (cwd: string, ...args: readonly string[]) =>
  aisBench(cwd, '--models', 'calculator', '--datasets', DEMO, ...args);

const batches = (cwd: string) => readFileSync(join(cwd, 'batches.txt'), 'utf8').trim().split('\n');

describe('a local model', () => {
  it('is loaded once, answers in batches, is closed, and is scored as any other', async () => {
    const cwd = folder();
    const { code, stdout, stderr } = await run(cwd);
    expect(code).toBe(0);
    expect(stderr).not.toContain('WARN');
    expect(stderr).toContain('calculator × demo_gsm8k: 8 requests to Calculator, a local model');
    expect(batches(cwd)).toEqual([...[3, 3, 2].map((size) => `loaded from weights ${size} 100`), 'closed']);
    expect(stdout).toMatch(/^demo_gsm8k accuracy calculator +[\d.]+ 8 /m);
    expect(stdout).toContain('note: a local model answers in batches');
    expect(recordsOf(cwd)).toHaveLength(8);
    for (const record of recordsOf(cwd)) expect(record).toMatchObject({ outcome: 'ok', streamed: false });
    const predictions = filesBelow(latest(cwd)).filter(({ path }) => path.startsWith('predictions/'));
    const lines = predictions.flatMap(({ content }) => content.trim().split('\n'));
    expect(lines.map((line) => JSON.parse(line).content)).toEqual(Array(8).fill('The answer is 18'));
    expect(planOf(cwd).models[0]).toMatchObject({ attr: 'local', class: 'Calculator', concurrency: 3 });
  });

  it('is measured: batches, times of tokens where it tells of them, memory', async () => {
    const cwd = folder({ streams: true });
    const { code, stdout } = await run(cwd, '--mode', 'perf');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Batches: 3 of 2\.667 prompts on average; latency median /m);
    expect(stdout).toMatch(/^Memory of the model at its peak: 2 GiB resident$/m);
    expect(stdout).toMatch(/^TTFT, ms +\S+ .* 8$/m);
    for (const record of recordsOf(cwd)) {
      expect(record).toMatchObject({ outcome: 'ok', streamed: true });
    }
  });

  it('runs beside a service, flags about services for the service alone', async () => {
    const cwd = folder();
    const server = await chatServer(() => streamed('18'));
    const { code, stdout } = await run(cwd, '--models', CHAT, '--url', server.url, '--batch-size', '4');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^demo_gsm8k accuracy calculator /m);
    expect(stdout).toMatch(/^demo_gsm8k accuracy vllm-api-stream-chat /m);
    expect(server.asked).toHaveLength(9);
    expect(batches(cwd).slice(0, 2)).toEqual(Array(2).fill('loaded from weights 4 100'));
  });

  it('whose batch throws has failed records with the stack, for that batch alone', async () => {
    const cwd = folder({ trouble: 'A ferry', batch_size: 1 });
    const { code, stdout } = await run(cwd);
    expect(code).toBe(1);
    expect(stdout).toMatch(/model-bug +generate threw: CUDA out of memory/);
    const failed = recordsOf(cwd).filter(({ outcome }) => outcome === 'failed');
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.length).toBeLessThan(8);
    expect(failed[0].failure.bodyExcerpt).toContain('models/calculator.ts');
  });

  it.each([
    [['--host-port', '8000'], '--host-port is for services, and every model here is a local one'],
    [['--set', 'models.0.path=nowhere'], "Calculator's load threw: no weights in nowhere"],
  ])('with %j is refused', async (flags, message) => {
    const cwd = folder();
    const { code, stderr } = await run(cwd, ...flags);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(existsSync(join(cwd, 'batches.txt'))).toBe(false);
  });

  it('that lacks what the guide requires is told each key', async () => {
    const cwd = folder({ path: undefined, max_seq_len: undefined });
    const { code, stderr } = await run(cwd);
    expect(code).toBe(2);
    expect(stderr).toContain('models.0.path');
    expect(stderr).toContain('models.0.max_seq_len');
  });

  it('is interrupted: once lets the batch finish, twice gives it up', async () => {
    const cwd = folder({ pauseMs: 60_000 });
    const running = start(cwd, ['--models', 'calculator', '--datasets', DEMO]);
    await running.said('weights from weights');
    while (!existsSync(join(cwd, 'batches.txt'))) await new Promise((resolve) => setTimeout(resolve, 20));
    running.child.kill('SIGINT');
    await running.said('interrupt again');
    running.child.kill('SIGINT');
    const { code, stdout } = await running.finished;
    expect(code).toBe(130);
    expect(degradedIn(stdout)).toContain('partial run: stopped before its end, 3 requests cancelled');
    expect(batches(cwd)).toEqual(['loaded from weights 3 100', 'closed']);
  });
});
