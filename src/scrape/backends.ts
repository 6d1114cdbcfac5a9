/**
 * What the backends call the things that we show. vLLM as recorded from 0.32 and, for speculative decoding, as its metrics page and
 * AISBench §6.7 name them; TGI as recorded, which counts tokens in histograms of requests, and of drafts only what was accepted (`skipped`); Triton
 * and MindIE as their manuals name them.
 */
import backends from './backends.json' with { type: 'json' };

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

/** The servers in `backends.json`, in this order: Triton with vLLM inside speaks both, and vLLM's names say more. */
export const BACKENDS: readonly Backend[] = (backends as readonly BackendEntry[]).map((backend) => ({
  ...backend,
  mark: new RegExp(backend.mark),
}));

type BackendEntry = Omit<Backend, 'mark'> & { readonly mark: string };
