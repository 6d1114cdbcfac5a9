import { type Arrival, type PacedArrival, type RateProfile, rampRate } from './arrival.ts';
import { forward, type Offsets, type Pacer } from './forward.ts';
import { processGaps, type UnitGaps } from './gaps.ts';
import { stepClock } from './steps.ts';

export interface PacerSetting {
  /** Requests of the load; Infinity where only time ends it. */
  readonly count: number;
  /** Requests of the data, asked once: what a ramp is spread over. */
  readonly rampCount: number;
  readonly seed: number;
  /** Milliseconds; Infinity where only the count ends the load. */
  readonly durationMs: number;
  /** When each row is due, ms, ascending; a trace only. Each holds for `perTimestamp` requests (repetitions of the row). */
  readonly timestamps?: { readonly at: Float64Array; readonly perTimestamp: number };
}

/** As soon as a slot is free. */
export function atOnce(): Pacer {
  return () => 0;
}

/** One request every 1/rate seconds, on an absolute schedule that lateness does not move. */
export function constantRate(ratePerSecond: number): Pacer {
  return (n) => (n * 1000) / ratePerSecond;
}

/** The pacer of an arrival, limited by count and duration, whichever ends first. */
export function pacerOf(arrival: Arrival, setting: PacerSetting): Pacer {
  return limited(unlimited(arrival, setting), setting);
}

function limited(pacer: Pacer, { count, durationMs }: PacerSetting): Pacer {
  return (n) => {
    const offset = n < count ? pacer(n) : undefined;
    return offset !== undefined && offset < durationMs ? offset : undefined;
  };
}

function unlimited(arrival: Arrival, setting: PacerSetting): Pacer {
  if (arrival.kind === 'closed') return atOnce();
  if (arrival.kind === 'trace') return tracePacer(arrival.absolute, setting);
  const { process, rates } = arrival;
  if (process === 'aisbench') return aisbenchPacer(arrival, setting);
  if (process === 'poisson-exact') return exactPacer(rates, setting);
  if (process === 'constant' && rates.shape === 'fixed') return constantRate(rates.perSecond);
  return forward(offsets(processGaps(process, arrival.burstiness, setting.seed), rates, setting.rampCount));
}

/** Gaps of mean 1 become offsets: a gap takes 1/rate seconds, steps are gone through at their own pace. */
function offsets(begin: () => UnitGaps, rates: RateProfile, rampCount: number): () => Offsets {
  return () => {
    const gap = begin();
    let sum = 0;
    let n = -1;
    if (rates.shape === 'steps') {
      const msAt = stepClock(rates.steps);
      return () => {
        sum += gap();
        return msAt(sum);
      };
    }
    return () => {
      n += 1;
      const rate = rates.shape === 'fixed' ? rates.perSecond : rampRate(rates, n, rampCount);
      const units = gap();
      // A ramp from 0 has no finite wait at its first request; AISBench lets it leave at once too.
      sum += units === 0 || rate < SLOWEST_RAMP_RATE ? 0 : (units * 1000) / rate;
      return sum;
    };
  };
}

const SLOWEST_RAMP_RATE = 1e-9;

/**
 * A Poisson process, given that N requests come in exactly N/rate seconds: N instants spread uniformly, in order. Sorted
 * uniform numbers are running sums of exponential gaps over their total, so two passes over one seeded sequence replace a
 * list.
 */
function exactPacer(rates: RateProfile, setting: PacerSetting): Pacer {
  const rate = rates.shape === 'fixed' ? rates.perSecond : Number.NaN;
  const { durationMs, seed } = setting;
  const count = Number.isFinite(setting.count) ? setting.count : Math.floor((rate * durationMs) / 1000);
  const begin = processGaps('poisson', undefined, seed);
  const total = sumOf(begin(), count + 1);
  const scale = (count * 1000) / rate / total;
  return forward(() => {
    const gap = begin();
    let sum = 0;
    let n = 0;
    return () => {
      if (n === count) return undefined;
      n += 1;
      sum += gap();
      return sum * scale;
    };
  });
}

/**
 * What AISBench's token thread does (§5.3, §10.2 item 18): running sums of gaps, of which a fixed rate's are stretched to end
 * at N/rate; all of them late by the first. Its draws come from an unseeded generator, ours from the seed.
 */
function aisbenchPacer(arrival: PacedArrival, { rampCount, seed }: PacerSetting): Pacer {
  const { rates, burstiness = 1 } = arrival;
  const begin = aisbenchOffsets({ rates, burstiness, count: rampCount, seed });
  const first = begin()()!;
  return forward(() => {
    const next = begin();
    return () => next()! + first;
  });
}

/** AISBench's list of offsets, milliseconds, before its thread is late by the first. */
export function aisbenchOffsets({
  rates,
  burstiness,
  count,
  seed,
}: {
  readonly rates: RateProfile;
  readonly burstiness: number;
  readonly count: number;
  readonly seed: number;
}): () => Offsets {
  const gaps = processGaps(burstiness === 0 ? 'every' : 'gamma', burstiness, seed);
  const plain = offsets(gaps, rates, count);
  if (rates.shape !== 'fixed') return plain;
  const last = lastOf(plain(), count);
  const stretch = last === 0 ? 1 : (count * 1000) / rates.perSecond / last;
  return () => {
    const next = plain();
    return () => next()! * stretch;
  };
}

function lastOf(next: Offsets, count: number): number {
  let last = 0;
  for (let n = 0; n < count; n++) last = next()!;
  return last;
}

function sumOf(gap: UnitGaps, count: number): number {
  let sum = 0;
  for (let n = 0; n < count; n++) sum += gap();
  return sum;
}

function tracePacer(absolute: boolean, { timestamps }: PacerSetting): Pacer {
  if (timestamps === undefined) throw new RangeError('a trace needs its timestamps');
  const { at, perTimestamp } = timestamps;
  const first = absolute ? 0 : (at[0] ?? 0);
  return (n) => {
    const due = at[Math.floor(n / perTimestamp)];
    return due === undefined ? undefined : due - first;
  };
}

/** Cases a second that an arrival asks for over the whole load; undefined where nothing is paced. */
export function askedRate(arrival: Arrival, setting: PacerSetting): number | undefined {
  if (arrival.kind === 'closed') return undefined;
  if (arrival.kind === 'paced' && arrival.rates.shape === 'fixed') return arrival.rates.perSecond;
  if (arrival.kind === 'paced' && arrival.rates.shape === 'steps') {
    const { steps } = arrival.rates;
    const total = steps.reduce((sum, { perSecond, seconds }) => sum + perSecond * seconds, 0);
    return total / steps.reduce((sum, { seconds }) => sum + seconds, 0);
  }
  const steady = arrival.kind === 'paced' ? { ...arrival, process: 'constant' as const } : arrival;
  const { rampCount } = setting;
  const [first, last] = [0, rampCount - 1].map(
    pacerOf(steady, { ...setting, durationMs: Number.POSITIVE_INFINITY }),
  );
  return first === undefined || last === undefined || last === first
    ? undefined
    : ((rampCount - 1) * 1000) / (last - first);
}
