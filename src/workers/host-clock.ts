import { performance } from 'node:perf_hooks';
import type { Instant } from '../sending/run-clock.ts';

/**
 * A host's clock for others: its monotonic clock, set to the time of day once, when the process starts. It never jumps, and its
 * distance from another host's is what their clocks are apart.
 */
export class HostClock {
  /** Its reading less the monotonic clock's, ms. */
  readonly shiftMs: number;

  /** `skewMs`: how wrong it goes, for tests. */
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

/** When an instant of one host was, on the monotonic clock of another: `shiftMs` of both, and the offset of their clocks. */
export function instantThere(
  instant: Instant,
  here: Pick<HostClock, 'shiftMs'>,
  there: { readonly shiftMs: number; readonly offsetMs: number },
): Instant {
  // Added as one small number: an instant in milliseconds would lose its last digits.
  const difference = here.shiftMs - there.shiftMs + there.offsetMs;
  return String(BigInt(instant) + BigInt(Math.round(difference * 1e6)));
}
