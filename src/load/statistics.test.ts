/** Whether the random schedules are what they are called, by the usual statistics of point processes, with fixed seeds. */
import { describe, expect, it } from 'vitest';
import { exponential, gamma, seededRandom } from '../random.ts';
import type { PacedArrival } from './arrival.ts';
import { pacerOf } from './pacer.ts';
import { globalNumber, shareOf, stripePacer } from './stripe.ts';

const RATE = 50;
const COUNT = 25_000;
const SEEDS = [0, 1, 2, 3, 4];

/** Milliseconds, merged from the stripes of so many workers. */
function arrivalsOf(process: PacedArrival['process'], seed: number, workers = 1, burstiness = 1): number[] {
  const arrival = { kind: 'paced', process, burstiness, rates: { shape: 'fixed', perSecond: RATE } } as const;
  const pacer = pacerOf(arrival, {
    count: COUNT,
    rampCount: COUNT,
    seed,
    durationMs: Number.POSITIVE_INFINITY,
  });
  const stripes = Array.from({ length: workers }, (_, worker) => ({ worker, workers, concurrency: 7 }));
  const merged = stripes.flatMap((stripe) => {
    const own = stripePacer(pacer, stripe);
    return Array.from(
      { length: shareOf(stripe, COUNT) },
      (_, k) => [globalNumber(stripe, k), own(k)!] as const,
    );
  });
  return merged.sort(([a], [b]) => a - b).map(([, at]) => at);
}

const gapsOf = (arrivals: readonly number[]) => arrivals.map((at, n) => at - (arrivals[n - 1] ?? 0));
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
function variance(values: readonly number[]): number {
  const middle = mean(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
}

/** Variance over mean of the counts in windows of 200 ms: 1 for Poisson. */
function dispersion(arrivals: readonly number[]): number {
  const windows = Math.floor(arrivals.at(-1)! / 200);
  expect(windows).toBeGreaterThanOrEqual(2000);
  const counts = new Array<number>(windows).fill(0);
  for (const at of arrivals) if (at < windows * 200) counts[Math.floor(at / 200)]! += 1;
  return variance(counts) / mean(counts);
}

function autocorrelation(values: readonly number[]): number {
  expect(values.length).toBeGreaterThanOrEqual(4000);
  const middle = mean(values);
  const products = values.slice(1).map((value, n) => (value - middle) * (values[n]! - middle));
  return products.reduce((sum, product) => sum + product, 0) / (variance(values) * (values.length - 1));
}

/** Largest distance between the values' distribution and the exponential of mean 1, times √n: above 1.63 once in 100. */
function kolmogorov(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const distances = sorted.map((value, n) => {
    const expected = 1 - Math.exp(-value);
    return Math.max(expected - n / sorted.length, (n + 1) / sorted.length - expected);
  });
  return Math.max(...distances) * Math.sqrt(sorted.length);
}

describe.each(['poisson', 'poisson-exact'] as const)('%s', (process) => {
  it.each([1, 2, 4])('from %i workers has the dispersion of Poisson and no memory', (workers) => {
    for (const seed of SEEDS) {
      const arrivals = arrivalsOf(process, seed, workers);
      expect(Math.abs(dispersion(arrivals) - 1)).toBeLessThanOrEqual(0.1);
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
    expect(dispersion(arrivalsOf('gamma', 0, 1, 0.25))).toBeGreaterThan(2);
    expect(dispersion(arrivalsOf('gamma', 0, 1, 16))).toBeLessThan(0.3);
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
