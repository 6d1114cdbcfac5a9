/** Requests in flight over time, as the server sees them. */
export class HeldCount {
  #live = 0;
  #area = 0;
  #first: number | undefined;
  #last = 0;
  peak = 0;

  change(by: 1 | -1): void {
    const at = performance.now();
    if (this.#first === undefined) this.#first = at;
    else this.#area += this.#live * (at - this.#last);
    this.#last = at;
    this.#live += by;
    this.peak = Math.max(this.peak, this.#live);
  }

  /** From the first change to the last; 0 before there are two. */
  get mean(): number {
    const span = this.#last - (this.#first ?? this.#last);
    return span > 0 ? this.#area / span : 0;
  }
}
