/** Whether the random schedules are what they are called, by the usual statistics of point processes, with fixed seeds. */
import { describe, expect, it } from 'vitest';
import {
  autocorrelation,
  dispersion,
  gapsOf,
  kolmogorov,
  mean,
  variance,
  windowsIn,
} from '../../test/support/point-process.ts';
import { exponential, gamma, seededRandom } from '../basics/random.ts';
import type { PacedArrival } from './arrival.ts';
import { makePacer } from './pacer.ts';
import { countRequests, globalNumber, stripePacer } from './stripe.ts';

const RATE = 50;
const COUNT = 25_000;
const SEEDS = [0, 1, 2, 3, 4];

/** Milliseconds, merged from the stripes of so many workers. */
function arrivalsOf(process: PacedArrival['process'], seed: number, workers = 1, burstiness = 1): number[] {
  const arrival = { kind: 'paced', process, burstiness, rates: { shape: 'fixed', perSecond: RATE } } as const;
  const pacer = makePacer(arrival, {
    count: COUNT,
    rampCount: COUNT,
    seed,
    durationMs: Number.POSITIVE_INFINITY,
  });
  const stripes = Array.from({ length: workers }, (_, worker) => ({ worker, workers, concurrency: 7 }));
  const merged = stripes.flatMap((stripe) => {
    const own = stripePacer(pacer, stripe);
    return Array.from(
      { length: countRequests(stripe, COUNT) },
      (_, k) => [globalNumber(stripe, k), own(k)!] as const,
    );
  });
  return merged.sort(([a], [b]) => a - b).map(([, at]) => at);
}

/** Variance over mean of the counts in windows of 200 ms, of which there are enough. */
function dispersionOf(arrivals: readonly number[]): number {
  expect(windowsIn(arrivals, 200)).toBeGreaterThanOrEqual(2000);
  return dispersion(arrivals, 200);
}

describe.each(['poisson', 'poisson-exact'] as const)('%s', (process) => {
  it.each([1, 2, 4])('from %i workers has the dispersion of Poisson and no memory', (workers) => {
    for (const seed of SEEDS) {
      const arrivals = arrivalsOf(process, seed, workers);
      expect(Math.abs(dispersionOf(arrivals) - 1)).toBeLessThanOrEqual(0.1);
      expect(Math.abs(autocorrelation(gapsOf(arrivals)))).toBeLessThanOrEqual(0.05);
    }
  });

  it('has exponential gaps', () => {
    for (const seed of SEEDS) {
      const gaps = gapsOf(arrivalsOf(process, seed)).map((gap) => (gap * RATE) / 1000);
      expect(mean(gaps)).toBeCloseTo(1, 1);
      expect(kolmogorov(gaps)).toBeLessThan(1.63);
    }
  });
});

describe('gamma', () => {
  it.each([0.25, 0.5, 1, 4, 16])(
    'with burstiness %d has the asked mean and the variation 1/√b',
    (burstiness) => {
      for (const seed of SEEDS) {
        const gaps = gapsOf(arrivalsOf('gamma', seed, 1, burstiness));
        const variation = Math.sqrt(variance(gaps)) / mean(gaps);
        const tolerance = 5 / Math.sqrt(COUNT * burstiness);
        expect(Math.abs((mean(gaps) * RATE) / 1000 - 1)).toBeLessThan(tolerance);
        expect(variation * Math.sqrt(burstiness)).toBeGreaterThan(0.95);
        expect(variation * Math.sqrt(burstiness)).toBeLessThan(1.05);
      }
    },
  );

  it('is neither Poisson when it is bursty nor when it is smooth', () => {
    expect(dispersionOf(arrivalsOf('gamma', 0, 1, 0.25))).toBeGreaterThan(2);
    expect(dispersionOf(arrivalsOf('gamma', 0, 1, 16))).toBeLessThan(0.3);
  });
});

describe('the generator', () => {
  it('gives this very sequence for a seed, for ever', () => {
    const random = seededRandom(42);
    expect([random(), random(), random()]).toEqual(SEQUENCE_42);
  });

  it('gives other numbers for other seeds, those above 32 bits too', () => {
    const firsts = [0, 1, 2, 2 ** 32, 2 ** 32 + 1, 2 ** 40].map((seed) => seededRandom(seed)());
    expect(new Set(firsts).size).toBe(firsts.length);
  });

  it('is uniform', () => {
    const random = seededRandom(9);
    const values = Array.from({ length: 50_000 }, random);
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
    expect(kolmogorov(values.map((value) => -Math.log1p(-value)))).toBeLessThan(1.63);
    expect(Math.abs(autocorrelation(values))).toBeLessThan(0.02);
  });

  it('makes finite draws only', () => {
    const random = seededRandom(3);
    for (let n = 0; n < 10_000; n++) {
      expect(Number.isFinite(exponential(random))).toBe(true);
      expect(gamma(0.01, random)).toBeGreaterThanOrEqual(0);
    }
  });
});

/** From another implementation of the two published algorithms. */
const SEQUENCE_42 = [0.15377165265745885, 0.018084542542176507, 0.5348906284683476];
