import { seededRandom } from '../../basics/random.ts';
import {
  type ClusteredAnswer,
  type ClusterSums,
  clusterSums,
  type Likeness,
  likeness,
  type Ratio,
  ratioOf,
} from './clusters.ts';
import { normalCdf, normalQuantile, Z95 } from './distributions.ts';
import { type Interval, LEVEL, quantileFor, wilson, wilsonEnds } from './interval.ts';

/** How often the clusters are drawn again: the ends then move by a few hundredths of the interval's width from seed to seed. */
const RESAMPLES = 2000;

/** Part of what an interval means: the same answers have the same interval, on every machine. */
const SEED = 1;

/**
 * The 95 % interval of a number that is made of sums over clusters, by drawing whole clusters with replacement: the
 * bias-corrected and accelerated interval (B. Efron, 1987), in the unit of `statistic`. One list of summands a cluster, all
 * of one length. Undefined for fewer than two clusters, and where the number is the same however they are drawn.
 */
export function bootstrapEnds(
  clusters: readonly (readonly number[])[],
  statistic: (sums: readonly number[]) => number,
  seed: number = SEED,
): { low: number; high: number } | undefined {
  if (clusters.length < 2) return undefined;
  const total = totalOf(clusters);
  const observed = statistic(total);
  const drawn = redraw(clusters, statistic, seed);
  if (drawn.length === 0 || drawn[0] === drawn.at(-1)) return undefined;
  const below = drawn.filter((value) => value < observed).length;
  const same = drawn.filter((value) => value === observed).length;
  // Never 0 or 1, whose quantiles are infinite.
  const share = (below + same / 2 + 0.5) / (drawn.length + 1);
  const bias = normalQuantile(share);
  const acceleration = accelerationOf(clusters, total, statistic);
  const end = (z: number) => {
    const shifted = bias + z;
    return quantile(drawn, normalCdf(bias + shifted / (1 - acceleration * shifted)));
  };
  return { low: end(-Z95), high: end(Z95) };
}

/** The statistic of every resample that has one, ascending. */
function redraw(
  clusters: readonly (readonly number[])[],
  statistic: (sums: readonly number[]) => number,
  seed: number,
): number[] {
  const random = seededRandom(seed);
  const values: number[] = [];
  for (let resample = 0; resample < RESAMPLES; resample++) {
    const sums = clusters[0]!.map(() => 0);
    for (let n = 0; n < clusters.length; n++) {
      const cluster = clusters[Math.floor(random() * clusters.length)]!;
      for (let i = 0; i < sums.length; i++) sums[i] = sums[i]! + cluster[i]!;
    }
    values.push(statistic(sums));
  }
  return values.filter(Number.isFinite).sort((a, b) => a - b);
}

/** How fast the standard error changes with the number: from the statistic without each cluster in turn. */
function accelerationOf(
  clusters: readonly (readonly number[])[],
  total: readonly number[],
  statistic: (sums: readonly number[]) => number,
): number {
  const without = clusters
    .map((cluster) => statistic(total.map((sum, i) => sum - cluster[i]!)))
    .filter(Number.isFinite);
  const mean = without.reduce((sum, value) => sum + value, 0) / without.length;
  let squares = 0;
  let cubes = 0;
  for (const value of without) {
    squares += (mean - value) ** 2;
    cubes += (mean - value) ** 3;
  }
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
}

function totalOf(clusters: readonly (readonly number[])[]): number[] {
  return clusters[0]!.map((_, i) => clusters.reduce((sum, cluster) => sum + cluster[i]!, 0));
}

/** Linear between neighbours; `values` ascending, `share` 0..1. */
function quantile(values: readonly number[], share: number): number {
  const place = share * (values.length - 1);
  const floor = Math.floor(place);
  const value = values[floor]!;
  return value + (place - floor) * ((values[floor + 1] ?? value) - value);
}

