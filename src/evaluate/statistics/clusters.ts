/** What one answer brought to a number Σ got / Σ of. Answers of one cluster are not independent of each other. */
export interface ClusteredAnswer {
  readonly cluster: string;
  readonly got: number;
  readonly of: number;
}

/** What the answers of one cluster brought together. */
export interface ClusterSums {
  readonly got: number;
  readonly of: number;
}

/** The observations added up cluster by cluster, in the order in which the clusters first appear. */
export function clusterSums(observations: readonly ClusteredAnswer[]): ClusterSums[] {
  const sums = new Map<string, { got: number; of: number }>();
  for (const { cluster, got, of } of observations) {
    const sum = sums.get(cluster);
    if (sum === undefined) sums.set(cluster, { got, of });
    else {
      sum.got += got;
      sum.of += of;
    }
  }
  return [...sums.values()];
}

/** A number Σ got / Σ of over clusters, and how sure it is. */
export interface Ratio {
  /** Σ got / Σ of. */
  readonly value: number;
  /** Σ of. */
  readonly of: number;
  readonly clusters: number;
  /** Of `value`, estimated from the differences between the clusters; 0 where they do not differ. */
  readonly variance: number;
  /** Σ of² / Σ of: how many times fewer answers count, if those of a cluster were always alike. */
  readonly alike: number;
}

/**
 * The ratio estimator with its linearised variance C/(C−1) · Σ (got − value · of)² / (Σ of)² (W. G. Cochran, Sampling
 * Techniques, 1977, §6.4 and §9A.1). Undefined for fewer than two clusters and where nothing could be got.
 */
export function ratioOf(clusters: readonly ClusterSums[]): Ratio | undefined {
  const count = clusters.length;
  const of = sum(clusters.map((one) => one.of));
  if (count < 2 || of <= 0) return undefined;
  const value = sum(clusters.map((one) => one.got)) / of;
  const squares = sum(clusters.map((one) => (one.got - value * one.of) ** 2));
  return {
    value,
    of,
    clusters: count,
    variance: ((count / (count - 1)) * squares) / of ** 2,
    alike: sum(clusters.map((one) => one.of ** 2)) / of,
  };
}

/** How alike the counted things of a cluster are, and the standard error of that. */
export interface Likeness {
  readonly value: number;
  readonly error: number;
}

/**
 * The intraclass correlation out of the mean squares between and within clusters (A. Donner, 1986): 1 all right or all wrong
 * together, around 0 as if they were not of one cluster, below it where they differ more than that; 1 where everything is right, or
 * everything wrong, which tells nothing of it. Its standard error is the jackknife's, over clusters; 0 for fewer than three.
 */
export function likeness(clusters: readonly ClusterSums[]): Likeness {
  const all = clusters.map(
    ({ got, of }): Totals => ({ clusters: 1, got, of, sizes: of ** 2, shares: got ** 2 / of }),
  );
  const whole = all.reduce((sums, one) => added(sums, one, 1));
  const count = clusters.length;
  if (count < 3) return { value: correlationOf(whole), error: 0 };
  const without = all.map((one) => correlationOf(added(whole, one, -1)));
  const mean = sum(without) / count;
  const squares = sum(without.map((value) => (value - mean) ** 2));
  return { value: correlationOf(whole), error: Math.sqrt(((count - 1) / count) * squares) };
}

/** Sums over clusters, from which one is taken out by subtraction: of its got, of, of² and got² / of. */
interface Totals {
  readonly clusters: number;
  readonly got: number;
  readonly of: number;
  readonly sizes: number;
  readonly shares: number;
}

function added(sums: Totals, one: Totals, sign: 1 | -1): Totals {
  return {
    clusters: sums.clusters + sign * one.clusters,
    got: sums.got + sign * one.got,
    of: sums.of + sign * one.of,
    sizes: sums.sizes + sign * one.sizes,
    shares: sums.shares + sign * one.shares,
  };
}

function correlationOf({ clusters, got, of, sizes, shares }: Totals): number {
  if (of === clusters) return 0; // one in each: they are not alike, and not unlike
  const within = (got - shares) / (of - clusters);
  const between = (shares - got ** 2 / of) / (clusters - 1);
  const size = (of - sizes / of) / (clusters - 1);
  const total = between + (size - 1) * within;
  return total === 0 ? 1 : Math.min(1, (between - within) / total);
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
