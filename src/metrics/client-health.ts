/** How the machine that sent the load fared, so that a slow client is not taken for a slow service. */

/** One second, or so, of a process that sends. What the platform does not tell is absent. */
export interface HealthSample {
  /** Milliseconds from the start of the run. */
  readonly at: number;
  /** Milliseconds that the sample covers. */
  readonly span: number;
  /** Share (0..1) of the time in which the event loop was busy. */
  readonly loopUtilization?: number;
  /** How late timers fired, milliseconds, P99. */
  readonly loopLagP99?: number;
  /** Milliseconds of garbage collection that stopped the process. */
  readonly gc?: number;
  /** Milliseconds in which the loop only turned because a due time was near: busy to the platform, and free to the load. */
  readonly idleTurns?: number;
  /** Milliseconds of CPU. */
  readonly cpuUser?: number;
  readonly cpuSystem?: number;
  /** Resident memory, bytes. */
  readonly rss?: number;
  readonly openSockets?: number;
}

/** One process that sends, sample by sample. Several load workers are several of these. */
export interface ClientHealth {
  /** `main`, `worker 1`, … */
  readonly process: string;
  /** Most descriptors that the process may have, where the platform tells. */
  readonly descriptorLimit?: number;
  /** Most memory that the machine or container gives, bytes. */
  readonly memoryLimit?: number;
  readonly samples: readonly HealthSample[];
}

/** The figures of one process that the verdict looks at; shares 0..1, lag in milliseconds. */
export interface HealthFigures {
  readonly process: string;
  readonly loopUtilization?: number;
  readonly loopLagP99?: number;
  readonly gcShare?: number;
  readonly cpuShare?: number;
  readonly memoryShare?: number;
  readonly descriptorShare?: number;
}

/**
 * Means over time where a share of time is meant, the largest where a limit is. Loop lag is the P90 over the samples of each
 * one's P99: one bad second in a long run spoils that second only.
 */
export function healthFigures({
  process,
  samples,
  memoryLimit,
  descriptorLimit,
}: ClientHealth): HealthFigures {
  const figures = {
    loopUtilization: overTime(samples, ({ loopUtilization, span, idleTurns }) =>
      less(times(loopUtilization, span), idleTurns),
    ),
    loopLagP99: ninetieth(samples.map(({ loopLagP99 }) => loopLagP99)),
    gcShare: overTime(samples, ({ gc }) => gc),
    cpuShare: overTime(samples, ({ cpuUser, cpuSystem, idleTurns }) =>
      less(plus(cpuUser, cpuSystem), idleTurns),
    ),
    memoryShare: per(largest(samples.map(({ rss }) => rss)), memoryLimit),
    descriptorShare: per(largest(samples.map(({ openSockets }) => openSockets)), descriptorLimit),
  };
  const known = Object.entries(figures).filter(([, value]) => value !== undefined);
  return { process, ...Object.fromEntries(known) };
}

type HealthValue = number | undefined;

function overTime(
  samples: readonly HealthSample[],
  amountOf: (sample: HealthSample) => HealthValue,
): HealthValue {
  let amount = 0;
  let span = 0;
  for (const sample of samples) {
    const own = amountOf(sample);
    if (own === undefined) continue;
    amount += own;
    span += sample.span;
  }
  return span > 0 ? amount / span : undefined;
}

function ninetieth(values: readonly HealthValue[]): HealthValue {
  const known = values.filter((value) => value !== undefined).sort((a, b) => a - b);
  return known[Math.max(0, Math.ceil(0.9 * known.length) - 1)];
}

function largest(values: readonly HealthValue[]): HealthValue {
  return values.reduce<HealthValue>(
    (most, value) => (value === undefined ? most : Math.max(most ?? value, value)),
    undefined,
  );
}

function times(value: HealthValue, factor: number): HealthValue {
  return value === undefined ? undefined : value * factor;
}

function plus(a: HealthValue, b: HealthValue): HealthValue {
  return a === undefined || b === undefined ? undefined : a + b;
}

function less(value: HealthValue, by = 0): HealthValue {
  return value === undefined ? undefined : Math.max(0, value - by);
}

function per(value: HealthValue, limit: HealthValue): HealthValue {
  return value === undefined || !limit ? undefined : value / limit;
}
