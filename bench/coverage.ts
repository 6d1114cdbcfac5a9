/**
 * How often the 95 % intervals of clustered answers hold the true share: `jiti bench/coverage.ts [runs a setting] [name]`.
 *
 * Right answers of a cluster are drawn from a beta-binomial distribution with the intraclass correlation ρ, in 100 clusters of
 * each mix of sizes; the draws are seeded. A setting whose coverage is not within 94 to 96 % is marked, with how many clusters of
 * one size would be worth the same, (Σ m)² / Σ m²: where a few large clusters decide, 100 are not many. Of 10,000 runs a
 * coverage is uncertain by 0.4 points.
 */

import { type Random, seededRandom } from '../src/basics/random.ts';
import { intervalOf } from '../src/evaluate/statistics/interval.ts';

const [runs = 10_000, only] = [Number(process.argv[2] ?? 10_000), process.argv[3]];
const CLUSTERS = 100;

const SIZES: Readonly<Record<string, readonly number[]>> = {
  'all 3': [3],
  'all 5': [5],
  'all 10': [10],
  '1 to 10': [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  '1 2 3 10': [1, 2, 3, 10],
  '1 1 2 8': [1, 1, 2, 8],
  '20 1 1 1 1': [20, 1, 1, 1, 1],
};
const CORRELATIONS = [0, 0.05, 0.1, 0.2, 0.3, 0.6, 0.9];
const SHARES = [0.05, 0.1, 0.2, 0.5, 0.9];

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** G. Marsaglia and W. W. Tsang, 2000. */
function gamma(shape: number, random: Random): number {
  if (shape < 1) return gamma(shape + 1, random) * (1 - random()) ** (1 / shape);
  const d = shape - 1 / 3;
  for (;;) {
    const x = normal(random);
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** The share of one cluster, from the beta distribution. */
function shareOf(share: number, correlation: number, random: Random): number {
  if (correlation === 0) return share;
  const total = 1 / correlation - 1;
  const [right, wrong] = [gamma(share * total, random), gamma((1 - share) * total, random)];
  // Both are too small for a number where the shape is near 0.
  return right + wrong > 0 ? right / (right + wrong) : random() < share ? 1 : 0;
}

function rightOf(of: number, share: number, random: Random): number {
  let got = 0;
  for (let n = 0; n < of; n++) if (random() < share) got++;
  return got;
}

function coverage(sizes: readonly number[], correlation: number, share: number): number {
  const random = seededRandom(8);
  let held = 0;
  for (let run = 0; run < runs; run++) {
    const clusters = Array.from({ length: CLUSTERS }, (_, n) => {
      const of = sizes[n % sizes.length]!;
      return { cluster: String(n), of, got: rightOf(of, shareOf(share, correlation, random), random) };
    });
    const { low, high } = intervalOf(clusters)!;
    if (low <= 100 * share && 100 * share <= high) held++;
  }
  return (100 * held) / runs;
}

function worthOf(sizes: readonly number[]): number {
  const [all, squares] = [sizes, sizes.map((of) => of ** 2)].map((list) =>
    list.reduce((sum, one) => sum + one),
  );
  return (CLUSTERS * all! ** 2) / squares! / sizes.length;
}

let missed = 0;
console.log(
  `${CLUSTERS} clusters, ${runs} runs a setting: coverage in % for shares of ${SHARES.join(', ')}\n`,
);
for (const [name, sizes] of Object.entries(SIZES)) {
  if (only !== undefined && only !== name) continue;
  console.log(`sizes ${name}, worth ${worthOf(sizes).toFixed(1)} clusters of one size`);
  for (const correlation of CORRELATIONS) {
    const cells = SHARES.map((share) => coverage(sizes, correlation, share));
    const outside = cells.filter((value) => value < 94 || value > 96).length;
    missed += outside;
    const shown = cells.map((value) =>
      `${value.toFixed(1)}${value < 94 || value > 96 ? '!' : ' '}`.padStart(7),
    );
    console.log(`  ρ ${String(correlation).padEnd(5)}${shown.join('')}`);
  }
}
console.log(`\noutside of 94 to 96: ${missed}`);
