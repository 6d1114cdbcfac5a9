import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../basics/random.ts';
import {
  type Estimate,
  meanEstimate,
  percentileEstimate,
  pooledEstimate,
  pooledMean,
  rateEstimate,
  shareEstimate,
  type TimedValues,
} from './estimates.ts';
import { percentileOf } from './stats.ts';

const Z95 = 1.96;

function timed(values: readonly number[]): TimedValues {
  return { keys: values.map((_, i) => String(i)), values: Float64Array.from(values) };
}

function percentile(values: readonly number[], p: number): Estimate {
  const some = timed(values);
  return percentileEstimate(some, some.values.slice().sort(), p);
}

function holds({ ends }: Estimate, truth: number): boolean {
  const { low, high } = ends(Z95);
  return low <= truth && truth <= high;
}

describe('percentileEstimate', () => {
  it('has the value of numpy, and ends at ranks that the binomial gives', () => {
    const values = Array.from({ length: 401 }, (_, i) => (i * 173) % 401);
    const { value, ends, n } = percentile(values, 90);
    expect([value, n]).toEqual([360, 401]);
    // 400 · (0.9 ∓ 1.96 √(0.09 / 401)), moved by the skewness.
    expect(ends(Z95).low).toBeGreaterThan(347);
    expect(ends(Z95).low).toBeLessThan(349);
    expect(ends(Z95).high).toBeGreaterThan(370);
    expect(ends(Z95).high).toBeLessThan(372);
  });

  it('has no end where the values are too few, and says how many are needed', () => {
    const { ends, fewest } = percentile(
      Array.from({ length: 100 }, (_, i) => (i * 37) % 100),
      99,
    );
    expect(ends(Z95).high).toBe(Number.POSITIVE_INFINITY);
    expect(fewest!(Z95)).toBeGreaterThan(379);
    expect(fewest!(Z95)).toBeLessThan(460);
  });

  it('holds the true value in about 95 % of runs', () => {
    const random = seededRandom(4);
    const count = { p50: 0, p95: 0 };
    for (let run = 0; run < 1000; run++) {
      const values = Array.from({ length: 200 }, () => -Math.log(1 - random()));
      if (holds(percentile(values, 50), Math.LN2)) count.p50++;
      if (holds(percentile(values, 95), Math.log(20))) count.p95++;
    }
    for (const held of Object.values(count)) {
      expect(held / 1000).toBeGreaterThan(0.925);
      expect(held / 1000).toBeLessThan(0.985);
    }
  });

  it('widens with z, around its value', () => {
    const values = fc.array(fc.double({ min: 0.1, max: 1e4, noNaN: true }), { minLength: 5, maxLength: 80 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 99 }), (some, p) => {
        const { value, ends } = percentile(some, p);
        let before = ends(0);
        expect([before.low, before.high]).toEqual([value, value]);
        for (const z of [0.5, 1, 2, 3]) {
          const now = ends(z);
          expect(now.high).toBeGreaterThanOrEqual(value);
          expect(now.low).toBeLessThanOrEqual(value);
          expect(now.high - now.low).toBeGreaterThanOrEqual(before.high - before.low);
          before = now;
        }
      }),
    );
  });
});

/** Requests with five gaps each; those of one request are all alike. */
function gaps(requests: number, seed: number) {
  const random = seededRandom(seed);
  const values = Array.from({ length: requests }, () => 10 * random());
  const sorted = values.flatMap((value) => Array.from({ length: 5 }, () => value)).sort((a, b) => a - b);
  const keys = values.map((_, i) => String(i));
  const counts = new Float64Array(requests).fill(5);
  const pool = { length: sorted.length, valueAt: (rank: number) => sorted[rank]! };
  const belowOf = (limit: number) =>
    Float64Array.from(values, (value) => 5 * (value < limit ? 1 : value === limit ? 0.5 : 0));
  const at = (p: number) =>
    pooledEstimate({ keys, counts, below: belowOf(percentileOf(pool.length, pool.valueAt, p)) }, pool, p);
  return { keys, counts, sums: Float64Array.from(values, (value) => 5 * value), values, at };
}

describe('of gaps', () => {
  it('a percentile is as sure as its requests are many, not its gaps', () => {
    const { at, values } = gaps(300, 1);
    const [pooled, single] = [at(50), percentile(values, 50)];
    expect(pooled.n).toBe(300);
    const width = ({ ends }: Estimate) => ends(Z95).high - ends(Z95).low;
    expect(width(pooled) / width(single)).toBeGreaterThan(0.85);
    expect(width(pooled) / width(single)).toBeLessThan(1.2);
  });

  it('a mean is that of all gaps, as sure as its requests', () => {
    const { keys, counts, sums, values } = gaps(300, 2);
    const [pooled, single] = [pooledMean(keys, counts, sums), meanEstimate(timed(values))];
    expect(pooled.value).toBeCloseTo(single.value, 9);
    expect(pooled.ends(Z95).high).toBeCloseTo(single.ends(Z95).high, 9);
  });
});

describe('shareEstimate', () => {
  it('is bounded where nothing happened, by Wilson', () => {
    const { value, ends } = shareEstimate(timed(new Array(100).fill(0)));
    expect(value).toBe(0);
    expect(ends(Z95).low).toBe(0);
    expect(ends(Z95).high).toBeCloseTo((100 * Z95 ** 2) / (100 + Z95 ** 2), 9);
  });
});

it('a share that is 0 varies as it would if it were larger', () => {
  const { spread } = shareEstimate(timed(new Array(100).fill(0)));
  expect(spread!(1)).toBeCloseTo(100 * Math.sqrt(0.01 * 0.99), 9);
});

describe('rateEstimate', () => {
  it('is what happened over the whole time, a second', () => {
    const ends = Array.from({ length: 300 }, (_, i) => ({ at: 1000 + 10 * i, amount: 2 }));
    const { value, ends: endsAt } = rateEstimate(ends, 1000, 4000)!;
    expect(value).toBeCloseTo(200, 9);
    expect(endsAt(Z95).high - endsAt(Z95).low).toBeLessThan(10);
    expect(rateEstimate(ends.slice(0, 10), 1000, 4000)).toBeUndefined();
    expect(rateEstimate(ends, 1000, 1000)).toBeUndefined();
  });

  it('holds the true rate of a stream without memory in about 95 % of runs', () => {
    const random = seededRandom(6);
    let held = 0;
    for (let run = 0; run < 500; run++) {
      const ends: { at: number; amount: number }[] = [];
      for (let at = 0; at < 10_000; at += -50 * Math.log(1 - random())) ends.push({ at, amount: 1 });
      const { value, ends: endsAt } = rateEstimate(ends, 0, 10_000)!;
      // Student's quantile for 5 of 6 parts.
      if (Math.abs(value - 20) <= endsAt(2.571).high - value) held++;
    }
    expect(held / 500).toBeGreaterThan(0.92);
    expect(held / 500).toBeLessThan(0.98);
  });
});
