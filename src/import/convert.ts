/**
 * AISBench's rows as our records and transcripts. What AISBench did not keep stays absent: when a request was due, what an event
 * brought, the finish reason, which attempt it was; nothing is put in its place.
 */
import {
  type CallRef,
  EVENT_KINDS,
  type EventLog,
  type Failure,
  type RunRecord,
  type TokenCount,
  type Transcript,
} from '../contract/record.ts';
import type { DetailRow, FailedRow, PredictionRow } from './rows.ts';

const UNKNOWN = EVENT_KINDS.indexOf('unknown');

export interface TaskName {
  readonly model: string;
  readonly dataset: string;
}

/** What a task's rows have in common. */
export interface Setting extends TaskName {
  /** Its time points are arrivals of events; else the second one is the end of the reply. */
  readonly streamed: boolean;
  /** Seconds on the clock of the host that sent: the first request of the task. */
  readonly origin: number;
}

/** `points`: seconds; the first is when the request left. Undefined where they were not kept. */
export function recordOf(
  row: DetailRow,
  call: CallRef,
  points: Float64Array | undefined,
  { streamed, origin }: Setting,
): RunRecord {
  const at = points?.map((point) => (point - origin) * 1000);
  const base = { call, attempt: 1, earlier: [], streamed };
  const sent = at?.[0];
  if (!row.success || sent === undefined) {
    const failure = row.success ? NO_POINTS : failureOf(row.error_info);
    const times = sent === undefined ? {} : { sent, ...eventsOf(at!, streamed) };
    return { ...base, outcome: 'failed', times, failure };
  }
  return {
    ...base,
    outcome: 'ok',
    times: { sent, events: NO_EVENTS, ...eventsOf(at!, streamed), done: at!.at(-1)! },
    ...countOf('inputTokens', row.input_tokens),
    ...countOf('outputTokens', row.output_tokens),
  };
}

/** AISBench counts such a row as failed, and so do we. */
const NO_POINTS: Failure = { kind: 'unknown', message: 'AISBench kept no time points of this request' };

const NO_EVENTS: EventLog = eventLog(new Float64Array());

function eventsOf(at: Float64Array, streamed: boolean): { events?: EventLog } {
  return streamed ? { events: eventLog(at.slice(1)) } : {};
}

function eventLog(at: Float64Array): EventLog {
  return {
    at,
    kind: new Uint8Array(at.length).fill(UNKNOWN),
    tokens: new Uint16Array(at.length),
    sharedRead: new Uint8Array(at.length),
  };
}

/** AISBench writes 0 where the server gave no count. */
function countOf<N extends string>(
  name: N,
  value: number | null | undefined,
): Partial<Record<N, TokenCount>> {
  if (value === undefined || value === null || value === 0) return {};
  return { [name]: { value, source: 'server' } } as Partial<Record<N, TokenCount>>;
}

/** The texts of a request of a performance run. */
export function transcriptOfDetail(row: DetailRow, call: CallRef, success: boolean): Transcript {
  const details = { ...objectOf(row.extra_perf_data), ...objectOf(row.extra_details_data) };
  return {
    ...textsOf(call, row.input, row.prediction),
    success,
    ...(success ? {} : { failure: row.success ? NO_POINTS : failureOf(row.error_info) }),
    ...(Object.keys(details).length === 0 ? {} : { details }),
  };
}

/** The texts of a request of an accuracy run. */
export function transcriptOfPrediction(row: PredictionRow, call: CallRef): Transcript {
  const { success, gold, ppl_list } = row;
  return {
    ...textsOf(call, row.origin_prompt, row.prediction),
    success,
    ...(success ? {} : { failure: failureOf(undefined) }),
    ...(gold === undefined || gold === null ? {} : { gold }),
    ...(ppl_list === undefined ? {} : { details: { ppl_list } }),
  };
}

/** A request that AISBench lists apart, as failed. */
export function failedTranscript(row: FailedRow, call: CallRef): Transcript {
  return { ...textsOf(call, row.input, ''), success: false, failure: failureOf(row.error_info) };
}

export function failedRecord(row: FailedRow, call: CallRef, streamed: boolean): RunRecord {
  const base = { call, attempt: 1, earlier: [], streamed };
  return { ...base, outcome: 'failed', times: {}, failure: failureOf(row.error_info) };
}

/** AISBench joins reasoning and answer; where one ends is left to the judge of answers, who looks for `</think>`. */
function textsOf(call: CallRef, prompt: unknown, prediction: unknown): Omit<Transcript, 'success'> {
  const content = wordsOf(prediction);
  return { call, prompt: prompt ?? '', content, reasoningContent: '', toolCalls: [] };
}

function failureOf(info: unknown): Failure {
  return { kind: 'unknown', message: wordsOf(info) || 'AISBench kept no reason' };
}

function wordsOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function objectOf(value: unknown): object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