/**
 * The 95 % interval of 100 · Σ got / Σ of, by the method that fits: docs/scoring-statistics.md says which and why.
 *
 * - Things counted, each answer by itself: Wilson.
 * - Things counted, answers in clusters: Wilson with as many answers as would be worth the same if they were independent.
 * - A mean of credits: Student's t, over answers or over clusters.
 * - Sums of credits over sums that differ: bootstrap over clusters.
 *
 * Undefined where all answers are of one cluster, which shows no difference to be judged by, and where nothing could be got.
 */
export function intervalOf(all: readonly ClusteredAnswer[]): Interval | undefined {
  const observations = all.filter(({ of }) => of > 0);
  const clusters = clusterSums(observations);
  const isCount = observations.every(({ got, of }) => Number.isInteger(got) && Number.isInteger(of));
  const isMean = observations.every(({ of }) => of === observations[0]!.of);
  const isClustered = clusters.length < observations.length;
  if (isCount && !isClustered && observations.every(({ of }) => of === 1)) {
    const correct = observations.reduce((sum, { got }) => sum + got, 0);
    return observations.length === 0 ? undefined : wilson(correct, observations.length);
  }
  const ratio = ratioOf(clusters);
  if (ratio === undefined) return undefined;
  const grouped = isClustered ? { clusters: ratio.clusters } : {};
  if (isCount) return { ...clusteredWilson(ratio, clusters), ...grouped };
  const own = isMean ? meanEnds(ratio) : ratioEnds(clusters);
  if (own === undefined) return { ...alikeWilson(ratio), ...grouped };
  const method = isMean ? (isClustered ? 't, clustered' : 't') : 'bootstrap, clustered';
  return { ...own, level: LEVEL, method, ...grouped };
}

/**
 * Where answers of a cluster are no more alike than others, ρ comes out below 0 half of the time. Cut off at 0 the interval would
 * hold the true share too often, never cut off it would too seldom where few clusters are large: found by simulation.
 */
const LEAST_EFFECT = 0.8;

/**
 * Wilson's interval with the effective number of answers n / deff and Student's quantile for the clusters. deff = 1 + ρ (m − 1)
 * is the design effect (L. Kish, 1965): m the size of the cluster that an answer is found in on average, ρ how alike the
 * answers of a cluster are. With ρ estimated from all clusters it keeps its level where few large clusters decide the variance
 * between them, which the variance itself does not (C. Franco et al., 2019; K. K. Saha et al., 2016).
 */
function clusteredWilson({ value, of, alike, clusters }: Ratio, sums: readonly ClusterSums[]): Interval {
  const ends = wilsonEnds(value, of / designEffect(value, alike - 1, likeness(sums)), quantileFor(clusters));
  return { ...ends, level: LEVEL, method: 'Wilson, clustered' };
}

/**
 * deff, raised by up to half of its standard error where the share is near 0 or 1 and answers of a cluster are alike: few
 * clusters hold what there is to count, so that ρ comes out too low more often than too high, and the share with it. Found by
 * simulation. `others` is how many further answers are in the cluster of one.
 */
function designEffect(share: number, others: number, { value: alike, error }: Likeness): number {
  const effect = 1 + alike * others;
  if (alike <= 0) return Math.max(LEAST_EFFECT, effect);
  const lack = (1 - 2 * share) ** 2 * (1 - alike) * (effect / (effect + 1));
  return effect + (lack * error * others) / 2;
}

/** Credits that are all the same show no variance: that of the most different credits with this mean is the bound. */
function alikeWilson({ value, of, alike, clusters }: Ratio): Interval {
  const ends = wilsonEnds(value, of / alike, quantileFor(clusters));
  return { ...ends, level: LEVEL, method: 'Wilson, clustered' };
}

function meanEnds({ value, variance, clusters }: Ratio): Pick<Interval, 'low' | 'high'> | undefined {
  if (variance === 0) return undefined;
  const half = 100 * quantileFor(clusters) * Math.sqrt(variance);
  return { low: Math.max(0, 100 * value - half), high: Math.min(100, 100 * value + half) };
}

function ratioEnds(clusters: readonly ClusterSums[]): Pick<Interval, 'low' | 'high'> | undefined {
  return bootstrapEnds(
    clusters.map(({ got, of }) => [got, of]),
    ([got, of]) => (100 * got!) / of!,
  );
}
