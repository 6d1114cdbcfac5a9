import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MetricsReading, readMetrics } from './reading.ts';
import { decodeReading, encodeReading } from './scraper.ts';
import {
  computeQuantile,
  type ScrapePhase,
  subtractHistogram,
  summarizeHistogram,
  summarizeServerMetrics,
  type TimedReading,
} from './summary.ts';

const recorded = (path: string) => readFileSync(`test/fixtures/${path}`, 'utf8');
const reading = (at: number, phase: ScrapePhase, own: Partial<MetricsReading> = {}): TimedReading => ({
  at,
  phase,
  backend: 'vllm',
  gauges: {},
  counters: {},
  histograms: {},
  ...own,
});

describe('a reading', () => {
  it('of a recorded vLLM has its counters, gauges and histograms, times in ms', () => {
    const { backend, gauges, counters, histograms } = readMetrics([recorded('vllm-tools/metrics.body.bin')])!;
    expect(backend).toBe('vllm');
    expect(gauges).toEqual({ running: 0, waiting: 0, kvCache: 0 });
    expect(counters).toMatchObject({ promptTokens: 412, prefixQueries: 412, prefixHits: 0, preemptions: 0 });
    expect(Object.keys(histograms).sort()).toEqual([
      'decode',
      'e2el',
      'interToken',
      'prefill',
      'queue',
      'ttft',
    ]);
    const { ttft } = histograms;
    expect(ttft!.bounds[0]).toBe(1);
    expect(ttft!.counts).toHaveLength(ttft!.bounds.length + 1);
    expect(ttft!.counts.at(-1)).toBe(counters.requests);
  });

  it('of a recorded TGI has what that counts', () => {
    const { backend, counters, histograms, gauges } = readMetrics([recorded('tgi/get_metrics.body.bin')])!;
    expect(backend).toBe('tgi');
    expect(counters).toEqual({ requests: 1, promptTokens: 5, generatedTokens: 6, acceptedTokens: 0 });
    expect(gauges).toEqual({ running: 0, waiting: 0 });
    expect(histograms.e2el!.sum).toBeCloseTo(2161.26, 1);
  });

  it('of Triton and MindIE has what their manuals name', () => {
    const triton = readMetrics([
      'nv_inference_request_success{model="m",version="1"} 3\nnv_inference_request_success{model="n",version="1"} 4\n' +
        'nv_inference_queue_duration_us{model="m"} 5000\nnv_inference_pending_request_count{model="m"} 2\n' +
        'nv_trt_llm_request_metrics{request_type="active"} 5\nnv_trt_llm_request_metrics{request_type="max"} 64\n' +
        'nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type="fraction"} 0.25\n',
    ])!;
    expect(triton).toMatchObject({
      backend: 'triton',
      counters: { requests: 7, queueTime: 5 },
      gauges: { running: 5, waiting: 2, kvCache: 0.25 },
    });
    const mindie = readMetrics([
      'num_requests_running{model_name="m"} 2\nnum_requests_waiting{model_name="m"} 1\nnpu_cache_usage_perc{model_name="m"} 0.5\n' +
        'npu_prefix_cache_hit_rate{model_name="m"} 0.4\nrequest_success_total{model_name="m"} 9\n' +
        'time_to_first_token_seconds_bucket{le="0.1"} 1\ntime_to_first_token_seconds_bucket{le="+Inf"} 2\ntime_to_first_token_seconds_sum 0.3\n',
    ])!;
    expect(mindie).toMatchObject({
      backend: 'mindie',
      gauges: { running: 2, waiting: 1, kvCache: 0.5, prefixHitRate: 0.4 },
      counters: { requests: 9 },
      histograms: { ttft: { bounds: [100], counts: [1, 2], sum: 300 } },
    });
  });

  it('of a vLLM that speculates has its drafts, by their place too', () => {
    const name = 'vllm:spec_decode_num';
    const { counters, acceptedByPosition } = readMetrics([
      `${name}_drafts_total{engine="0"} 10.0\n${name}_draft_tokens_total{engine="0"} 30.0\n` +
        `${name}_accepted_tokens_total{engine="0"} 12.0\n${name}_accepted_tokens_per_pos_total{engine="0",position="1"} 4.0\n` +
        `${name}_accepted_tokens_per_pos_total{engine="0",position="0"} 8.0\n`,
    ])!;
    expect(counters).toEqual({ drafts: 10, draftTokens: 30, acceptedTokens: 12 });
    expect(acceptedByPosition).toEqual([8, 4]);
  });

  it('adds up several servers and engines, and takes the mean of shares', () => {
    const page = (running: number, used: number) =>
      `vllm:num_requests_running{engine="0"} ${running}\nvllm:kv_cache_usage_perc{engine="0"} ${used}\n`;
    expect(readMetrics([page(3, 0.2), page(4, 0.6)])!.gauges).toEqual({ running: 7, kvCache: 0.4 });
  });

  it('of anything else is none', () => {
    expect(readMetrics(['python_info 1\n', ''])).toBeUndefined();
    expect(readMetrics(['<html>'])).toBeUndefined();
  });

  it('is the same when it is read back', () => {
    const whole = {
      at: 1.5,
      phase: 'during' as const,
      ...readMetrics([recorded('vllm-tools/metrics.body.bin')])!,
    };
    const line = encodeReading({ model: 'm', dataset: 'd' }, whole);
    expect(decodeReading(line, 'x')).toEqual({ model: 'm', dataset: 'd', ...whole });
    for (const bad of ['{', '{"v": 99}', 'null'])
      expect(() => decodeReading(bad, 'x:1')).toThrow(
        expect.objectContaining({ code: 'RUN-DATA-001', where: 'x:1' }),
      );
  });
});

