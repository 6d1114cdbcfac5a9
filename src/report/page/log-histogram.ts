/** Below it every value counts as zero: a nanosecond, in milliseconds. */
const LOWEST = -20;
const DOUBLINGS = 50;

/** Counts of times in logarithmic buckets: little memory for many values, each known to 0.7 / `steps` of itself. */
export class LogHistogram {
  readonly #counts: Float64Array;
  readonly #steps: number;
  #length = 0;

  /** `steps`: buckets a doubling. */
  constructor(steps: number) {
    this.#steps = steps;
    this.#counts = new Float64Array(1 + DOUBLINGS * steps);
  }

  get length(): number {
    return this.#length;
  }

  /** `log2` of a value of 0 or more, in milliseconds. */
  pushLog2(log2: number): void {
    const step = Math.floor((log2 - LOWEST) * this.#steps);
    const bucket = step >= 0 ? Math.min(this.#counts.length - 1, 1 + step) : 0;
    this.#counts[bucket] = this.#counts[bucket]! + 1;
    this.#length++;
  }

  /** The values at these shares (0..1, ascending): the middle of the bucket in which each lies. Empty when nothing was counted. */
  quantiles(shares: readonly number[]): number[] {
    if (this.#length === 0) return [];
    let bucket = 0;
    let seen = this.#counts[0]!;
    return shares.map((share) => {
      const rank = Math.min(this.#length, Math.max(1, Math.ceil(share * this.#length)));
      while (seen < rank) seen += this.#counts[++bucket]!;
      return bucket === 0 ? 0 : 2 ** (LOWEST + (bucket - 0.5) / this.#steps);
    });
  }
}
