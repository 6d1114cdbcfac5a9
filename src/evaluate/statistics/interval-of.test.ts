import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Random, seededRandom } from '../../basics/random.ts';
import type { ClusteredAnswer } from './clusters.ts';
import { binomialDensity } from './distributions.ts';
import { intervalOf, wilson } from './interval.ts';

/** Answers worth so much each, in clusters of so many. */
function inClusters(size: number, ...got: readonly number[]): ClusteredAnswer[] {
  return got.map((own, n) => ({ cluster: String(Math.floor(n / size)), got: own, of: 1 }));
}

describe('intervalOf', () => {
  it('is Wilson for answers that are right or wrong and stand alone', () => {
    expect(intervalOf(inClusters(1, 1, 0, 1, 1))).toEqual(wilson(3, 4));
    expect(intervalOf(inClusters(1, 1))).toEqual(wilson(1, 1));
  });

  it('counts clusters whose answers are all alike as one answer each', () => {
    const alike = intervalOf(inClusters(3, ...[1, 0, 1, 1, 0, 1, 1, 1].flatMap((one) => [one, one, one])))!;
    const { low, high } = wilson(6, 8);
    expect(alike).toMatchObject({ method: 'Wilson, clustered', clusters: 8, level: 0.95 });
    // Wider than Wilson by Student's quantile alone.
    expect(alike.low).toBeLessThan(low);
    expect(alike.high).toBeGreaterThan(high);
    expect(alike.high - alike.low).toBeLessThan(1.2 * (high - low));
  });

  it('takes the worst for granted where all is right: no cluster shows how alike its answers are', () => {
    const all = intervalOf(inClusters(5, ...Array.from({ length: 50 }, () => 1)))!;
    expect(all.high).toBe(100);
    expect(all.low).toBeLessThan(wilson(10, 10).low);
    expect(all.low).toBeGreaterThan(0.9 * wilson(10, 10).low);
  });

  it('is that of independent answers where clusters are as mixed as answers', () => {
    // Of 16 pairs with three right answers in four, 9 are right twice, 6 once and 1 never.
    const pairs = [...Array(9).fill([1, 1]), ...Array(6).fill([1, 0]), [0, 0]] as number[][];
    const mixed = intervalOf(inClusters(2, ...Array.from({ length: 12 }, () => pairs).flat(2)))!;
    const { low, high } = wilson(288, 384);
    expect(mixed.low).toBeCloseTo(low, 0);
    expect(mixed.high).toBeCloseTo(high, 0);
  });

  it("is Student's t for means of credits: mean ± t · s / √n", () => {
    const credits = [0.1, 0.4, 0.35, 0.8, 0.5];
    const interval = intervalOf(inClusters(1, ...credits))!;
    const mean = credits.reduce((sum, own) => sum + own, 0) / 5;
    const deviation = Math.sqrt(credits.reduce((sum, own) => sum + (own - mean) ** 2, 0) / 4);
    const half = (2.7764451051977987 * deviation) / Math.sqrt(5);
    expect(interval).toMatchObject({ method: 't' });
    expect(interval).not.toHaveProperty('clusters');
    expect(interval.low).toBeCloseTo(100 * (mean - half), 9);
    expect(interval.high).toBeCloseTo(100 * (mean + half), 9);
  });

  it('treats the means of equal clusters like single answers', () => {
    const means = [0.1, 0.4, 0.35, 0.8, 0.5];
    const alone = intervalOf(inClusters(1, ...means))!;
    const grouped = intervalOf(inClusters(2, ...means.flatMap((one) => [one - 0.05, one + 0.05])))!;
    expect(grouped).toMatchObject({ method: 't, clustered', clusters: 5 });
    expect(grouped.low).toBeCloseTo(alone.low, 9);
    expect(grouped.high).toBeCloseTo(alone.high, 9);
  });

  it('draws clusters anew where credits are out of different amounts', () => {
    const some = Array.from({ length: 30 }, (_, n) => ({
      cluster: String(n),
      got: ((n * 7) % 10) / 4,
      of: 2.5 + (n % 3),
    }));
    const interval = intervalOf(some)!;
    expect(interval).toMatchObject({ method: 'bootstrap, clustered' });
    expect(intervalOf(some)).toEqual(interval);
  });

  it('has a width where all credits are the same, and is absent where there is one cluster or nothing', () => {
    const same = intervalOf(inClusters(1, 0.5, 0.5, 0.5))!;
    expect(same.high - same.low).toBeGreaterThan(20);
    expect(intervalOf(inClusters(4, 1, 0, 1, 1))).toBeUndefined();
    expect(intervalOf([])).toBeUndefined();
    expect(intervalOf([{ cluster: 'a', got: 0, of: 0 }])).toBeUndefined();
  });

  it('holds the value and stays between 0 and 100', () => {
    const one = fc.record({
      cluster: fc.constantFrom('a', 'b', 'c', 'd'),
      of: fc.integer({ min: 1, max: 3 }),
      share: fc.constantFrom(0, 0.25, 0.5, 1),
    });
    fc.assert(
      fc.property(fc.array(one, { minLength: 2, maxLength: 12 }), fc.boolean(), (list, whole) => {
        const some = list.map(({ cluster, of, share }) => {
          return { cluster, of, got: whole ? Math.round(share * of) : share * of };
        });
        const interval = intervalOf(some);
        if (interval === undefined || interval.method === 'bootstrap, clustered') return;
        const [got, of] = [sum(some.map((own) => own.got)), sum(some.map((own) => own.of))];
        expect(interval.low).toBeGreaterThanOrEqual(0);
        expect(interval.high).toBeLessThanOrEqual(100);
        expect(interval.low).toBeLessThanOrEqual((100 * got) / of + 1e-9);
        expect(interval.high).toBeGreaterThanOrEqual((100 * got) / of - 1e-9);
      }),
      { numRuns: 100 },
    );
  });
});

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