describe('a summary', () => {
  it('needs a reading before and one after', () => {
    expect(summarizeServerMetrics([])).toBeUndefined();
    expect(summarizeServerMetrics([reading(0, 'before')])).toBeUndefined();
  });

  it('takes counters as differences; one that was not there before began at 0', () => {
    const { counted } = summarizeServerMetrics([
      reading(0, 'before', { counters: { promptTokens: 100 } }),
      reading(9, 'after', { counters: { promptTokens: 350, requests: 4 } }),
    ])!;
    expect(counted).toEqual({ promptTokens: 250, requests: 4 });
  });

  it('says the share of the prefix cache, or why there is none', () => {
    const rate = (before: Partial<MetricsReading>, after: Partial<MetricsReading>) =>
      summarizeServerMetrics([reading(0, 'before', before), reading(1, 'after', after)])!.prefixHitRate;
    const counters = (prefixQueries: number, prefixHits: number) => ({
      counters: { prefixQueries, prefixHits },
    });
    expect(rate(counters(100, 90), counters(300, 190))).toEqual({ value: 0.5 });
    expect(rate(counters(100, 90), counters(100, 90))).toEqual({
      reason: expect.stringContaining('no prompt'),
    });
    expect(rate({}, {})).toEqual({ reason: expect.stringContaining('does not report') });
    expect(rate({}, { gauges: { prefixHitRate: 0.3 } })).toEqual({ value: 0.3 });
  });

  it('computes speculative decoding as AISBench does (§6.7)', () => {
    const spec = (
      drafts: number,
      draftTokens: number,
      acceptedTokens: number,
      acceptedByPosition: number[],
    ) => ({
      counters: { drafts, draftTokens, acceptedTokens },
      acceptedByPosition,
    });
    const of = (after: Partial<MetricsReading>) =>
      summarizeServerMetrics([reading(0, 'before', spec(10, 30, 12, [8, 3, 1])), reading(1, 'after', after)])!
        .speculation;
    expect(of(spec(110, 330, 162, [88, 43, 31]))).toEqual({
      acceptanceRate: { value: 0.5 },
      acceptanceLength: { value: 2.5 },
      byPosition: [0.8, 0.4, 0.3],
    });
    expect(of(spec(10, 30, 12, [8, 3, 1])).acceptanceRate).toEqual({ reason: 'nothing was drafted' });
    expect(
      summarizeServerMetrics([reading(0, 'before'), reading(1, 'after')])!.speculation.acceptanceRate,
    ).toEqual({
      reason: 'the server does not report what it drafts',
    });
  });

  it('knows no differences of a server that was restarted', () => {
    const summary = summarizeServerMetrics([
      reading(0, 'before', { counters: { requests: 50 } }),
      reading(1, 'after', { counters: { requests: 3 } }),
    ])!;
    expect(summary.counted).toEqual({});
    expect(summary.prefixHitRate).toEqual({ reason: expect.stringContaining('restarted') });
    expect(summary.speculation.acceptanceRate).toEqual({ reason: expect.stringContaining('restarted') });
  });

  it('draws curves of the load alone, whose mean is over time and not over readings', () => {
    const running = (at: number, phase: ScrapePhase, value: number) =>
      reading(at, phase, { gauges: { running: value } });
    const { curves } = summarizeServerMetrics([
      running(-8000, 'before', 0),
      running(0, 'during', 0),
      running(1000, 'during', 8),
      running(4000, 'during', 2),
      running(5000, 'during', 0),
      running(9000, 'after', 0),
    ])!;
    expect(curves.running).toMatchObject({ min: 0, max: 8, mean: (0 * 1 + 8 * 3 + 2 * 1) / 5 });
    expect(curves.running!.points).toHaveLength(4);
  });
});

