import { bootstrapEnds } from './bootstrap.ts';
import {
  type ClusterSums,
  clusterSums,
  type Likeness,
  likeness,
  type Observation,
  type Ratio,
  ratioOf,
} from './clusters.ts';
import { type Interval, LEVEL, quantileFor, wilson, wilsonEnds } from './interval.ts';

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
export function intervalOf(all: readonly Observation[]): Interval | undefined {
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
