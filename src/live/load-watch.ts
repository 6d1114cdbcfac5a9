/** Looks at a load from time to time, and remembers what of it rates and means are made of. */

/** What is looked at. */
export interface Counted {
  readonly done: number;
  readonly inFlight: number;
  readonly outputTokens: number;
}

interface Look {
  /** Milliseconds on this process's clock. */
  readonly at: number;
  readonly begun: number;
  readonly tokens: number;
}

/** Looks closer than this to the one before are none: several views may ask for the same load. */
const CLOSEST_MS = 200;
/** A rate follows its target within so long; tokens are counted when requests end, and come in lumps. */
const RATE_WINDOW_MS = 10_000;
const TOKEN_WINDOW_MS = 30_000;

export class LoadWatch {
  readonly #looks: Look[] = [];
  #held = { sum: 0, time: 0, full: false };
  /** Most in flight that was seen. */
  peak = 0;

  /** `asked`: most in flight, and no more than there are cases. `total`: cases, where their number ends the load. */
  look(at: number, { done, inFlight, outputTokens }: Counted, asked: number, total = Infinity): void {
    const before = this.#looks.at(-1);
    if (before !== undefined && at - before.at < CLOSEST_MS) return;
    const begun = done + inFlight;
    this.peak = Math.max(this.peak, inFlight);
    if (before !== undefined && this.#held.full && begun < total) {
      this.#held.sum += inFlight * (at - before.at);
      this.#held.time += at - before.at;
    }
    this.#held.full ||= inFlight >= asked;
    // Until the first case begins there is no rate that could be late.
    if (begun === 0) this.#looks.length = 0;
    this.#looks.push({ at, begun, tokens: outputTokens });
    while (this.#looks.length > 2 && at - this.#looks[1]!.at >= TOKEN_WINDOW_MS) this.#looks.shift();
  }

  /** Cases that began, a second. */
  rate(): number | undefined {
    return this.#perSecond(RATE_WINDOW_MS, ({ begun }) => begun);
  }

  /** Output tokens of requests that ended, a second. */
  tokensPerSecond(): number | undefined {
    return this.#perSecond(TOKEN_WINDOW_MS, ({ tokens }) => tokens);
  }

  /** Time-weighted number in flight between filling the slots and draining them; undefined before that. */
  heldConcurrency(): number | undefined {
    const { sum, time } = this.#held;
    return time > 0 ? sum / time : undefined;
  }

  #perSecond(window: number, of: (look: Look) => number): number | undefined {
    const last = this.#looks.at(-1);
    if (last === undefined) return undefined;
    const from = this.#looks.findLast(({ at }) => last.at - at >= window) ?? this.#looks[0]!;
    return last.at > from.at ? ((of(last) - of(from)) * 1000) / (last.at - from.at) : undefined;
  }
}