/** How probable 0, 1, … right answers of a cluster are, where half of the clusters find it easier than the other half. */
function mixture(size: number, shares: readonly number[]): number[] {
  return Array.from({ length: size + 1 }, (_, k) =>
    sum(shares.map((share) => binomialDensity(k, size, share) / shares.length)),
  );
}

function runningSums(values: readonly number[]): number[] {
  let all = 0;
  return values.map((own) => {
    all += own;
    return all;
  });
}

function draw(cumulative: readonly number[], random: Random): number {
  const at = random();
  const found = cumulative.findIndex((sum) => at < sum);
  return found < 0 ? cumulative.length - 1 : found;
}

/** Share of simulated runs whose interval holds the true share of right answers; a list of cluster sizes, repeated 100 times over. */
function coverageOf(sizes: readonly number[], shares: readonly number[], runs: number): number {
  const random = seededRandom(8);
  const truth = (100 * sum(shares)) / shares.length;
  const cumulative = new Map(sizes.map((size) => [size, runningSums(mixture(size, shares))]));
  let held = 0;
  for (let run = 0; run < runs; run++) {
    const some = Array.from({ length: 100 }, (_, n) => {
      const of = sizes[n % sizes.length]!;
      return { cluster: String(n), got: draw(cumulative.get(of)!, random), of };
    });
    const { low, high } = intervalOf(some)!;
    if (low <= truth && truth <= high) held++;
  }
  return held / runs;
}

describe('the interval of clustered answers holds the true share in 94 to 96 % of 4,000 simulated runs', () => {
  it.each([
    ['5 answers to each of 100 questions, few of them right', [5], [0.005, 0.095]],
    ['5 answers to each of 100 questions of one difficulty', [5], [0.3]],
    ['passages with 1 to 10 questions, hard and easy ones', [1, 2, 3, 10], [0.1, 0.5]],
    ['passages with 1 to 10 questions, most of them right', [1, 2, 3, 10], [0.8, 1]],
    ['10 answers to each of 100 questions, most never right', [10], [0, 0, 0, 0.2]],
    ['passages with 1 to 10 questions, most never right', [1, 2, 3, 10], [0, 0, 0.15]],
    ['passages with 1 to 8 questions, few of them right', [1, 1, 2, 8], [0.01, 0.09]],
  ])(
    '%s',
    (_, sizes, shares) => {
      const coverage = coverageOf(sizes, shares, 4000);
      expect(coverage).toBeGreaterThan(0.94);
      expect(coverage).toBeLessThan(0.96);
    },
    240_000,
  );
});
