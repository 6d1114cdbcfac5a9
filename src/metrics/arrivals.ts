/** Bins of a run: more than a screen is wide, few enough to forget. */
const BINS = 4096;

/**
 * Tokens by the instant at which they arrived, in equal bins that double their width when the run outgrows them: any
 * window that begins and ends with a bin can be told how many tokens arrived inside it.
 */
export class Arrivals {
  readonly #tokens = new Float64Array(BINS);
  #width: number;
  #total = 0;

  /** `width`: of a bin at first, milliseconds. */
  constructor(width = 1) {
    this.#width = width;
  }

  /** Width of a bin now, milliseconds. */
  get width(): number {
    return this.#width;
  }

  get total(): number {
    return this.#total;
  }

  /** `at`: milliseconds from the start of the run. */
  add(at: number, tokens: number): void {
    const time = Math.max(0, at);
    while (time >= BINS * this.#width) this.#double();
    const bin = Math.floor(time / this.#width);
    this.#tokens[bin] = this.#tokens[bin]! + tokens;
    this.#total += tokens;
  }

  /** Tokens that arrived from the bin that begins at `from` up to the bin that begins at `to`, without it. */
  between(from: number, to: number): number {
    let sum = 0;
    const end = Math.min(BINS, Math.round(to / this.#width));
    for (let bin = Math.max(0, Math.round(from / this.#width)); bin < end; bin++) sum += this.#tokens[bin]!;
    return sum;
  }

  #double(): void {
    for (let bin = 0; bin < BINS / 2; bin++) {
      this.#tokens[bin] = this.#tokens[2 * bin]! + this.#tokens[2 * bin + 1]!;
    }
    this.#tokens.fill(0, BINS / 2);
    this.#width *= 2;
  }
}
