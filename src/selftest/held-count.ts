/** Requests in flight over time, as the server sees them. */
export class HeldCount {
  #live = 0;
  #area = 0;
  #at = 0;
  /** When most were in flight for the first time, and when the last one came, with the area up to then. */
  #full = { at: 0, area: 0 };
  #lastCame = { at: 0, area: 0 };
  peak = 0;

  change(by: 1 | -1): void {
    const at = performance.now();
    this.#area += this.#live * (at - this.#at);
    this.#at = at;
    this.#live += by;
    if (by < 0) return;
    this.#lastCame = { at, area: this.#area };
    if (this.#live <= this.peak) return;
    this.peak = this.#live;
    this.#full = this.#lastCame;
  }

  /** While there was load to hold: from the first moment with most in flight to the last request's coming; 0 where that is no time. */
  get mean(): number {
    const span = this.#lastCame.at - this.#full.at;
    return span > 0 ? (this.#lastCame.area - this.#full.area) / span : 0;
  }
}
