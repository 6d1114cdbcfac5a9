/** What the machine allows a process. Absent: the platform does not say. */
export interface MachineLimits {
  /** Open files and sockets of one process: the limit in force, and how far a user may raise it. */
  readonly descriptors?: { readonly soft: number; readonly hard: number };
  /** Ports for connections to one address and port. */
  readonly ports?: number;
  /** Memory of the machine or container, bytes. */
  readonly memory: number;
  readonly cores: number;
}

/** Descriptors that are not a stream's: files of the run, Node's own, channels to load workers, the scraper's connections. */
const DESCRIPTOR_RESERVE = 48;

/** Streams that a process may have open at once; Infinity where the platform does not say. */
export function streamsOf({ descriptors }: Pick<MachineLimits, 'descriptors'>): number {
  return descriptors === undefined
    ? Number.POSITIVE_INFINITY
    : Math.max(0, descriptors.soft - DESCRIPTOR_RESERVE);
}

/** What `ulimit -n` has to be for so many streams in one process. */
export function descriptorsFor(streams: number): number {
  return streams + DESCRIPTOR_RESERVE;
}

/** The row `Max open files` of Linux' `/proc/self/limits`; undefined where it is not as it should be. */
export function readDescriptorLimits(text: string): MachineLimits['descriptors'] {
  const [, soft, hard] = /^Max open files +(\d+|unlimited) +(\d+|unlimited)(?: |$)/m.exec(text) ?? [];
  if (soft === undefined || hard === undefined) return undefined;
  const limit = (word: string) => (word === 'unlimited' ? Number.POSITIVE_INFINITY : Number(word));
  return { soft: limit(soft), hard: limit(hard) };
}

/** The number of ports in Linux' `ip_local_port_range`: first and last; undefined where it is not as it should be. */
export function readPortRange(text: string): number | undefined {
  const [, first, last] = /^\s*(\d+)\s+(\d+)\s*$/.exec(text) ?? [];
  if (first === undefined || Number(last) < Number(first) || Number(last) > 65_535) return undefined;
  return Number(last) - Number(first) + 1;
}

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
