/** A real GGUF model in llama.cpp, behind the embedded service: what `npm run demo:real` shows. */
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { serveWith } from '../e2e/support.ts';
import { expectAllOk, expectPerformanceRun, run } from './runs.ts';
import { install, REAL_HOME } from './server.ts';

const GGUF = join(REAL_HOME, 'smollm2-gguf', 'SmolLM2-135M-Instruct.Q4_1.gguf');

beforeAll(() => install('llama'));

/** It ends with its test. */
function serveLlama(): Promise<{ url: string }> {
  return serveWith({ AIS_BENCH_PEERS: join(REAL_HOME, 'llama-peers') }, '--engine', 'llama', '--gguf', GGUF);
}

it('gives the same texts whole and streamed, with the same honest counts', async () => {
  const { url } = await serveLlama();
  const whole = await run(url, 'vllm_api_general_chat');
  const streamed = await run(url, 'vllm_api_stream_chat');
  for (const one of [whole, streamed]) {
    expectAllOk(one, 8);
    expect(one.stdout).toMatch(/^demo_gsm8k accuracy vllm-api-/m);
    expect(one.stdout).not.toContain('SIMULATED');
  }
  expect(streamed.answers).toEqual(whole.answers);
  expect(countsOf(streamed.records)).toEqual(countsOf(whole.records));
});

it('runs a load test', async () => {
  const { url } = await serveLlama();
  await expectPerformanceRun(url, 'vllm_api_stream_chat', true);
});

it('gives real probabilities', async () => {
  const { url } = await serveLlama();
  const { code, predictions } = await run(url, 'vllm_api_general', {
    dataset: 'demo_mcq_ppl_0_shot_str',
    args: ['--num-prompts', '4'],
  });
  expect(code).toBe(0);
  const losses = predictions.flatMap(({ details }) =>
    details.ppl_list.map(({ loss }: { loss: number }) => loss),
  );
  expect(losses.length).toBeGreaterThanOrEqual(8);
  for (const loss of losses) expect(loss).toBeGreaterThan(0);
});

function countsOf(records: readonly any[]): unknown[] {
  return records
    .toSorted((a, b) => a.call.index - b.call.index)
    .map(({ inputTokens, outputTokens }) => [inputTokens, outputTokens]);
}
