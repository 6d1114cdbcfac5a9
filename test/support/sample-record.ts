import {
  EVENT_KINDS,
  type EventKind,
  type FailedRecord,
  type Failure,
  type OkRecord,
} from '../../src/contract/record.ts';

/** One event of a sample answer: kind, arrival in ms, tokens (0 = unknown), whether it shared its socket read. */
export type SampleEvent = readonly [kind: EventKind, at: number, tokens?: number, sharedRead?: boolean];

/** Times (ms) and counts of a sample record. */
export interface SampleAnswer {
  readonly scheduled?: number;
  readonly sent?: number;
  readonly done?: number;
  /** Absent: a text reply, not streamed. */
  readonly events?: readonly SampleEvent[];
  readonly input?: number;
  readonly output?: number;
  readonly attempt?: number;
  readonly earlier?: readonly Failure[];
}

const CALL = { id: 'c0', model: 'm', dataset: 'd', index: 0, repetition: 0 };

/** Makes the record of an answered request with known times, for tests. */
export function sampleAnswer(answer: SampleAnswer): OkRecord {
  const { sent = 0, attempt = 1, earlier = [], events = [], input, output } = answer;
  return {
    call: CALL,
    attempt,
    earlier,
    streamed: answer.events !== undefined,
    outcome: 'ok',
    times: {
      scheduled: answer.scheduled ?? sent,
      sent,
      done: answer.done ?? events.at(-1)?.[1] ?? sent,
      events: {
        at: Float64Array.from(events, ([, at]) => at),
        kind: Uint8Array.from(events, ([kind]) => EVENT_KINDS.indexOf(kind)),
        tokens: Uint16Array.from(events, ([, , tokens]) => tokens ?? 0),
        sharedRead: Uint8Array.from(events, ([, , , shared]) => Number(shared ?? false)),
      },
    },
    ...(input !== undefined && { inputTokens: { value: input, source: 'server' } }),
    ...(output !== undefined && { outputTokens: { value: output, source: 'server' } }),
  };
}

/** Makes the record of a failed request, for tests. */
export function sampleFailure(failure: Failure, times: FailedRecord['times'] = {}): FailedRecord {
  return { call: CALL, attempt: 1, earlier: [], streamed: true, outcome: 'failed', times, failure };
}
