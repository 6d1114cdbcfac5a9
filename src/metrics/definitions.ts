/**
 * Names, order and units of everything that a performance table can print. Formulas are in `docs/metrics.md`, and a test
 * holds that page to this list.
 */

/** Raised when a formula changes, so that two reports say whether their numbers mean the same. */
export const METRIC_DEFINITIONS_VERSION = 2;

export type Unit = 'ms' | 'token' | 'token/s' | 'req/s' | '';

/** One value a request, in AISBench's order (ITL: one a gap). */
export const REQUEST_METRICS = {
  E2EL: 'ms',
  TTFT: 'ms',
  TPOT: 'ms',
  ITL: 'ms',
  InputTokens: 'token',
  OutputTokens: 'token',
  OutputTokenThroughput: 'token/s',
  PrefillTokenThroughput: 'token/s',
} as const satisfies Record<string, Unit>;
export type RequestMetricName = keyof typeof REQUEST_METRICS;

/** Ours, behind AISBench's eight: one value a request (Token ITL: one a token). */
export const FURTHER_METRICS = {
  'Response E2EL': 'ms',
  'Response TTFT': 'ms',
  TTFAT: 'ms',
  'Token ITL': 'ms',
  'Largest Gap': 'ms',
  Fluidity: '',
  DecodeTokenThroughput: 'token/s',
} as const satisfies Record<string, Unit>;
export type FurtherMetricName = keyof typeof FURTHER_METRICS;

/** One value a dialogue (ours). */
export const CONVERSATION_METRICS = {
  'Conversation Latency': 'ms',
  'Turns Completed': '',
} as const satisfies Record<string, Unit>;
export type ConversationMetricName = keyof typeof CONVERSATION_METRICS;

/** What is told of first turns, second turns, … apart. */
export const TURN_METRICS = [
  'E2EL',
  'TTFT',
  'InputTokens',
  'OutputTokens',
] as const satisfies readonly RequestMetricName[];
export type TurnMetricName = (typeof TURN_METRICS)[number];

/** One value a run, in AISBench's order; `Peak Concurrency` is ours. */
export const COMMON_METRICS = {
  'Benchmark Duration': 'ms',
  'Total Requests': '',
  'Failed Requests': '',
  'Success Requests': '',
  Concurrency: '',
  'Max Concurrency': '',
  'Peak Concurrency': '',
  'Request Throughput': 'req/s',
  'Total Input Tokens': 'token',
  'Total Generated Tokens': 'token',
  'Input Token Throughput': 'token/s',
  'Output Token Throughput': 'token/s',
  'Total Token Throughput': 'token/s',
} as const satisfies Record<string, Unit>;
export type CommonMetricName = keyof typeof COMMON_METRICS;

/** Why a request has no value of a metric. */
export const MISSING_REASONS = {
  'not-streamed': 'not streamed',
  'no-payload': 'no event brought text, reasoning or a tool call',
  'unknown-events': 'the tool that ran this did not keep which events brought text',
  'no-schedule': 'the tool that ran this did not keep when requests were due',
  'one-event': 'every answer had one event',
  'one-read': 'every answer came in one socket read',
  'first-event-only': 'no tokens came after the first event',
  'no-token-count': 'the server gave no usage and no tokenizer was configured',
  'no-time': 'no time passed',
  'no-answer': 'no event brought an answer after the reasoning',
  'no-deadline': 'no deadlines were given: --goodput tpot:…',
} as const;
export type MissingReason = keyof typeof MISSING_REASONS;
