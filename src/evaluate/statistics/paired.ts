import { clusterSums } from './clusters.ts';
import { incompleteBeta, studentTail } from './distributions.ts';
import { LEVEL, quantileFor } from './interval.ts';

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
