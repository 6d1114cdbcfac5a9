import { type EventLog, isPayload, type OkRecord } from '../record.ts';
import type { MissingReason, RequestMetricName } from './definitions.ts';

/** A number, or why there is none. Never 0 in place of "not known". */
export type MetricValue = number | MissingReason;

/** What one answered request is worth: times in milliseconds, throughputs in tokens a second. ITL is apart: many gaps. */
export type RequestMetrics = Readonly<Record<Exclude<RequestMetricName, 'ITL'>, MetricValue>> & {
  /** How many events brought payload; 0 in text mode. */
  readonly payloadEvents: number;
};

/** The metrics of one answered request. Formulas: `docs/metrics.md`. Retried requests count from their first attempt. */
export function requestMetrics(record: OkRecord): RequestMetrics {
  const payload = record.streamed ? payloadOf(record.times.events) : undefined;
  const e2el = endToEnd(record, payload);
  const ttft = firstToken(record, payload);
  const input = record.inputTokens?.value ?? 'no-token-count';
  const output = record.outputTokens?.value ?? 'no-token-count';
  return {
    E2EL: e2el,
    TTFT: ttft,
    TPOT: typeof ttft === 'number' ? timePerToken(payload!, output) : ttft,
    InputTokens: input,
    OutputTokens: output,
    OutputTokenThroughput: perSecond(output, e2el),
    PrefillTokenThroughput: perSecond(input, ttft),
    payloadEvents: payload?.count ?? 0,
  };
}

/**
 * Calls `onGap` with each time between two consecutive payload events, in milliseconds, and whether the later event came
 * in the same socket read as the event before it. Role, usage and finish events are not part of it.
 */
export function eachGap(events: EventLog, onGap: (gap: number, sharedRead: boolean) => void): void {
  let previous: number | undefined;
  for (let i = 0; i < events.at.length; i++) {
    if (!isPayload(events.kind[i]!)) continue;
    const at = events.at[i]!;
    if (previous !== undefined) onGap(at - previous, events.sharedRead[i] === 1);
    previous = at;
  }
}

/** First and last event that brought payload. */
interface Payload {
  readonly count: number;
  readonly first: number;
  readonly last: number;
  /** Tokens of the first event; 1 when the server did not say. */
  readonly firstTokens: number;
}

function payloadOf(events: EventLog): Payload | undefined {
  let first = -1;
  let last = -1;
  let count = 0;
  for (let i = 0; i < events.kind.length; i++) {
    if (!isPayload(events.kind[i]!)) continue;
    if (first < 0) first = i;
    last = i;
    count++;
  }
  if (count === 0) return undefined;
  return { count, first: events.at[first]!, last: events.at[last]!, firstTokens: events.tokens[first]! || 1 };
}

function endToEnd(record: OkRecord, payload: Payload | undefined): MetricValue {
  if (!record.streamed) return record.times.done - record.times.sent;
  return payload === undefined ? 'no-payload' : payload.last - record.times.sent;
}

function firstToken(record: OkRecord, payload: Payload | undefined): MetricValue {
  if (!record.streamed) return 'not-streamed';
  return payload === undefined ? 'no-payload' : payload.first - record.times.sent;
}

function timePerToken(payload: Payload, output: MetricValue): MetricValue {
  if (payload.count === 1) return 'one-event';
  if (typeof output !== 'number') return output;
  const later = output - payload.firstTokens;
  if (later <= 0) return 'first-event-only';
  const span = payload.last - payload.first;
  return span > 0 ? span / later : 'one-read';
}

function perSecond(tokens: MetricValue, milliseconds: MetricValue): MetricValue {
  if (typeof milliseconds !== 'number') return milliseconds;
  if (typeof tokens !== 'number') return tokens;
  return milliseconds > 0 ? (tokens * 1000) / milliseconds : 'no-time';
}
