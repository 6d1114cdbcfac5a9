/**
 * The ends of all replies of the process take turns. What an end brings with it (the rest of the reply to parse, its record, the next
 * request) takes longer than many reads: where hundreds end together, the other streams' stamps would wait for all of them.
 */

/** Ends follow one another for so long in a turn of the event loop, ms; then the sockets are looked at. */
const SLICE_MS = 1;

class LateEnds {
  readonly #waiting: (() => void)[] = [];
  /** When the slice of this turn is over; 0 where none has begun. */
  #sliceEnd = 0;
  #isBusy = false;

  /** Resolves at once, or in a later turn of the event loop where this one has seen enough ends. */
  turn(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (this.#isBusy) return;
      if (this.#sliceEnd === 0) this.#begin();
      else if (performance.now() < this.#sliceEnd) this.#one();
    });
  }

  #begin(): void {
    this.#sliceEnd = performance.now() + SLICE_MS;
    setImmediate(this.#nextTurn);
    this.#one();
  }

  readonly #nextTurn = (): void => {
    this.#sliceEnd = 0;
    if (this.#waiting.length > 0) this.#begin();
  };

  #one(): void {
    this.#isBusy = true;
    this.#waiting.shift()!();
    queueMicrotask(this.#afterMicrotasks);
  }

  /** A tick that a microtask asks for comes after all that the end set going: only then is it known how long that took. */
  readonly #afterMicrotasks = (): void => process.nextTick(this.#afterOne);

  readonly #afterOne = (): void => {
    this.#isBusy = false;
    if (this.#waiting.length > 0 && performance.now() < this.#sliceEnd) this.#one();
  };
}

/** Replies share the event loop, so their ends share the queue. */
export const lateEnds = new LateEnds();