describe('a histogram', () => {
  const made = fc
    .record({
      bounds: fc.uniqueArray(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 8 }),
      values: fc.array(fc.integer({ min: 1, max: 1200 }), { minLength: 1, maxLength: 60 }),
    })
    .map(({ bounds, values }) => {
      const sorted = [...bounds].sort((a, b) => a - b);
      const counts = [...sorted, Infinity].map((bound) => values.filter((value) => value <= bound).length);
      return {
        values,
        histogram: { bounds: sorted, counts, sum: values.reduce((sum, value) => sum + value, 0) },
      };
    });

  it('puts a quantile into the bucket that the true one lies in', () => {
    fc.assert(
      fc.property(made, fc.constantFrom(0.5, 0.9, 0.99), ({ values, histogram }, share) => {
        const { bounds } = histogram;
        const rank = Math.ceil(share * values.length);
        const truth = [...values].sort((a, b) => a - b)[Math.max(0, rank - 1)]!;
        const guess = computeQuantile(histogram, share);
        const upper = bounds.find((bound) => truth <= bound) ?? bounds.at(-1)!;
        const lower = bounds.findLast((bound) => bound < truth) ?? 0;
        expect(guess).toBeGreaterThanOrEqual(Math.min(lower, upper));
        expect(guess).toBeLessThanOrEqual(upper);
      }),
    );
  });

  it('has ordered quantiles, and the mean and count of what came between two readings', () => {
    fc.assert(
      fc.property(made, made, (first, second) => {
        const { bounds } = first.histogram;
        const both = [...first.values, ...second.values];
        const counts = [...bounds, Infinity].map((bound) => both.filter((value) => value <= bound).length);
        const later = { bounds, counts, sum: both.reduce((sum, value) => sum + value, 0) };
        const spread = summarizeHistogram(subtractHistogram(first.histogram, later)!)!;
        expect(spread.count).toBe(second.values.length);
        expect(spread.mean).toBeCloseTo(second.histogram.sum / second.values.length, 6);
        expect(spread.p50).toBeLessThanOrEqual(spread.p90);
        expect(spread.p90).toBeLessThanOrEqual(spread.p99);
        expect(spread.p99).toBeLessThanOrEqual(spread.limit);
      }),
    );
  });

  it('is not compared with one of other buckets, or of fewer counts', () => {
    const one = { bounds: [1], counts: [1, 2], sum: 3 };
    expect(subtractHistogram({ bounds: [2], counts: [1, 2], sum: 3 }, one)).toBeUndefined();
    expect(subtractHistogram({ bounds: [1], counts: [2, 2], sum: 3 }, one)).toBeUndefined();
    expect(subtractHistogram(undefined, one)).toBe(one);
    expect(summarizeHistogram({ bounds: [1], counts: [0, 0], sum: 0 })).toBeUndefined();
  });
});
