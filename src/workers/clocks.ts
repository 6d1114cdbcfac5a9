/** How far another host's clock is from this one's, from round trips. */

/** A question to the other host and its answer; ms, each on the clock of the host that read it. */
export interface RoundTrip {
  readonly asked: number;
  /** When the other host answered, on its clock. */
  readonly there: number;
  readonly answered: number;
}

export interface ClockOffset {
  /** The other clock less this one, ms. */
  readonly offsetMs: number;
  /** The true offset is no further away than this, ms. */
  readonly boundMs: number;
}

/** What a reading may be off by, ms: both clocks are read to the microsecond or better. */
const RESOLUTION_MS = 0.001;

/** Two quartz clocks part by no more than this while round trips are made: 0.2 ms a second. */
const DRIFT = 200e-6;

/**
 * The offset that all round trips agree with: each of them says that the other clock was read after the question left and before the
 * answer came, so the offset lies between `there − answered` and `there − asked`. What all allow is an interval; its middle is the
 * offset, its half the bound. It holds whatever the delays were; it is exact where the quickest ways to and fro took equally long.
 * Throws where there is no round trip.
 */
export function clockOffset(trips: readonly RoundTrip[]): ClockOffset {
  if (trips.length === 0) throw new Error('no round trip');
  const lower = Math.max(...trips.map(({ there, answered }) => there - answered));
  const upper = Math.min(...trips.map(({ there, asked }) => there - asked));
  const span =
    Math.max(...trips.map(({ answered }) => answered)) - Math.min(...trips.map(({ asked }) => asked));
  // Drift may push the two past each other; the bound stays above what it can have done.
  return {
    offsetMs: (lower + upper) / 2,
    boundMs: Math.max(0, (upper - lower) / 2) + RESOLUTION_MS + DRIFT * span,
  };
}

/** The shortest of the round trips, ms. */
export function shortestTrip(trips: readonly RoundTrip[]): number {
  return Math.min(...trips.map(({ asked, answered }) => answered - asked));
}
