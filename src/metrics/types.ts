import type { BatchSummary } from './batches.ts';
import type { CommonMetric } from './common.ts';
import type { ConversationSummary } from './conversations.ts';
import type { FailureGroup } from './failures.ts';
import type { Groups } from './groups.ts';
import type { Load } from './load.ts';
import type { MetricRow } from './rows.ts';
import type { Stats } from './stats.ts';
import type { TokenSources } from './token-sources.ts';

export interface SummaryOptions {
  /** Most requests that were allowed in flight (`batch_size`). */
  readonly concurrency: number;
  /** Cases a second that were asked for; absent in a closed loop. */
  readonly ratePerSecond?: number;
  /** Requests of the plan, to say how many were not sent. */
  readonly planned?: number;
  /** The run was stopped before its end. */
  readonly interrupted?: boolean;
  /** A local model answered, in batches. */
  readonly batched?: boolean;
  /** Statistics to show, in order: Average, Min, Max, Median, P1 … P99. Default: AISBench's seven. */
  readonly statistics?: readonly string[];
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
  /** Names of the statistics that tables show, in order. */
  readonly statistics: readonly string[];
  readonly rows: readonly MetricRow[];
  readonly common: readonly CommonMetric[];
  readonly retried: Retried;
  readonly failures: readonly FailureGroup[];
  readonly tokens: { readonly input: TokenSources; readonly output: TokenSources };
  readonly load: Load;
  /** Present where requests are turns of dialogues. */
  readonly conversations?: ConversationSummary;
  /** Present where a local model answered. */
  readonly batches?: BatchSummary;
  /** Sentences that a reader needs to judge the numbers. */
  readonly notes: readonly string[];
}
