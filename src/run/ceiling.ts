/** What a self-test found that one process of this machine can do: `ais_bench selftest` measures it, a run is held against it. */

/** What one process reached when it sent as fast as it could. */
export interface Reached {
  /** A second. */
  readonly perSecond: number;
  /** CPU of the process, 1 = one core. */
  readonly cpu: number;
  /** The test's server was at its limit and this process was not: it could have done more. */
  readonly isAtLeast: boolean;
}

/** How many streams may be open at once, by what limits them; absent where the platform does not tell. */
export interface StreamLimits {
  /** One process, by the descriptors that it may have. */
  readonly perProcess?: number;
  /** To one address and port, by this machine's ephemeral ports. */
  readonly perDestination?: number;
  /** All processes together, by memory. */
  readonly perMachine?: number;
  /** Resident memory that an open stream took, bytes. */
  readonly bytesEach?: number;
}

/** Arrival as it was stamped less the time of the server's write, ms. */
export interface StampError {
  readonly median: number;
  readonly p99: number;
  readonly events: number;
  /** The load at which it was measured. */
  readonly streams: number;
  readonly eventsPerSecond: number;
}

export interface Ceiling {
  /** ISO 8601. */
  readonly measuredAt: string;
  readonly node: string;
  readonly tool: string;
  readonly cores: number;
  readonly requests: Reached;
  readonly events: Reached;
  readonly streams: StreamLimits;
  readonly stamps: StampError;
}
