/** What the processes of the load bench tell each other. */

/** What the server does with every request until it is told otherwise. */
export interface ServerOrder {
  /**
   * `spread`: each stream has its own phase; `step`: all send at the same moment, as a batching engine does; `flat`: as fast as
   * the client reads; `instant`: the whole reply at once; `pause`: headers, then the reply after one period.
   */
  readonly shape: 'spread' | 'step' | 'flat' | 'instant' | 'pause';
  /** Of one stream. */
  readonly eventsPerSecond: number;
  /** Content events of one stream. */
  readonly events: number;
  /** Streams that must be there before the first event of a paced shape leaves. */
  readonly streams?: number;
  /** Whether the time of every write is kept. */
  readonly logged: boolean;
}

export interface ServerReport {
  readonly accepted: number;
  readonly finished: number;
  readonly peak: number;
  /** Mean number of requests in flight from the first to the last change, by the server's count. */
  readonly meanHeld: number;
  /** Float64 times of the writes in ms, stream by stream, base64. */
  readonly log: string;
}

/** One client run. */
export interface ClientOrder {
  readonly kind: 'tool' | 'bare' | 'undici';
  readonly port: number;
  readonly streams: number;
  /** Requests in all; more than `streams` refills slots. */
  readonly requests: number;
  readonly events: number;
  /** Whether arrivals are handed back. */
  readonly stamped: boolean;
}

export interface ClientReport {
  /** CPU of the client process from before the first request to after the last record is written, seconds. */
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  /** SSE events that were parsed, all of them. */
  readonly events: number;
  /** Requests that failed, and the first reason. */
  readonly failed: number;
  readonly firstFailure: string | undefined;
  /** Largest resident memory seen, MB. */
  readonly peakRssMb: number;
  /** Milliseconds from a reply's end to the next request of its slot. */
  readonly refillMs: number[];
  /** Float64 arrivals in ms on the machine’s monotonic clock, base64, a text a stream. */
  readonly stamps: readonly string[];
}
