import type { Finding } from '../contract/finding.ts';
import type { AnswerLengths, CachedTokens, ReasoningTokens } from './answer-tokens.ts';
import type { BatchSummary } from './batches.ts';
import type { CensoredLatency } from './censored.ts';
import type { ClientHealth } from './client-health.ts';
import type { CommonMetric } from './common.ts';
import type { ConversationSummary } from './conversations.ts';
import type { FailureGroup } from './failures.ts';
import type { Goodput, Slos } from './goodput.ts';
import type { Groups } from './groups.ts';
import type { Load } from './load.ts';
import type { EventTokenCounts } from './reply-rows.ts';
import type { MetricRow } from './rows.ts';
import type { Stats } from './stats.ts';
import type { SteadyState } from './steady.ts';
import type { TokenSources } from './token-sources.ts';
import type { Validity } from './validity.ts';

export interface SummaryOptions {
  /** Most requests that were allowed in flight (`batch_size`). */
  readonly concurrency: number;
  /** Cases a second that were asked for; absent in a closed loop. */
  readonly ratePerSecond?: number;
  /** Requests of the plan, to say how many were not sent. */
  readonly planned?: number;
  /** The run was stopped before its end. */
  readonly interrupted?: boolean;
  /** Workers that were lost before their share was sent. */
  readonly lostSenders?: number;
  /** A load test, whose latencies a prompt that comes again may flatter. */
  readonly isLoadTest?: boolean;
  /** Share 0…1 of the prompt tokens that the prefix cache served, by the service's own metrics; absent where it does not count them. */
  readonly servedFromCache?: number;
  /** A local model answered, in batches. */
  readonly batched?: boolean;
  /** Statistics to show, in order: Average, Min, Max, Median, P1 … P99. Default: AISBench's seven. */
  readonly statistics?: readonly string[];
  /** Objectives of goodput, milliseconds; also the deadlines of fluidity. */
  readonly slos?: Slos;
  /** The smallest objective that the run is a statement about, ms; absent where it is one about its latencies. */
  readonly smallestObjective?: number;
  /** How the sending processes fared; none was measured when absent. */
  readonly clientHealth?: readonly ClientHealth[];
}

/** Requests that needed more than one attempt; their latencies (ms) run from the first one. */
export interface Retried {
  readonly count: number;
  readonly e2el?: Stats;
  readonly ttft?: Stats;
  /** Why the attempts before the last one failed; failed requests' attempts too. */
  readonly causes: readonly FailureGroup[];
}

/** Everything that a performance report says. Times in milliseconds, rates a second, nothing rounded. */
export interface Summary extends Groups {
  /** Which version of `docs/metrics.md` the numbers follow. */
  readonly definitions: number;
  /** Whether the numbers may be believed. */
  readonly validity: Validity;
  /** Names of the statistics that tables show, in order. */
  readonly statistics: readonly string[];
  /** AISBench's eight. */
  readonly rows: readonly MetricRow[];
  /** Ours behind them: the response clock, TTFAT, time a token, stalls, fluidity, decoding. */
  readonly further: readonly MetricRow[];
  readonly common: readonly CommonMetric[];
  /** The steady part of the run, beside the whole. */
  readonly steady: SteadyState;
  /** Present when objectives were given. */
  readonly goodput?: Goodput;
  /** Latency with the failed requests in. */
  readonly censored: CensoredLatency;
  readonly retried: Retried;
  readonly failures: readonly FailureGroup[];
  readonly tokens: {
    readonly input: TokenSources;
    readonly output: TokenSources;
    /** How the tokens of single events are known, in streamed answers. */
    readonly events: EventTokenCounts;
    /** Present where replies tell what the prefix cache had. */
    readonly cached?: CachedTokens;
    /** Present where answers had reasoning; its tokens are part of the output's. */
    readonly reasoning?: ReasoningTokens;
  };
  /** Present where answers were to have an exact length, or are longer than was asked. */
  readonly lengths?: AnswerLengths;
  readonly load: Load;
  /** Present where requests are turns of dialogues. */
  readonly conversations?: ConversationSummary;
  /** Present where a local model answered. */
  readonly batches?: BatchSummary;
  /** What a reader needs to know to judge the numbers, beside the verdict's. */
  readonly findings: readonly Finding[];
}
