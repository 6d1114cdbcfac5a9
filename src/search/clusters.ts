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
