/** Requests summed up in equal cells of time. All instants and widths in milliseconds. */

export interface Cells {
  /** Middle of each cell. */
  readonly at: Float64Array;
  readonly width: number;
}

/** At most `most` cells from 0 to `end`, and few enough that they hold `least` of `n` requests each on average. */
export function cellsOf(end: number, n: number, { most = 300, least = 6 } = {}): Cells {
  const count = Math.max(1, Math.min(most, Math.max(24, Math.floor(n / least))));
  const width = Math.max(end, 1e-6) / count;
  return { at: Float64Array.from({ length: count }, (_, cell) => (cell + 0.5) * width), width };
}

function cellOf({ at, width }: Cells, instant: number): number {
  return Math.max(0, Math.min(at.length - 1, Math.floor(instant / width)));
}

/** Events a second. NaN is no event. */
export function rateOf(cells: Cells, instants: Iterable<number>): Float64Array {
  const rate = new Float64Array(cells.at.length);
  for (const instant of instants)
    if (Number.isFinite(instant)) rate[cellOf(cells, instant)]! += 1000 / cells.width;
  return rate;
}

/** Mean number of spans that are open. A span with NaN is none. */
export function openOf(cells: Cells, from: Float64Array, to: Float64Array): Float64Array {
  const { width, at } = cells;
  const part = new Float64Array(at.length + 1);
  const change = new Float64Array(at.length + 1);
  for (let n = 0; n < from.length; n++) {
    const [begin, end] = [from[n]!, to[n]!];
    if (!(end > begin)) continue;
    const [first, last] = [cellOf(cells, begin), cellOf(cells, end)];
    if (first === last) part[first]! += end - begin;
    else {
      part[first]! += (first + 1) * width - begin;
      part[last]! += end - last * width;
      change[first + 1]! += 1;
      change[last]! -= 1;
    }
  }
  let open = 0;
  return at.map((_, cell) => {
    open += change[cell]!;
    return open + part[cell]! / width;
  });
}

/** Quantiles of `values` in each cell, by the instant of each; null where a cell has none. */
export function quantilesOf(
  cells: Cells,
  instants: Float64Array,
  values: Float64Array,
  shares: readonly number[],
): (number | null)[][] {
  const groups: number[][] = Array.from(cells.at, () => []);
  for (let n = 0; n < instants.length; n++)
    if (Number.isFinite(values[n]!)) groups[cellOf(cells, instants[n]!)]!.push(values[n]!);
  for (const group of groups) group.sort((a, b) => a - b);
  return shares.map((share) =>
    groups.map((group) => (group.length === 0 ? null : group[Math.ceil(share * group.length) - 1]!)),
  );
}

/** Tokens a second in cells of their own width. */
export function perSecond(perCell: Float64Array, width: number): { x: Float64Array; y: Float64Array } {
  return {
    x: perCell.map((_, cell) => (cell + 0.5) * width),
    y: perCell.map((tokens) => (tokens * 1000) / width),
  };
}
