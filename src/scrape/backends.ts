/**
 * What the backends call the things that we show. vLLM as recorded from 0.32 and, for speculative decoding, as its metrics page and
 * AISBench §6.7 name them; TGI as recorded; Triton and MindIE as their manuals name them.
 */

/** Inference servers whose metrics are read. */
export type BackendName = 'vllm' | 'tgi' | 'triton' | 'mindie';

/** Running totals, by the names used here. */
export const COUNTERS = [
  'requests',
  'failedRequests',
  'promptTokens',
  'generatedTokens',
  'preemptions',
  'prefixQueries',
  'prefixHits',
  'drafts',
  'draftTokens',
  'acceptedTokens',
  'queueTime',
  'serviceTime',
] as const;
/** Distributions of times, by the names used here. */
export const HISTOGRAMS = ['ttft', 'interToken', 'e2el', 'queue', 'prefill', 'decode'] as const;

/** A momentary value. */
export type GaugeName = 'running' | 'waiting' | 'kvCache' | 'prefixHitRate';
/** Name of a running total. */
export type CounterName = (typeof COUNTERS)[number];
/** Name of a distribution. */
export type HistogramName = (typeof HISTOGRAMS)[number];

/** The samples that a number is read from. */
export interface MetricSource {
  /** The first of these that is there. */
  readonly names: readonly string[];
  /** Only samples with this label. */
  readonly label?: readonly [name: string, value: string];
  /** Makes of it what we show: times in ms, shares 0…1. */
  readonly scale?: number;
  /** Of several engines: the sum, or the mean of a share. */
  readonly combine?: 'sum' | 'mean';
}

/** Where one server's metrics have each number. */
export interface Backend {
  readonly name: BackendName;
  /** A name that only this backend has. */
  readonly mark: RegExp;
  readonly gauges: Partial<Record<GaugeName, MetricSource>>;
  readonly counters: Partial<Record<CounterName, MetricSource>>;
  readonly histograms: Partial<Record<HistogramName, MetricSource>>;
  /** Accepted draft tokens by their place in the draft, in the label `position`. */
  readonly acceptedByPosition?: string;
}

const MS = 1000;
const MICROSECONDS = 1 / 1000;

const from = (...names: string[]): MetricSource => ({ names });
const meanShare = (...names: string[]): MetricSource => ({ names, combine: 'mean' });
const seconds = (...names: string[]): MetricSource => ({ names, scale: MS });

const vllm: Backend = {
  name: 'vllm',
  mark: /^vllm:/,
  gauges: {
    running: from('vllm:num_requests_running'),
    waiting: from('vllm:num_requests_waiting'),
    kvCache: meanShare('vllm:kv_cache_usage_perc', 'vllm:gpu_cache_usage_perc'),
    prefixHitRate: meanShare('vllm:gpu_prefix_cache_hit_rate'),
  },
  counters: {
    requests: from('vllm:request_success_total'),
    promptTokens: from('vllm:prompt_tokens_total'),
    generatedTokens: from('vllm:generation_tokens_total'),
    preemptions: from('vllm:num_preemptions_total'),
    prefixQueries: from('vllm:prefix_cache_queries_total', 'vllm:gpu_prefix_cache_queries_total'),
    prefixHits: from('vllm:prefix_cache_hits_total', 'vllm:gpu_prefix_cache_hits_total'),
    drafts: from('vllm:spec_decode_num_drafts_total'),
    draftTokens: from('vllm:spec_decode_num_draft_tokens_total'),
    acceptedTokens: from('vllm:spec_decode_num_accepted_tokens_total'),
  },
  histograms: {
    ttft: seconds('vllm:time_to_first_token_seconds'),
    interToken: seconds('vllm:inter_token_latency_seconds', 'vllm:time_per_output_token_seconds'),
    e2el: seconds('vllm:e2e_request_latency_seconds'),
    queue: seconds('vllm:request_queue_time_seconds'),
    prefill: seconds('vllm:request_prefill_time_seconds'),
    decode: seconds('vllm:request_decode_time_seconds'),
  },
  acceptedByPosition: 'vllm:spec_decode_num_accepted_tokens_per_pos_total',
};

/** TGI counts tokens in histograms of requests, and of drafts only what was accepted (`skipped`). */
const tgi: Backend = {
  name: 'tgi',
  mark: /^tgi_/,
  gauges: { running: from('tgi_batch_current_size'), waiting: from('tgi_queue_size') },
  counters: {
    requests: from('tgi_request_success'),
    promptTokens: from('tgi_request_input_length_sum'),
    generatedTokens: from('tgi_request_generated_tokens_sum'),
    acceptedTokens: from('tgi_request_skipped_tokens_sum'),
  },
  histograms: {
    interToken: seconds('tgi_request_mean_time_per_token_duration'),
    e2el: seconds('tgi_request_duration'),
    queue: seconds('tgi_request_queue_duration'),
  },
};

const triton: Backend = {
  name: 'triton',
  mark: /^nv_inference_/,
  gauges: {
    running: { names: ['nv_trt_llm_request_metrics'], label: ['request_type', 'active'] },
    waiting: from('nv_inference_pending_request_count'),
    kvCache: {
      names: ['nv_trt_llm_kv_cache_block_metrics'],
      label: ['kv_cache_block_type', 'fraction'],
      combine: 'mean',
    },
  },
  counters: {
    requests: from('nv_inference_request_success'),
    failedRequests: from('nv_inference_request_failure'),
    queueTime: { names: ['nv_inference_queue_duration_us'], scale: MICROSECONDS },
    serviceTime: { names: ['nv_inference_request_duration_us'], scale: MICROSECONDS },
  },
  histograms: { ttft: from('nv_inference_first_response_histogram_ms') },
};

const mindie: Backend = {
  name: 'mindie',
  mark: /^(npu_cache_usage_perc|num_requests_running)$/,
  gauges: {
    running: from('num_requests_running'),
    waiting: from('num_requests_waiting'),
    kvCache: meanShare('npu_cache_usage_perc'),
    prefixHitRate: meanShare('npu_prefix_cache_hit_rate'),
  },
  counters: {
    requests: from('request_success_total'),
    failedRequests: from('request_failed_total'),
    promptTokens: from('prompt_tokens_total'),
    generatedTokens: from('generation_tokens_total'),
    preemptions: from('num_preemptions_total'),
  },
  histograms: {
    ttft: seconds('time_to_first_token_seconds'),
    interToken: seconds('time_per_output_token_seconds'),
    e2el: seconds('e2e_request_latency_seconds'),
  },
};

/** In this order: Triton with vLLM inside speaks both, and vLLM's names say more. */
export const BACKENDS: readonly Backend[] = [vllm, tgi, triton, mindie];
