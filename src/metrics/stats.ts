/** The statistics of one row, in the unit of the row, not rounded. */
export interface Stats {
  readonly average: number;
  readonly min: number;
  readonly max: number;
  readonly median: number;
  readonly p75: number;
  readonly p90: number;
  readonly p99: number;
  /** Further percentiles that were asked for, by name: `P95`. */
  readonly others?: Readonly<Record<string, number>>;
}

/** AISBench's statistics, in its order and words. */
export const USUAL_STATISTICS = ['Average', 'Min', 'Max', 'Median', 'P75', 'P90', 'P99'] as const;

/** The percentiles in a list of statistics that are not usual ones. */
export function furtherPercentiles(statistics: readonly string[]): number[] {
  const usual: readonly string[] = USUAL_STATISTICS;
  return statistics
    .filter((name) => /^P\d+(\.\d+)?$/.test(name) && !usual.includes(name))
    .map((name) => Number(name.slice(1)));
}

/**
 * The p-th percentile (0..100) of `length` ordered values, linear between neighbours: numpy's default, bit for bit.
 * `valueAt` gives the value of a rank.
 */
export function percentileOf(length: number, valueAt: (rank: number) => number, p: number): number {
  const position = (length - 1) * (p / 100);
  const below = Math.floor(position);
  const low = valueAt(below);
  const high = valueAt(Math.min(below + 1, length - 1));
  const share = position - below;
  // From the nearer end, as numpy does: the result never leaves [low, high] and never falls as p grows.
  return share < 0.5 ? low + (high - low) * share : high - (high - low) * (1 - share);
}

/** The statistics of `length` ordered values with a known sum; undefined when there are none. */
export function statsOf(
  length: number,
  valueAt: (rank: number) => number,
  sum: number,
  percentiles: readonly number[] = [],
): Stats | undefined {
  if (length === 0) return undefined;
  const min = valueAt(0);
  const max = valueAt(length - 1);
  const at = (p: number) => percentileOf(length, valueAt, p);
  return {
    // A sum of floats can drift by a last bit; three times 0.1 must not average above 0.1.
    average: Math.min(max, Math.max(min, sum / length)),
    min,
    max,
    median: at(50),
    p75: at(75),
    p90: at(90),
    p99: at(99),
    ...(percentiles.length === 0
      ? {}
      : { others: Object.fromEntries(percentiles.map((p) => [`P${p}`, at(p)])) }),
  };
}

/** A growing list of numbers, 8 bytes each, with exact statistics. */
export class Series {
  #values = new Float64Array(64);
  #length = 0;
  #sum = 0;
  #sorted = true;
  /** Sums of deviations from the first value, of their squares and of products of neighbours as they were pushed. */
  readonly #moments = { first: 0, previous: 0, sum: 0, squares: 0, neighbours: 0 };

  push(value: number): void {
    if (this.#length === this.#values.length) this.#grow();
    const moments = this.#moments;
    if (this.#length === 0) moments.first = value;
    const deviation = value - moments.first;
    moments.sum += deviation;
    moments.squares += deviation * deviation;
    moments.neighbours += deviation * moments.previous;
    moments.previous = deviation;
    this.#values[this.#length++] = value;
    this.#sum += value;
    this.#sorted = false;
  }

  get length(): number {
    return this.#length;
  }

  get sum(): number {
    return this.#sum;
  }

  /** Sample variance, 0 for fewer than two values. */
  get variance(): number {
    const { sum, squares } = this.#moments;
    if (this.#length < 2) return 0;
    return Math.max(0, squares - (sum * sum) / this.#length) / (this.#length - 1);
  }

  /** Correlation of each value with the one pushed before it, 0..1; a negative one counts as 0. */
  get autocorrelation(): number {
    const { sum, neighbours, previous: last } = this.#moments;
    const spread = this.variance * (this.#length - 1);
    if (spread <= 0) return 0;
    const mean = sum / this.#length;
    return Math.min(1, Math.max(0, (neighbours - sum * mean + mean * (last - mean)) / spread));
  }

  /** The values in no order: a view, valid until the next `push`. */
  values(): Float64Array {
    return this.#values.subarray(0, this.#length);
  }

  /** The values in ascending order: a view, valid until the next `push`. */
  sorted(): Float64Array {
    const view = this.#values.subarray(0, this.#length);
    if (!this.#sorted) view.sort();
    this.#sorted = true;
    return view;
  }

  /** `percentiles`: those wanted beside the usual ones, 0 to 100. */
  stats(percentiles?: readonly number[]): Stats | undefined {
    const values = this.sorted();
    return statsOf(values.length, (rank) => values[rank]!, this.#sum, percentiles);
  }

  #grow(): void {
    const larger = new Float64Array(this.#values.length * 2);
    larger.set(this.#values);
    this.#values = larger;
  }
}
