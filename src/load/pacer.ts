import { defined } from '../basics/defined.ts';
import { exponential, gamma, seededRandom } from '../basics/random.ts';
import { AisBenchError, messageOf } from '../contract/errors.ts';
import {
  type Arrival,
  type ArrivalFunction,
  type OwnArrival,
  type PacedArrival,
  type RateProfile,
  type RateStep,
  rampRate,
} from './arrival.ts';

/**
 * Returns when request `n` (counted from 0) may leave, in milliseconds from the start of the load. Pure: the same answer for the same
 * n, in any order of calls. `undefined`: the load is over.
 */
export type Pacer = (n: number) => number | undefined;

/** Offsets one after the other, milliseconds, never falling; undefined: there are no more. */
type Offsets = () => number | undefined;

/**
 * Makes a pacer of a sequence that can be restarted: it keeps one number, so that a load of any length needs no memory. To
 * go on is cheap; an earlier request restarts the sequence.
 */
function forward(begin: () => Offsets): Pacer {
  let next = begin();
  let at = -1;
  let offset: number | undefined = 0;
  return (n) => {
    if (n < at) {
      next = begin();
      at = -1;
      offset = 0;
    }
    while (at < n && offset !== undefined) {
      offset = next();
      at += 1;
    }
    return at === n ? offset : undefined;
  };
}

