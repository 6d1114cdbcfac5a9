import type { EventLog, OkRecord } from '../contract/record.ts';
import type { FurtherMetricName, MissingReason, RequestMetricName } from './definitions.ts';
import { IS_ANSWER, IS_PAYLOAD, UNKNOWN_EVENT } from './event-tokens.ts';

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
};

/** The metrics of one answered request. Formulas: `docs/metrics.md`. Retried requests count from their first attempt. */
export function requestMetrics(record: OkRecord): RequestMetrics {
  const payload = record.streamed ? payloadOf(record.times.events) : undefined;
  const e2el = endToEnd(record, payload);
  const ttft = firstToken(record, payload);
  const input = record.inputTokens?.value ?? 'no-token-count';
  const output = record.outputTokens?.value ?? 'no-token-count';
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

/** First and last event that brought payload, and what lies between. */
interface Payload {
  readonly count: number;
  readonly first: number;
  readonly last: number;
  /** Tokens of the first event; 1 when the server did not say. */
  readonly firstTokens: number;
  /** First event with a part of the answer itself; NaN when all was reasoning. */
  readonly firstAnswer: number;
  readonly largestGap: number;
}

function payloadOf(events: EventLog): Payload | undefined {
  let first = -1;
  let last = -1;
  let count = 0;
  let answer = Number.NaN;
  let largestGap = 0;
  for (let i = 0; i < events.kind.length; i++) {
    const kind = events.kind[i]!;
    if (IS_PAYLOAD[kind] === 0) continue;
    if (first < 0) first = i;
    else largestGap = Math.max(largestGap, events.at[i]! - events.at[last]!);
    if (IS_ANSWER[kind] === 1 && Number.isNaN(answer)) answer = events.at[i]!;
    last = i;
    count++;
  }
  if (count === 0) return undefined;
  return {
    count,
    first: events.at[first]!,
    last: events.at[last]!,
    firstTokens: events.tokens[first]! || 1,
    firstAnswer: answer,
    largestGap,
  };
}

function endToEnd(record: OkRecord, payload: Payload | undefined): MetricValue {
  if (!record.streamed) return record.times.done - record.times.sent;
  return payload === undefined ? noPayload(record) : payload.last - record.times.sent;
}

function firstToken(record: OkRecord, payload: Payload | undefined): MetricValue {
  if (!record.streamed) return 'not-streamed';
  return payload === undefined ? noPayload(record) : payload.first - record.times.sent;
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
  const span = payload.last - payload.first;
  return span > 0 ? span / later : 'one-read';
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
