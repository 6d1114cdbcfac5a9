import { performance } from 'node:perf_hooks';
import type { Clock } from '../transport/types.ts';

/** Nanoseconds on the machine's monotonic clock, which every process of the machine reads alike; decimal, as JSON has no such numbers. */
export type Instant = string;

/** Now, or so many milliseconds ago. */
export function presentInstant(agoMs = 0): Instant {
  return String(process.hrtime.bigint() - BigInt(Math.round(agoMs * 1e6)));
}

/** Milliseconds since an instant, in this process: load workers that share the instant share the clock. */
export function clockSince(instant: Instant): Clock {
  const origin = bestOf(Array.from({ length: 9 }, () => originOf(BigInt(instant))));
  return () => performance.now() - origin;
}

interface OriginReading {
  readonly origin: number;
  /** How long the two clocks were read apart at most, ms. */
  readonly doubt: number;
}

/** Where the instant lies on this process's own clock. */
function originOf(instant: bigint): OriginReading {
  const before = performance.now();
  const sinceInstant = Number(process.hrtime.bigint() - instant) / 1e6;
  const after = performance.now();
  return { origin: (before + after) / 2 - sinceInstant, doubt: after - before };
}

function bestOf(readings: readonly OriginReading[]): number {
  return readings.reduce((best, one) => (one.doubt < best.doubt ? one : best)).origin;
}
