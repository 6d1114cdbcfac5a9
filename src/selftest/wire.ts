/** What the truth server and its parent tell each other. */
import type { Instant } from '../sending/run-clock.ts';

/** What the server does with every request until it is told otherwise. */
export interface ServerOrder {
  /**
   * `instant`: the whole reply at once; `flat`: as fast as the client reads; `hold`: headers, and the rest after one period;
   * `spread`: paced, each stream with its own phase; `step`: paced, all at the same moment, as a batching engine does.
   */
  readonly shape: 'instant' | 'flat' | 'hold' | 'spread' | 'step';
  /** Of one stream; the period is its inverse. */
  readonly eventsPerSecond: number;
  /** Content events of one stream. */
  readonly events: number;
  /** Words of one content event; absent: one. The usage counts each as a token. */
  readonly words?: number;
  /** Paced shapes: streams that must be there before the first event leaves. */
  readonly streams?: number;
  /** Paced shapes: zero of the clock on which every write is logged; absent: none is. */
  readonly logSince?: Instant;
}

export interface ServerReport {
  readonly accepted: number;
  /** Requests in flight, by the server's count: the largest number, and the mean from when that was reached to the last request's coming. */
  readonly peak: number;
  readonly meanHeld: number;
  /** Times of the writes of content, ms since `logSince`: stream by stream, as many as a stream has events. */
  readonly log: readonly number[];
}

export type ToServer = { type: 'order'; order: ServerOrder } | { type: 'report' } | { type: 'end' };

export type FromServer =
  | { type: 'listening'; port: number }
  | { type: 'ready' }
  | ({ type: 'report' } & ServerReport)
  | { type: 'broken'; why: string };
