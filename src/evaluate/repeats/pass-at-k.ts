/**
 * How probable it is that at least one of k answers, drawn without replacement from n of which c are right, is right: 1 −
 * C(n − c, k) / C(n, k) (M. Chen et al., 2021), as a product that does not overflow. 1 ≤ k ≤ n.
 */
export function passAtK(n: number, c: number, k: number): number {
  if (n - c < k) return 1;
  let allWrong = 1;
  for (let drawn = n - c + 1; drawn <= n; drawn++) allWrong *= 1 - k / drawn;
  return 1 - allWrong;
}

/** AISBench's `cons@k`: whether c, of all answers, is more than half of k. No vote is taken (aisbench.md §7.4). */
export function compatConsensus(c: number, k: number): number {
  return c > k / 2 ? 1 : 0;
}
