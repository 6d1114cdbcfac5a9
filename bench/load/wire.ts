/** What the bench and its client processes tell each other. */
import type { Instant } from '../../src/sending/run-clock.ts';

/** One run of a client. */
export interface ClientOrder {
  /** `live`: the tool with everything that a live view counts, draws and serves. */
  readonly kind: 'tool' | 'live' | 'bare';
  readonly port: number;
  readonly streams: number;
  /** Requests in all; more than `streams` refills slots. */
  readonly requests: number;
  /** Zero of the clock. */
  readonly since: Instant;
  /** Where records and predictions are written. */
  readonly folder: string;
  /** Whether arrivals, or times of sending and ending, are handed back. */
  readonly wants?: 'arrivals' | 'slots';
}

export interface ClientReport {
  /** CPU of the client process from before the first request to after the last record is written, seconds. */
  readonly user: number;
  readonly system: number;
  readonly wallSeconds: number;
  readonly requests: number;
  /** SSE events that were parsed, all of them. */
  readonly events: number;
  /** Of them, those that came in one read with another: a paced load that this machine cannot follow is cheaper by the event. */
  readonly shared: number;
  /** CPU inside the live view alone, milliseconds. */
  readonly liveMs?: number;
  /** Resident memory every 100 ms, MB. */
  readonly rssMb: readonly number[];
  /** `arrivals`: of every stream in order, ms, base64 of Float64s. `slots`: of every request, when it was sent and done. */
  readonly times: readonly string[];
}

export type FromClient = { readonly report: ClientReport } | { readonly broken: string };

export function packed(values: Float64Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');
}

export function unpacked(base64: string): Float64Array {
  const bytes = Buffer.from(base64, 'base64');
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}
