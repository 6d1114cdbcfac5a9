/** Requests summed up in equal cells of time. All instants and widths in milliseconds. */

export interface Cells {
  /** Middle of each cell. */
  readonly at: Float64Array;
  /** Where the first begins. */
  readonly from: number;
  readonly width: number;
}

/** When the first request was due and the last one ended. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** At most `most` cells of a stretch, and few enough that they hold `least` of `n` things each on average. */
export function cellsOf({ from, to }: Stretch, n: number, { most = 300, least = 6 } = {}): Cells {
  const count = Math.max(1, Math.min(most, Math.max(24, Math.floor(n / least))));
  const width = Math.max(to - from, 1e-6) / count;
  return { at: Float64Array.from({ length: count }, (_, cell) => from + (cell + 0.5) * width), from, width };
}

function cellOf({ at, from, width }: Cells, instant: number): number {
  return Math.max(0, Math.min(at.length - 1, Math.floor((instant - from) / width)));
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
  const { width, at, from: start } = cells;
  const part = new Float64Array(at.length + 1);
  const change = new Float64Array(at.length + 1);
  for (let n = 0; n < from.length; n++) {
    const [begin, end] = [from[n]!, to[n]!];
    if (!(end > begin)) continue;
    const [first, last] = [cellOf(cells, begin), cellOf(cells, end)];
    if (first === last) part[first]! += end - begin;
    else {
      part[first]! += start + (first + 1) * width - begin;
      part[last]! += end - (start + last * width);
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
  const lists: number[][] = Array.from(cells.at, () => []);
  for (let n = 0; n < instants.length; n++)
    if (Number.isFinite(values[n]!)) lists[cellOf(cells, instants[n]!)]!.push(values[n]!);
  const groups = lists.map((list) => Float64Array.from(list).sort());
  return shares.map((share) =>
    groups.map((group) => (group.length === 0 ? null : group[Math.ceil(share * group.length) - 1]!)),
  );
}

/** What was counted in narrow cells from 0, a second: in cells of whole narrow ones, at most `most` of them over the stretch. */
export function perSecond(
  { from, to }: Stretch,
  counted: { readonly width: number; readonly perCell: Float64Array },
  most: number,
): { readonly x: Float64Array; readonly y: Float64Array } {
  const { width: narrow, perCell } = counted;
  const each = Math.max(1, Math.ceil((to - from) / most / narrow));
  const first = Math.floor(from / narrow);
  const width = each * narrow;
  const count = Math.max(1, Math.ceil((to / narrow - first) / each));
  const sum = (begin: number) => perCell.subarray(begin, begin + each).reduce((all, one) => all + one, 0);
  const cells = Float64Array.from({ length: count }, (_, cell) => first + cell * each);
  return {
    x: cells.map((cell) => cell * narrow + width / 2),
    y: cells.map((cell) => (sum(cell) * 1000) / width),
  };
}
