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
import {
  incompleteBeta,
  normalCdf,
  normalQuantile,
  studentQuantile,
  studentTail,
  Z95,
} from './distributions.ts';

/** How an interval was made: the words of the reports. */
type IntervalMethod =
  | 'Wilson'
  | 'Wilson, clustered'
  | 't'
  | 't, clustered'
  | 'bootstrap, clustered'
  | 'from the parts';

/** A 95 % interval in the unit of its number: percentages, or the points of a sum of them. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  /** 0.95. */
  readonly level: number;
  readonly method: IntervalMethod;
  /** How many independent groups the answers fall into, where they are fewer than the answers. */
  readonly clusters?: number;
}

/** Of every interval: two-sided. */
const LEVEL = 0.95;

/** Wilson's score interval of a proportion, in percent (E. B. Wilson, 1927); `n` is at least 1. */
export function wilson(correct: number, n: number): Interval {
  return { ...wilsonEnds(correct / n, n, Z95), level: LEVEL, method: 'Wilson' };
}

/** Ends in percent for a share (0..1) of `n` answers, which need not be a whole number; `quantile` of the two-sided level. */
function wilsonEnds(share: number, n: number, quantile: number): Pick<Interval, 'low' | 'high'> {
  const square = quantile ** 2;
  const centre = share + square / (2 * n);
  const half = quantile * Math.sqrt((share * (1 - share)) / n + square / (4 * n ** 2));
  const scale = 1 + square / n;
  return {
    low: share <= 0 ? 0 : (100 * (centre - half)) / scale,
    high: share >= 1 ? 100 : (100 * (centre + half)) / scale,
  };
}

const quantiles = new Map<number, number>();

/** Two-sided 95 % quantile of Student's distribution, for what was estimated from so many independent values. */
function quantileFor(values: number): number {
  const quantile = quantiles.get(values) ?? studentQuantile((1 + LEVEL) / 2, values - 1);
  quantiles.set(values, quantile);
  return quantile;
}

/** One of the numbers that another is made of. */
interface CombinedPart {
  readonly value: number;
  readonly interval: Pick<Interval, 'low' | 'high'>;
  /** How much the whole grows when this one grows by 1. */
  readonly slope: number;
}

/**
 * The interval of a number made of independent parts, out of their intervals alone: each end is as far away as the parts' ends
 * on that side, added in squares (G. Y. Zou and A. Donner, 2008). Of a weighted mean it is exact in that method; of other numbers it
 * takes the slopes for straight lines.
 */
export function combinedInterval(value: number, parts: readonly CombinedPart[]): Interval {
  const distance = (side: 'low' | 'high') => {
    const other = side === 'low' ? 'high' : 'low';
    const squares = parts.map(({ value: own, interval, slope }) => {
      const end = interval[slope >= 0 ? side : other];
      return (slope * (end - own)) ** 2;
    });
    return Math.sqrt(squares.reduce((sum, square) => sum + square, 0));
  };
  return {
    low: value - distance('low'),
    high: value + distance('high'),
    level: LEVEL,
    method: 'from the parts',
  };
}

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

/**
 * How probable a split at least as uneven would be, if both sides were equally good (Q. McNemar, 1947; the exact two-sided
 * test): answers that only the one side has right against those that only the other has right. They must be independent.
 */
export function mcnemarExact(onlyFirst: number, onlySecond: number): number {
  const differing = onlyFirst + onlySecond;
  const fewer = Math.min(onlyFirst, onlySecond);
  // P(B ≤ fewer) of B ~ Binomial(differing, ½) is I_½(differing − fewer, fewer + 1).
  return differing === 0 ? 1 : Math.min(1, 2 * incompleteBeta(0.5, differing - fewer, fewer + 1));
}

/** The same question answered twice, with what each answer is worth, 0 to 1. */
export interface AnswerPair {
  readonly cluster: string;
  readonly before: number;
  readonly after: number;
}

/** What the second answers are worth more than the first, in percentage points, −100 to 100. */
interface PairedDifference {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly level: number;
  /** How probable a difference at least this large is, in either direction, where there is none: by the same t. */
  readonly p: number;
  readonly method: 't, paired' | 't, paired, clustered';
  readonly clusters: number;
}

/**
 * The mean difference of pairs and its 95 % interval over clusters, with Student's t. Two half clusters, one all better and
 * one all worse, are added before (A. Agresti and Y. Min, 2005, add half a pair to each cell of the table, which is the same
 * for single pairs): where few pairs differ, or none, the variance among them says too little. Undefined for fewer than two
 * clusters.
 */
export function pairedDifference(pairs: readonly AnswerPair[]): PairedDifference | undefined {
  const clusters = clusterSums(
    pairs.map(({ cluster, before, after }) => ({ cluster, got: after - before, of: 1 })),
  );
  const [n, count] = [pairs.length, clusters.length];
  if (count < 2) return undefined;
  const gained = clusters.reduce((sum, { got }) => sum + got, 0);
  // As large as the cluster in which a pair of the data is found on average.
  const size = clusters.reduce((sum, { of }) => sum + of ** 2, 0) / n;
  const weight = n + 2 * size;
  const middle = gained / weight;
  const own = clusters.reduce((sum, { got, of }) => sum + (got - middle * of) ** 2, 0);
  const added = size ** 2 * (1 + middle ** 2);
  const error = Math.sqrt((count / (count - 1)) * (own + added)) / weight;
  const half = quantileFor(count) * error;
  return {
    value: (100 * gained) / n,
    low: Math.max(-100, 100 * (middle - half)),
    high: Math.min(100, 100 * (middle + half)),
    level: LEVEL,
    p: 2 * studentTail(Math.abs(middle) / error, count - 1),
    method: count < n ? 't, paired, clustered' : 't, paired',
    clusters: count,
  };
}
