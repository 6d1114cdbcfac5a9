/**
 * One queue for all streams of the process. What was read is parsed later, in batches and a little at a time, so that neither
 * a slow parser nor a burst delays a stamp. Only when more waits than memory should hold is it parsed on the spot.
 */

/** Parses what one read brought, if it is still waiting and can be parsed now. */
export interface LateParser {
  parseNext(): void;
}

/** A batch of this many reads is parsed as soon as the sockets that are ready have been read; a smaller one waits, ms. */
const BATCH = 64;
const WAIT_MS = 4;
/** Parsing goes on for so long before sockets are looked at again, ms. */
const SLICE_MS = 0.2;
/** Characters that are parsed before the clock is read. */
const CLOCK_EVERY = 8192;
/** Characters that may wait. */
const WAITING_LIMIT = 8 * 1024 * 1024;

class LateParsing {
  #parsers: LateParser[] = [];
  #sizes: number[] = [];
  #next = 0;
  #waiting = 0;
  #immediate = false;
  #waits = false;
  #timer: NodeJS.Timeout | undefined;
  readonly #run = (): void => this.#slice();
  readonly #timeUp = (): void => {
    this.#waits = false;
    if (!this.#immediate && this.#parsers.length > 0) this.#slice();
  };

  /** `parser` has `size` more characters to parse. */
  add(parser: LateParser, size: number): void {
    this.#parsers.push(parser);
    this.#sizes.push(size);
    this.#waiting += size;
    if (this.#waiting > WAITING_LIMIT) this.#parseDownTo(WAITING_LIMIT / 2);
    if (this.#immediate) return;
    if (this.#parsers.length - this.#next >= BATCH || this.#waiting >= CLOCK_EVERY) this.#soon();
    else if (!this.#waits) this.#wait();
  }

  #soon(): void {
    this.#immediate = true;
    setImmediate(this.#run);
  }

  /** One timer at a time, and it is left to run out: setting one anew for every batch would cost more than it saves. */
  #wait(): void {
    this.#waits = true;
    if (this.#timer === undefined) this.#timer = setTimeout(this.#timeUp, WAIT_MS);
    else this.#timer.refresh();
  }

  #slice(): void {
    this.#immediate = false;
    const end = performance.now() + SLICE_MS;
    let unclocked = 0;
    while (this.#next < this.#parsers.length) {
      unclocked += this.#parseOne();
      if (unclocked < CLOCK_EVERY) continue;
      unclocked = 0;
      if (performance.now() >= end) break;
    }
    this.#forgetParsed();
    if (this.#parsers.length > 0 && !this.#immediate) this.#soon();
  }

  #parseDownTo(limit: number): void {
    while (this.#waiting > limit) this.#parseOne();
    this.#forgetParsed();
  }

  #parseOne(): number {
    const n = this.#next++;
    const size = this.#sizes[n]!;
    this.#waiting -= size;
    this.#parsers[n]!.parseNext();
    return size;
  }

  #forgetParsed(): void {
    if (this.#next === this.#parsers.length) {
      this.#parsers.length = 0;
      this.#sizes.length = 0;
      this.#next = 0;
    } else if (this.#next >= 1024) {
      this.#parsers.splice(0, this.#next);
      this.#sizes.splice(0, this.#next);
      this.#next = 0;
    }
  }
}

/** Streams share the event loop, so they share the queue. */
export const lateParsing = new LateParsing();
