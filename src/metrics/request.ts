import type { EventLog, OkRecord } from '../contract/record.ts';
import type { FurtherMetricName, MissingReason, RequestMetricName } from './definitions.ts';
import { IS_PAYLOAD, UNKNOWN_EVENT } from './event-tokens.ts';
import { type AtOnce, atOnce, type Payload, payloadOf } from './payload.ts';

/** A number, or why there is none. Never 0 in place of "not known". */
export type MetricValue = number | MissingReason;

type PooledName = 'ITL' | 'Token ITL';

/**
 * What one answered request is worth: times in milliseconds, throughputs in tokens a second. ITL and Token ITL are apart:
 * many values a request; Fluidity too, which needs deadlines.
 */
export type RequestMetrics = Readonly<
  Record<Exclude<RequestMetricName | FurtherMetricName, PooledName | 'Fluidity'>, MetricValue>
> & {
  /** How many events brought payload; 0 in text mode. */
  readonly payloadEvents: number;
  /** It was to be a stream, and came at one instant. */
  readonly atOnce: AtOnce | undefined;
};

/** The metrics of one answered request. Formulas: `docs/metrics.md`. Retried requests count from their first attempt. */
export function requestMetrics(record: OkRecord): RequestMetrics {
  const payload = record.streamed ? payloadOf(record.times.events) : undefined;
  const e2el = endToEnd(record, payload);
  const whole = payload && atOnce(record, payload);
  const ttft = whole ?? firstToken(record, payload);
  const input = record.inputTokens?.value ?? whyNotCounted(record, 'input');
  const output = record.outputTokens?.value ?? whyNotCounted(record, 'output');
  const tpot = typeof ttft === 'number' ? timePerToken(payload!, output) : ttft;
  const lag = lagOf(record);
  return {
    E2EL: e2el,
    TTFT: ttft,
    TPOT: tpot,
    InputTokens: input,
    OutputTokens: output,
    OutputTokenThroughput: perSecond(output, e2el),
    PrefillTokenThroughput: perSecond(input, ttft),
    'Response E2EL': plus(e2el, lag),
    'Response TTFT': plus(ttft, lag),
    TTFAT: typeof ttft === 'number' ? firstAnswer(record, payload!) : ttft,
    'Largest Gap': typeof ttft === 'number' ? largestGap(payload!) : ttft,
    DecodeTokenThroughput: typeof tpot === 'number' ? 1000 / tpot : tpot,
    payloadEvents: payload?.count ?? 0,
    atOnce: whole,
  };
}

/**
 * Calls `onGap` with each time between two consecutive payload events, in milliseconds, and whether the later event came
 * in the same socket read as the event before it. Role, usage and finish events are not part of it.
 */
export function eachGap(events: EventLog, onGap: (gap: number, sharedRead: boolean) => void): void {
  let previous = Number.NaN;
  for (let i = 0; i < events.at.length; i++) {
    if (IS_PAYLOAD[events.kind[i]!] === 0) continue;
    const at = events.at[i]!;
    if (!Number.isNaN(previous)) onGap(at - previous, events.sharedRead[i] === 1);
    previous = at;
  }
}

/**
 * Calls `onGap` with the time of one token and how many tokens had it: payload events of one instant are one burst, whose
 * tokens share the gap before it evenly. `tokens`: tokens an event.
 */
export function eachTokenGap(
  events: EventLog,
  tokens: Uint32Array,
  onGap: (gap: number, times: number) => void,
): void {
  let burst = -1;
  let before = Number.NaN;
  let brought = 0;
  const close = () => {
    if (brought > 0 && !Number.isNaN(before)) onGap((burst - before) / brought, brought);
  };
  for (let i = 0; i < events.at.length; i++) {
    if (IS_PAYLOAD[events.kind[i]!] === 0) continue;
    const at = events.at[i]!;
    if (at !== burst) {
      close();
      // An event without a token of its own leaves its time to the next one that has some.
      if (brought > 0) before = burst;
      burst = at;
      brought = 0;
    }
    brought += tokens[i]!;
  }
  close();
}

function endToEnd(record: OkRecord, payload: Payload | undefined): MetricValue {
  if (!record.streamed) return record.times.done - record.times.sent;
  return payload === undefined ? noPayload(record) : payload.last - record.times.sent;
}

function firstToken(record: OkRecord, payload: Payload | undefined): MetricValue {
  if (!record.streamed) return 'not-streamed';
  return payload === undefined ? noPayload(record) : payload.first - record.times.sent;
}

/** Tells a service that counts no tokens from a class that does not read its counts. */
function whyNotCounted({ unreadCounts }: OkRecord, side: 'input' | 'output'): MissingReason {
  return unreadCounts?.[side] === undefined ? 'no-token-count' : 'count-not-read';
}

function noPayload({ times }: OkRecord): MissingReason {
  return times.events.kind.includes(UNKNOWN_EVENT) ? 'unknown-events' : 'no-payload';
}

function lagOf({ times: { sent, scheduled } }: OkRecord): MetricValue {
  return scheduled === undefined ? 'no-schedule' : sent - scheduled;
}

function firstAnswer(record: OkRecord, payload: Payload): MetricValue {
  return Number.isNaN(payload.firstAnswer) ? 'no-answer' : payload.firstAnswer - record.times.sent;
}

function largestGap(payload: Payload): MetricValue {
  return payload.count === 1 ? 'one-event' : payload.largestGap;
}

function timePerToken(payload: Payload, output: MetricValue): MetricValue {
  if (payload.count === 1) return 'one-event';
  if (typeof output !== 'number') return output;
  const later = output - payload.firstTokens;
  if (later <= 0) return 'first-event-only';
  return (payload.last - payload.first) / later;
}

function perSecond(tokens: MetricValue, milliseconds: MetricValue): MetricValue {
  if (typeof milliseconds !== 'number') return milliseconds;
  if (typeof tokens !== 'number') return tokens;
  return milliseconds > 0 ? (tokens * 1000) / milliseconds : 'no-time';
}

function plus(value: MetricValue, milliseconds: MetricValue): MetricValue {
  if (typeof value !== 'number') return value;
  return typeof milliseconds === 'number' ? value + milliseconds : milliseconds;
}
