/** What a self-test found that one process of this machine can do: `ais_bench selftest` measures it, a run is held against it. */

/** What one process reached when it sent as fast as it could. */
export interface Reached {
  /** A second. */
  readonly perSecond: number;
  /** CPU of the process, 1 = one core. */
  readonly cpu: number;
  /** It had CPU to spare, because the test's server or other programs held it up: it can do more. */
  readonly isAtLeast: boolean;
}

/** How many streams may be open at once, by what limits them; absent where the platform does not say. */
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
  /** Events that came as fast as they were read, many a read. */
  readonly events: Reached;
  /** Events a second that each come in a read of their own, as services send them: by the CPU that one took at a bearable load. */
  readonly eventsOneByOne: number;
  readonly streams: StreamLimits;
  readonly stamps: StampError;
}
