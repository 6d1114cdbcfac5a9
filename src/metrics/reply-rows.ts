import type { OkRecord } from '../contract/record.ts';
import { ReasoningTally } from './answer-tokens.ts';
import type { Arrivals } from './arrivals.ts';
import type { FurtherMetricName, MissingReason, RequestMetricName } from './definitions.ts';
import {
  type EventTokenSource,
  IS_PAYLOAD,
  TokenScratch,
  tokensOfEvents,
  UNKNOWN_EVENT,
} from './event-tokens.ts';
import { type Deadlines, fluidityOf } from './fluidity.ts';
import { eachGap, eachTokenGap, type RequestMetrics } from './request.ts';
import type { MetricRows } from './rows.ts';

/** Rows of tokens count every answer; rows of time leave out the retried ones. */
const TIMED: readonly Exclude<RequestMetricName | FurtherMetricName, 'ITL' | 'Token ITL' | 'Fluidity'>[] = [
  'E2EL',
  'TTFT',
  'TPOT',
  'OutputTokenThroughput',
  'PrefillTokenThroughput',
  'Response E2EL',
  'Response TTFT',
  'TTFAT',
  'Largest Gap',
  'DecodeTokenThroughput',
];

/** How the tokens of single events were known, in answers. */
export type EventTokenCounts = Readonly<Record<EventTokenSource, number>>;

/** Puts the answers of a run into the rows and their tokens into the arrivals. */
export class ReplyRows {
  readonly #rows: MetricRows;
  readonly #arrivals: Arrivals;
  readonly #deadlines: Deadlines | undefined;
  readonly #scratch = new TokenScratch();
  readonly reasoning = new ReasoningTally();
  readonly gaps = { all: 0, shared: 0 };
  readonly eventTokens: Record<EventTokenSource, number> = { events: 0, spread: 0, unknown: 0 };

  constructor(rows: MetricRows, arrivals: Arrivals, deadlines: Deadlines | undefined) {
    this.#rows = rows;
    this.#arrivals = arrivals;
    this.#deadlines = deadlines;
  }

  add(record: OkRecord, metrics: RequestMetrics): void {
    const { events } = record.times;
    const tokens = this.#scratch.for(events);
    const source = record.streamed
      ? tokensOfEvents(events, record.outputTokens?.value, tokens)
      : ('unknown' as const);
    this.#arrive(record, tokens);
    this.reasoning.add(record, source === 'unknown' ? undefined : tokens);
    this.#rows.push('InputTokens', metrics.InputTokens);
    this.#rows.push('OutputTokens', metrics.OutputTokens);
    if (record.streamed) {
      this.eventTokens[source]++;
      this.#rows.addStream(metrics.atOnce);
    }
    if (record.attempt > 1) return;
    for (const name of TIMED) this.#rows.push(name, metrics[name]);
    const ifNone = missingGaps(record, metrics);
    this.#addGaps(record, ifNone === undefined ? this.#rows.pool('ITL') : undefined);
    if (ifNone !== undefined) {
      for (const name of ['ITL', 'Token ITL', 'Fluidity'] as const) this.#rows.miss(name, ifNone);
      return;
    }
    this.#addTokenTimes(record, tokens, source);
  }

  /** Tokens count when they arrive; those of a reply that is not streamed, or of uncounted events, when it ends. */
  #arrive({ times, streamed, outputTokens }: OkRecord, tokens: Uint32Array): void {
    const { at, kind } = times.events;
    let arrived = 0;
    if (streamed) {
      for (let i = 0; i < kind.length; i++) {
        if (IS_PAYLOAD[kind[i]!] === 0 || tokens[i] === 0) continue;
        this.#arrivals.add(at[i]!, tokens[i]!);
        arrived += tokens[i]!;
      }
    }
    const rest = (outputTokens?.value ?? 0) - arrived;
    if (rest > 0) this.#arrivals.add(times.done, rest);
  }

  /** Events of one read are counted in answers that came at one instant too, which have no ITL: `put` is absent. */
  #addGaps({ times }: OkRecord, put: ((gap: number) => void) | undefined): void {
    eachGap(times.events, (gap, shared) => {
      put?.(gap);
      this.gaps.all++;
      if (shared) this.gaps.shared++;
    });
  }

  #addTokenTimes({ times }: OkRecord, tokens: Uint32Array, source: EventTokenSource): void {
    if (source === 'unknown') {
      for (const name of ['Token ITL', 'Fluidity'] as const) this.#rows.miss(name, 'no-token-count');
      return;
    }
    eachTokenGap(times.events, tokens, this.#rows.pool('Token ITL'));
    const { scheduled } = times;
    if (this.#deadlines === undefined) this.#rows.miss('Fluidity', 'no-deadline');
    else if (scheduled === undefined) this.#rows.miss('Fluidity', 'no-schedule');
    else {
      const share = fluidityOf(times.events, tokens, scheduled, this.#deadlines);
      this.#rows.push('Fluidity', share ?? 'no-token-count');
    }
  }
}

function missingGaps(
  { streamed, times }: OkRecord,
  { payloadEvents, atOnce }: RequestMetrics,
): MissingReason | undefined {
  if (!streamed) return 'not-streamed';
  if (payloadEvents === 0) return times.events.kind.includes(UNKNOWN_EVENT) ? 'unknown-events' : 'no-payload';
  return atOnce ?? (payloadEvents === 1 ? 'one-event' : undefined);
}
