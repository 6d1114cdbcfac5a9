/** Returns the candidate nearest to a mistyped name, when one is near enough to be meant. */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/**
 * Levenshtein's distance: how many characters have to be put in, taken out or exchanged to make one text of the other. Counts
 * code points, as Python does.
 */
export function editDistance(a: string, b: string): number {
  const [shorter, longer] = [[...a], [...b]].sort((x, y) => x.length - y.length) as [string[], string[]];
  let end = shorter.length;
  let endOfLonger = longer.length;
  while (end > 0 && shorter[end - 1] === longer[endOfLonger - 1]) {
    end--;
    endOfLonger--;
  }
  let start = 0;
  while (start < end && shorter[start] === longer[start]) start++;
  return countEdits(shorter.slice(start, end), longer.slice(start, endOfLonger));
}

function countEdits(shorter: readonly string[], longer: readonly string[]): number {
  // Costs against each beginning of `shorter`; its first is against none of it.
  const costs = Uint32Array.from({ length: shorter.length + 1 }, (_, i) => i);
  for (const [row, char] of longer.entries()) {
    let diagonal = costs[0]!;
    costs[0] = row + 1;
    for (let i = 0; i < shorter.length; i++) {
      const above = costs[i + 1]!;
      const exchanged = diagonal + (shorter[i] === char ? 0 : 1);
      costs[i + 1] = Math.min(exchanged, above + 1, costs[i]! + 1);
      diagonal = above;
    }
  }
  return costs[shorter.length]!;
}
