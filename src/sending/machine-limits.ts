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
