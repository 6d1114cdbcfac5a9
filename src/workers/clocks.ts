/** Clocks of several hosts: how far another host's clock is from this one's, from round trips, and an instant of this host on it. */

import { performance } from 'node:perf_hooks';
import type { Instant } from '../sending/run-clock.ts';

/**
 * A host's clock for others: its monotonic clock, set to the time of day once, when the process starts. It never jumps, and its
 * distance from another host's is how far their clocks are apart.
 */
export class HostClock {
  /** Its reading less the monotonic clock's, ms. */
  readonly shiftMs: number;

  /** `skewMs`: how wrong it is, for tests. */
  constructor(skewMs = 0) {
    this.shiftMs = performance.timeOrigin + performance.now() - monotonic() + skewMs;
  }

  /** ms */
  now(): number {
    return monotonic() + this.shiftMs;
  }
}

/** ms on the clock that every process of the machine reads alike. */
function monotonic(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** Returns an instant of one host on the monotonic clock of another: `shiftMs` of both, and the offset of their clocks. */
export function instantThere(
  instant: Instant,
  here: Pick<HostClock, 'shiftMs'>,
  there: { readonly shiftMs: number; readonly offsetMs: number },
): Instant {
  // Added as one small number: an instant in milliseconds would lose its last digits.
  const difference = here.shiftMs - there.shiftMs + there.offsetMs;
  return String(BigInt(instant) + BigInt(Math.round(difference * 1e6)));
}

/** A request to the other host and its reply; ms, each on the clock of the host that read it. */
export interface RoundTrip {
  readonly sent: number;
  /** When the other host replied, on its clock. */
  readonly there: number;
  readonly received: number;
}

export interface ClockOffset {
  /** The other clock less this one, ms. */
  readonly offsetMs: number;
  /** The true offset is no further away than this, ms. */
  readonly boundMs: number;
}

/** Error of one reading, ms: both clocks are read to the microsecond or better. */
const RESOLUTION_MS = 0.001;

/** Two quartz clocks drift apart by no more than this while round trips are made: 0.2 ms a second. */
const DRIFT = 200e-6;

/**
 * Returns the offset that all round trips agree with: each of them says that the other clock was read after the request left and before
 * the reply arrived, so the offset lies between `there − received` and `there − sent`. What all allow is an interval; its middle is the
 * offset, its half the bound. It holds whatever the delays were; it is exact where the quickest ways to and fro took equally long.
 * Throws where there is no round trip.
 */
export function clockOffset(trips: readonly RoundTrip[]): ClockOffset {
  if (trips.length === 0) throw new Error('no round trip');
  const lower = Math.max(...trips.map(({ there, received }) => there - received));
  const upper = Math.min(...trips.map(({ there, sent }) => there - sent));
  const span =
    Math.max(...trips.map(({ received }) => received)) - Math.min(...trips.map(({ sent }) => sent));
  // Drift may push the two past each other; the bound stays above what it can have done.
  return {
    offsetMs: (lower + upper) / 2,
    boundMs: Math.max(0, (upper - lower) / 2) + RESOLUTION_MS + DRIFT * span,
  };
}

/** Returns the shortest of the round trips, ms. */
export function shortestTrip(trips: readonly RoundTrip[]): number {
  return Math.min(...trips.map(({ sent, received }) => received - sent));
}
