/** Where the share of bad requests crosses what an objective allows, from all points that were seen. */

/** One objective at one point. */
export interface SharePoint {
  /** Above 0: requests a second, or requests in flight. */
  readonly load: number;
  readonly bad: number;
  readonly n: number;
}

export interface Crossing {
  /** The median of what the points leave possible. */
  readonly load: number;
  /** 95 % interval. */
  readonly low: number;
  readonly high: number;
  /** Change of the logit of the share of bad requests for each e-fold of load, at the median. */
  readonly steepness: number;
}

export interface FitSetting {
  /** Share of bad requests that is allowed, above 0 and below 1. */
  readonly allowed: number;
  /** Bad requests come in clusters of about so many: 1 where they are independent. */
  readonly clusterSize: number;
  /** Loads between which the crossing is looked for. */
  readonly from: number;
  readonly to: number;
}

const LOADS = 120;
const STEEPNESSES = 13;
/** What is thought of the steepness before anything is seen: log-normal. A queue near its limit has 20 to 100. */
const USUAL_STEEPNESS = 40;
const STEEPNESS_SPREAD = 0.8;
/** Points of the bell of steepnesses: so many standard deviations to both sides. */
const BELL = 2.5;

/**
 * Bayes on a grid: logit(share bad) is a line in ln(load) with a flat prior for where it crosses and a broad one for its steepness. Counts
 * are divided by the size of their clusters (quasi-likelihood: McCullagh and Nelder 1989, ch. 9).
 */
export function crossingOf(points: readonly SharePoint[], setting: FitSetting): Crossing {
  const coarse = posterior(points, setting, Math.log(setting.from), Math.log(setting.to));
  // The second grid lies over what the first one leaves.
  const [from, to] = [quantile(coarse, 1e-4) - coarse.step, quantile(coarse, 1 - 1e-4) + coarse.step];
  const fine = posterior(
    points,
    setting,
    Math.max(from, Math.log(setting.from)),
    Math.min(to, Math.log(setting.to)),
  );
  const at = (share: number) => Math.exp(quantile(fine, share));
  return { load: at(0.5), low: at(0.025), high: at(0.975), steepness: fine.steepness };
}

interface Posterior {
  readonly from: number;
  readonly step: number;
  /** Sums to 1. */
  readonly weights: readonly number[];
  readonly steepness: number;
}

function posterior(points: readonly SharePoint[], setting: FitSetting, from: number, to: number): Posterior {
  const step = (to - from) / LOADS;
  const logs = Array.from({ length: LOADS }, () => new Float64Array(STEEPNESSES));
  const dispersions = points.map((point) => dispersionOf(point, setting));
  let best = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < LOADS; i++) {
    for (let j = 0; j < STEEPNESSES; j++) {
      const z = bell(j);
      const value =
        logLikelihood(points, setting, dispersions, from + (i + 0.5) * step, steepnessAt(z)) - (z * z) / 2;
      logs[i]![j] = value;
      best = Math.max(best, value);
    }
  }
  let total = 0;
  let steepness = 0;
  const weights = logs.map((row) => {
    let sum = 0;
    for (let j = 0; j < STEEPNESSES; j++) {
      const weight = Math.exp(row[j]! - best);
      sum += weight;
      steepness += weight * Math.log(steepnessAt(bell(j)));
    }
    total += sum;
    return sum;
  });
  return {
    from,
    step,
    weights: weights.map((weight) => weight / total),
    steepness: Math.exp(steepness / total),
  };
}

/**
 * By how much the counts of a point vary more than independent ones: by their clusters, and because the line is only locally right. A
 * point of which the logit is d away from what is allowed may lie off it by CURVATURE · d.
 */
function dispersionOf({ bad, n }: SharePoint, { allowed, clusterSize }: FitSetting): number {
  const share = (bad + 0.5) / (n + 1);
  const away = Math.log(share / (1 - share)) - Math.log(allowed / (1 - allowed));
  return clusterSize + n * share * (1 - share) * (CURVATURE * away) ** 2;
}

const CURVATURE = 0.25;

function bell(j: number): number {
  return BELL * ((2 * j) / (STEEPNESSES - 1) - 1);
}

function steepnessAt(z: number): number {
  return USUAL_STEEPNESS * Math.exp(STEEPNESS_SPREAD * z);
}

function logLikelihood(
  points: readonly SharePoint[],
  { allowed }: FitSetting,
  dispersions: readonly number[],
  x: number,
  steepness: number,
): number {
  const level = Math.log(allowed / (1 - allowed));
  let sum = 0;
  for (const [i, { load, bad, n }] of points.entries()) {
    const logit = level + steepness * (Math.log(load) - x);
    // ln(1 + e^z) without overflow.
    const soft = logit > 30 ? logit : Math.log1p(Math.exp(logit));
    sum += (bad * logit - n * soft) / dispersions[i]!;
  }
  return sum;
}

function quantile({ from, step, weights }: Posterior, share: number): number {
  let sum = 0;
  for (const [i, weight] of weights.entries()) {
    if (sum + weight >= share) return from + (i + (share - sum) / weight) * step;
    sum += weight;
  }
  return from + weights.length * step;
}

/** Bad requests come together: how many at a time, and what that does to counts of them. */

/** Above this share of bad requests they are no clusters any more. */
const MOST_CLUSTERED = 0.2;
/** So many good requests in a row end a cluster. */
const CLUSTER_GAP = 40;
/** What is taken for the size of clusters before any is seen, and at least. */
const UNSEEN_CLUSTER = 20;
const LEAST_CLUSTER = 5;

/** Bad requests come together, because those that wait in one queue wait together (runs estimator: Smith and Weissman 1994). */
export function clusterSizes(flags: Uint8Array): number[] {
  const bad = flags.reduce((sum, flag) => sum + flag, 0);
  if (bad >= MOST_CLUSTERED * flags.length) return [];
  const sizes: number[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const [i, flag] of flags.entries()) {
    if (flag === 0) continue;
    if (i - last > CLUSTER_GAP) sizes.push(0);
    sizes[sizes.length - 1]! += 1;
    last = i;
  }
  return sizes;
}

/** How much more a count of clustered requests varies than one of independent ones: Σ size² / Σ size. */
export function clusterSizeOf(sizes: readonly number[]): number {
  const sum = sizes.reduce((total, size) => total + size, 0);
  if (sum === 0) return UNSEEN_CLUSTER;
  return Math.max(LEAST_CLUSTER, sizes.reduce((total, size) => total + size * size, 0) / sum);
}
