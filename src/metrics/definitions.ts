/**
 * Names, order and units of everything that a performance table can print. Formulas are in `docs/metrics.md`, and a test
 * holds that page to this list.
 */
import type { FindingCode } from '../contract/finding.ts';

/** Raised when a formula changes, so that two reports say whether their numbers mean the same. */
export const METRIC_DEFINITIONS_VERSION = 2;

export type MetricUnit = 'ms' | 'token' | 'token/s' | 'req/s' | '';

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
} as const satisfies Record<string, MetricUnit>;
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
} as const satisfies Record<string, MetricUnit>;
export type FurtherMetricName = keyof typeof FURTHER_METRICS;

/** One value a dialogue (ours). */
export const CONVERSATION_METRICS = {
  'Conversation Latency': 'ms',
  'Turns Completed': '',
} as const satisfies Record<string, MetricUnit>;
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
} as const satisfies Record<string, MetricUnit>;
export type CommonMetricName = keyof typeof COMMON_METRICS;

/** What code finds a row by: names are for people. */
export const METRIC_IDS = {
  E2EL: 'e2el',
  TTFT: 'ttft',
  TPOT: 'tpot',
  ITL: 'itl',
  InputTokens: 'input_tokens',
  OutputTokens: 'output_tokens',
  OutputTokenThroughput: 'output_token_throughput',
  PrefillTokenThroughput: 'prefill_token_throughput',
  'Response E2EL': 'response_e2el',
  'Response TTFT': 'response_ttft',
  TTFAT: 'ttfat',
  'Token ITL': 'token_itl',
  'Largest Gap': 'largest_gap',
  Fluidity: 'fluidity',
  DecodeTokenThroughput: 'decode_token_throughput',
  'Conversation Latency': 'conversation_latency',
  'Turns Completed': 'turns_completed',
} as const satisfies Record<RequestMetricName | FurtherMetricName | ConversationMetricName, string>;
export type MetricId = (typeof METRIC_IDS)[keyof typeof METRIC_IDS];

/** The same of the values of a whole run. */
export const COMMON_IDS = {
  'Benchmark Duration': 'duration',
  'Total Requests': 'total_requests',
  'Failed Requests': 'failed_requests',
  'Success Requests': 'success_requests',
  Concurrency: 'concurrency',
  'Max Concurrency': 'max_concurrency',
  'Peak Concurrency': 'peak_concurrency',
  'Request Throughput': 'request_throughput',
  'Total Input Tokens': 'total_input_tokens',
  'Total Generated Tokens': 'total_output_tokens',
  'Input Token Throughput': 'input_token_throughput',
  'Output Token Throughput': 'output_token_throughput',
  'Total Token Throughput': 'total_token_throughput',
} as const satisfies Record<CommonMetricName, string>;
export type CommonMetricId = (typeof COMMON_IDS)[CommonMetricName];

/** Why a request has no value of a metric, and the finding that says so. */
export const MISSING_REASONS = {
  'not-streamed': 'NOT-STREAMED',
  'no-payload': 'NO-PAYLOAD',
  'unknown-events': 'EVENTS-NOT-KEPT',
  'no-schedule': 'SCHEDULE-NOT-KEPT',
  'one-event': 'ONE-EVENT',
  'whole-event': 'WHOLE-EVENT',
  'one-read': 'ONE-READ',
  'first-event-only': 'FIRST-EVENT-ONLY',
  'no-token-count': 'TOKENS-NOT-COUNTED',
  'count-not-read': 'USAGE-NOT-READ',
  'no-time': 'NO-TIME',
  'no-answer': 'REASONING-ONLY',
  'no-deadline': 'NO-DEADLINE',
} as const satisfies Record<string, FindingCode>;
export type MissingReason = keyof typeof MISSING_REASONS;
