import { describe, expect, it } from 'vitest';
import { ask, FAST, post, simService } from '../../test/support/sim-service.ts';
import type { Generate, InferenceEngine, Sampling } from './engine.ts';
import { Histogram, observed, ServiceMetrics } from './metrics.ts';

describe('a histogram', () => {
  it('counts a value in the first bucket that is not below it', () => {
    const histogram = new Histogram([1, 2]);
    for (const value of [0, 1, 1.5, 2, 3]) histogram.observe(value);
    expect(histogram.counts).toEqual([2, 2, 1]);
    expect([histogram.count, histogram.sum]).toEqual([5, 7.5]);
  });
});

/** An engine that gives three tokens, at 1.0, 1.5 and 2.5 s on a clock made by hand; or what `generate` does. */
function setUp(generate?: Generate) {
  let now = 0;
  const metrics = new ServiceMetrics();
  const three: Generate = async (_, sink) => {
    for (const [at, reason] of [[1000], [1500], [2500, 'stop']] as const) {
      now = at;
      sink({ text: 'x', tokens: 1, finish: reason && { reason, stop: null } });
    }
  };
  const engine = {
    read: () => ({ tokens: 7, generate: generate ?? three }),
  } as unknown as InferenceEngine;
  const read = observed(engine, metrics, () => now).read({ kind: 'text', text: '' });
  return { metrics, ask: () => read.generate({} as Sampling, () => {}, new AbortController().signal) };
}

describe('an observed engine', () => {
  it('times the first token, the gaps and the whole, and counts tokens', async () => {
    const { metrics, ask } = setUp();
    await ask();
    expect(metrics).toMatchObject({
      promptTokens: 7,
      generationTokens: 3,
      ended: { stop: 1, length: 0, abort: 0, error: 0 },
      timeToFirstToken: { count: 1, sum: 1 },
      interTokenLatency: { count: 2, sum: 1.5 },
      timePerOutputToken: { count: 1, sum: 0.75 },
      requestLatency: { count: 1, sum: 2.5 },
      requestGenerationTokens: { count: 1, sum: 3 },
    });
  });

  it('counts who left and what failed apart', async () => {
    const left = setUp(async () => {});
    await left.ask();
    expect(left.metrics.ended).toMatchObject({ abort: 1, stop: 0 });
    expect(left.metrics.requestLatency.count).toBe(0);
    const broken = setUp(() => Promise.reject(new Error('no')));
    await expect(broken.ask()).rejects.toThrow('no');
    expect(broken.metrics.ended).toMatchObject({ error: 1, abort: 0 });
  });
});

describe('/metrics', () => {
  it('tells the service’s own numbers under vLLM’s names', async () => {
    const sim = await simService();
    await ask(sim, 'v1/completions', { prompt: 'Once upon a time', max_tokens: 5 });
    await ask(sim, 'generate', { inputs: 'Once upon', parameters: { max_new_tokens: 3 } });
    const response = await fetch(`${sim.url}metrics`);
    expect(response.headers.get('content-type')).toBe('text/plain; version=1.0.0; charset=utf-8');
    const text = await response.text();
    const value = (name: string) => Number(new RegExp(`^vllm:${name} (\\S+)$`, 'm').exec(text)?.[1]);
    const labels = '\\{engine="0",model_name="ais-bench-sim"\\}';
    expect(value(`prompt_tokens_total${labels}`)).toBe(6);
    expect(value(`generation_tokens_total${labels}`)).toBe(8);
    expect(value(`time_to_first_token_seconds_count${labels}`)).toBe(2);
    expect(value(`inter_token_latency_seconds_count${labels}`)).toBe(6);
    expect(value(`num_requests_running${labels}`)).toBe(0);
    expect(text).toContain('request_success_total{engine="0",finished_reason="length",model_name=');
    expect(text).toContain(
      'request_prompt_tokens_bucket{engine="0",le="2.0",model_name="ais-bench-sim"} 1.0',
    );
    expect(text).toContain('e2e_request_latency_seconds_bucket{engine="0",le="+Inf",model_name=');
  });

  it('tells what is running and waiting', async () => {
    const sim = await simService({ engine: { ...FAST, maxBatch: 1, baseStepMs: 50 } });
    const endless = { prompt: 'a', ignore_eos: true, max_tokens: 8000, stream: true };
    const open = await Promise.all([0, 1, 2].map(() => post(sim, 'v1/completions', endless)));
    const text = await (await fetch(`${sim.url}metrics`)).text();
    expect(text).toMatch(/num_requests_running\{\S+ 1\.0/);
    expect(text).toMatch(/num_requests_waiting\{\S+ 2\.0/);
    await Promise.all(open.map((response) => response.body!.cancel()));
  });
});
