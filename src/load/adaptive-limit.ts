/** What one request came to, as far as the limit is concerned; ms on the run's clock. */
export interface Experience {
  readonly sent: number;
  readonly done: number;
  /** The service was asked for more than it could do. */
  readonly isTrouble: boolean;
}

/**
 * How many cases may be in flight, found out while they go (additive increase, multiplicative decrease): half as many once the
 * service is in trouble, one more after each round of good answers, never above the ceiling. Begins at the ceiling. Pure: times
 * are handed in.
 */
export class AdaptiveLimit {
  #limit: number;
  #ceiling: number;
  #halvedAt = Number.NEGATIVE_INFINITY;

  /** Ceilings are at least 1. */
  constructor(ceiling: number) {
    this.#ceiling = ceiling;
    this.#limit = ceiling;
  }

  /** Whole, from 1 to the ceiling. */
  get slots(): number {
    return Math.max(1, Math.floor(this.#limit + ROUNDING));
  }

  get ceiling(): number {
    return this.#ceiling;
  }

  /** A limit that was never in trouble, or has recovered, goes with its ceiling. */
  set ceiling(ceiling: number) {
    const isFull = this.#limit === this.#ceiling;
    this.#ceiling = ceiling;
    this.#limit = isFull ? ceiling : Math.min(this.#limit, ceiling);
  }

  learn({ sent, done, isTrouble }: Experience): void {
    if (!isTrouble) {
      this.#limit = Math.min(this.#ceiling, this.#limit + 1 / this.slots);
      return;
    }
    // What was sent before the last halving tells of the load that was halved.
    if (sent < this.#halvedAt) return;
    this.#limit = Math.max(1, Math.floor(this.slots / 2));
    this.#halvedAt = done;
  }
}

/** n times 1/n is not quite 1. */
const ROUNDING = 1e-9;
