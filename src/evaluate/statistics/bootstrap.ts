import { seededRandom } from '../../basics/random.ts';
import { normalCdf, normalQuantile, Z95 } from './normal.ts';

/** How often the clusters are drawn anew: the ends then move by a few hundredths of the interval's width from seed to seed. */
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