/** Size, seed and end of a load. */
export interface PacerOptions {
  /** Requests of the load; Infinity where only time ends it. */
  readonly count: number;
  /** Requests of the data, each counted once: what a ramp is spread over. */
  readonly rampCount: number;
  readonly seed: number;
  /** Milliseconds; Infinity where only the count ends the load. */
  readonly durationMs: number;
  /** When each row is due, ms, ascending; a trace only. Each holds for `perTimestamp` requests (repetitions of the row). */
  readonly timestamps?: { readonly at: Float64Array; readonly perTimestamp: number };
  /** Makes the times of an arrival of the user's own. */
  readonly own?: ArrivalFunction;
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
export function makePacer(arrival: Arrival, setting: PacerOptions): Pacer {
  return limitPacer(makeUnlimited(arrival, setting), setting);
}

function limitPacer(pacer: Pacer, { count, durationMs }: PacerOptions): Pacer {
  return (n) => {
    const offset = n < count ? pacer(n) : undefined;
    return offset !== undefined && offset < durationMs ? offset : undefined;
  };
}

function makeUnlimited(arrival: Arrival, setting: PacerOptions): Pacer {
  if (arrival.kind === 'closed') return atOnce();
  if (arrival.kind === 'trace') return tracePacer(arrival.absolute, setting);
  if (arrival.kind === 'own') return ownPacer(arrival, setting);
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
function exactPacer(rates: RateProfile, setting: PacerOptions): Pacer {
  const rate = rates.shape === 'fixed' ? rates.perSecond : Number.NaN;
  const { durationMs, seed } = setting;
  const count = Number.isFinite(setting.count) ? setting.count : Math.floor((rate * durationMs) / 1000);
  const begin = processGaps('poisson', undefined, seed);
  const total = sumGaps(begin(), count + 1);
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
function aisbenchPacer(arrival: PacedArrival, { rampCount, seed }: PacerOptions): Pacer {
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
  const last = takeLast(plain(), count);
  const stretch = last === 0 ? 1 : (count * 1000) / rates.perSecond / last;
  return () => {
    const next = plain();
    return () => next()! * stretch;
  };
}

function takeLast(next: Offsets, count: number): number {
  let last = 0;
  for (let n = 0; n < count; n++) last = next()!;
  return last;
}

function sumGaps(gap: UnitGaps, count: number): number {
  let sum = 0;
  for (let n = 0; n < count; n++) sum += gap();
  return sum;
}

function tracePacer(absolute: boolean, { timestamps }: PacerOptions): Pacer {
  if (timestamps === undefined) throw new RangeError('a trace needs its timestamps');
  const { at, perTimestamp } = timestamps;
  const first = absolute ? 0 : (at[0] ?? 0);
  return (n) => {
    const due = at[Math.floor(n / perTimestamp)];
    return due === undefined ? undefined : due - first;
  };
}

/** Calls the user's function, and checks each time that it gives. Throws RUN-PARAM-002 for one that is no time or lies before an earlier one. */
function ownPacer(
  { function: { name, module }, perSecond, burstiness }: OwnArrival,
  { own, count, seed, durationMs }: PacerOptions,
): Pacer {
  if (own === undefined) throw new RangeError('an arrival of the user’s own needs its function');
  const refuse = (what: string, cause?: unknown) =>
    new AisBenchError('RUN-PARAM-002', `the arrival "${name}" ${what}`, {
      where: module,
      cure: 'return milliseconds from the start of the load, never falling: a list, or a function of n',
      cause,
    });
  const called = <T>(call: () => T): T => {
    try {
      return call();
    } catch (cause) {
      throw refuse(`threw: ${messageOf(cause)}`, cause);
    }
  };
  const times = called(() => own(defined({ count, seed, durationMs, perSecond, burstiness })));
  const isList = typeof times === 'object' && times !== null && typeof times.length === 'number';
  if (!isList && typeof times !== 'function') throw refuse(`returned ${typeof times}`);
  let last: { readonly n: number; readonly at: number } = { n: -1, at: 0 };
  return (n) => {
    const at: unknown = typeof times === 'function' ? called(() => times(n)) : times[n];
    if (at === undefined) return undefined;
    if (typeof at !== 'number' || !Number.isFinite(at) || at < 0)
      throw refuse(`gives request ${n} the time ${String(at)}`);
    if (n >= last.n) {
      if (at < last.at) throw refuse(`gives request ${n} the time ${at}, and request ${last.n} ${last.at}`);
      last = { n, at };
    }
    return at;
  };
}

/** Returns the target rate of an arrival over the whole load, requests per second; undefined where nothing is paced. */
export function targetRate(arrival: Arrival, setting: PacerOptions): number | undefined {
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
    makePacer(steady, { ...setting, durationMs: Number.POSITIVE_INFINITY }),
  );
  if (first !== undefined && last !== undefined && last !== first)
    return ((rampCount - 1) * 1000) / (last - first);
  return arrival.kind === 'own' ? arrival.perSecond : undefined;
}

/** The next gap before a request, in units of the mean gap. */
type UnitGaps = () => number;

/** `constant`: the first request leaves at once; `every`: a gap before the first one too. */
type GapProcess = 'constant' | 'every' | 'poisson' | 'gamma';

/** How to begin the sequence of gaps of a process; each beginning gives the same sequence. */
function processGaps(process: GapProcess, burstiness: number | undefined, seed: number): () => UnitGaps {
  return () => {
    if (process === 'every') return () => 1;
    if (process === 'constant') {
      let begun = false;
      return () => {
        const gap = begun ? 1 : 0;
        begun = true;
        return gap;
      };
    }
    const random = seededRandom(seed);
    if (process === 'poisson') return () => exponential(random);
    const shape = burstiness ?? 1;
    return () => gamma(shape, random);
  };
}

/**
 * Returns the time at which so many requests are due, counting fractions: the inverse of the steps' running sum. Call it with rising
 * numbers. Milliseconds; undefined after the last step. Time runs faster where the rate is higher, so a Poisson process stays
 * one (exactly: inhomogeneous Poisson), whatever the steps are.
 */
function stepClock(steps: readonly RateStep[]): (requests: number) => number | undefined {
  let step = 0;
  let requestsBefore = 0;
  let secondsBefore = 0;
  return (requests) => {
    for (; step < steps.length; step++) {
      const { perSecond, seconds } = steps[step]!;
      const inside = requests - requestsBefore;
      if (inside < perSecond * seconds) return (secondsBefore + inside / perSecond) * 1000;
      requestsBefore += perSecond * seconds;
      secondsBefore += seconds;
    }
    return undefined;
  };
}
