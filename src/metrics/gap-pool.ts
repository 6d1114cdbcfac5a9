import { Series, type Stats, statsOf } from './stats.ts';

/** Exact up to here (80 MB); a run of a million answers has a hundred times more gaps. */
const EXACT_LIMIT = 10_000_000;

/** Buckets a doubling: a value is known to 1/2048 of itself, 0.05 %. */
const STEPS = 1024;
/** 2^-20 ms is a nanosecond, 2^30 ms are twelve days. */
const LOWEST_EXPONENT = -20;
const HIGHEST_EXPONENT = 30;
const BUCKETS = (HIGHEST_EXPONENT - LOWEST_EXPONENT) * STEPS + 1;

/**
 * All gaps of a run in bounded memory: every value is kept up to a limit, after which the values are counted in
 * logarithmic buckets. Minimum, maximum and average stay exact; percentiles are then within 0.05 %.
 */
export class GapPool {
  readonly #limit: number;
  #exact: Series | undefined = new Series();
  #counts: Float64Array | undefined;
  #length = 0;
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;

  constructor(exactLimit: number = EXACT_LIMIT) {
    this.#limit = exactLimit;
  }

  /** Adds a gap in milliseconds, 0 or more, that was seen `times` times. */
  push(gap: number, times = 1): void {
    this.#length += times;
    this.#sum += gap * times;
    this.#min = Math.min(this.#min, gap);
    this.#max = Math.max(this.#max, gap);
    if (this.#exact !== undefined && this.#length > this.#limit) this.#fold(this.#exact);
    if (this.#exact === undefined) this.#count(gap, times);
    else for (let n = 0; n < times; n++) this.#exact.push(gap);
  }

  get length(): number {
    return this.#length;
  }

  /** The value of a rank, counted from 0 in ascending order. */
  valueAt(rank: number): number {
    return this.#exact === undefined ? this.#valueAt(rank) : this.#exact.sorted()[rank]!;
  }

  /** False when percentiles come from buckets. */
  get exact(): boolean {
    return this.#exact !== undefined;
  }

  stats(percentiles?: readonly number[]): Stats | undefined {
    if (this.#exact !== undefined) return this.#exact.stats(percentiles);
    return statsOf(this.#length, (rank) => this.#valueAt(rank), this.#sum, percentiles);
  }

  #fold(values: Series): void {
    this.#counts = new Float64Array(BUCKETS);
    for (const value of values.values()) this.#count(value, 1);
    this.#exact = undefined;
  }

  #count(gap: number, times: number): void {
    const counts = this.#counts!;
    const bucket = bucketOf(gap);
    counts[bucket] = counts[bucket]! + times;
  }

  #valueAt(rank: number): number {
    if (rank === 0) return this.#min;
    if (rank === this.#length - 1) return this.#max;
    let seen = 0;
    let bucket = 0;
    for (; bucket < BUCKETS - 1; bucket++) {
      seen += this.#counts![bucket]!;
      if (seen > rank) break;
    }
    return Math.min(this.#max, Math.max(this.#min, middleOf(bucket)));
  }
}

/** Bucket 0 holds what is below a nanosecond; linear steps inside each doubling. */
function bucketOf(gap: number): number {
  if (!(gap >= 2 ** LOWEST_EXPONENT)) return 0;
  const exponent = Math.min(HIGHEST_EXPONENT - 1, Math.floor(Math.log2(gap)));
  const step = Math.floor((gap / 2 ** exponent - 1) * STEPS);
  // log2 rounds near a power of two, so the step can fall just outside its doubling.
  const inside = Math.min(STEPS - 1, Math.max(0, step));
  return 1 + (exponent - LOWEST_EXPONENT) * STEPS + inside;
}

function middleOf(bucket: number): number {
  if (bucket === 0) return 0;
  const exponent = Math.floor((bucket - 1) / STEPS) + LOWEST_EXPONENT;
  return 2 ** exponent * (1 + (((bucket - 1) % STEPS) + 0.5) / STEPS);
}
