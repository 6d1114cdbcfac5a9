import type { Finish, Sampling, Sink } from './engine.ts';

/** Turns an engine's tokens into pieces: counts them, and knows when a reply is over. */
export class ReplyWriter {
  readonly #sampling: Sampling;
  readonly #sink: Sink;
  readonly #filter: StopFilter;
  #tokens = 0;

  constructor(sampling: Sampling, sink: Sink) {
    this.#sampling = sampling;
    this.#sink = sink;
    this.#filter = new StopFilter(sampling.stop, sampling.keepStop);
  }

  /** True while the end of text must be passed over. */
  get mustGoOn(): boolean {
    return this.#sampling.ignoreEos || this.#tokens < this.#sampling.minTokens;
  }

  /** True when the next token is the last one that `maxTokens` allows. */
  get atLastToken(): boolean {
    return this.#tokens + 1 >= this.#sampling.maxTokens;
  }

  /** Writes one token; true when the reply ends with it. */
  token(text: string): boolean {
    this.#tokens++;
    const mayStop = this.#tokens > this.#sampling.minTokens;
    const { text: ready, stop } = mayStop ? this.#filter.push(text) : { text, stop: null };
    if (stop !== null) return this.#last(ready, 1, { reason: 'stop', stop });
    if (this.#tokens >= this.#sampling.maxTokens) {
      return this.#last(ready + this.#filter.flush(), 1, { reason: 'length', stop: null });
    }
    this.#sink({ text: ready, tokens: 1, finish: undefined });
    return false;
  }

  /** Ends the reply because the text is over. `tokens`: 1 when an end-of-text token was generated, which counts. */
  endOfText(tokens: 0 | 1): void {
    this.#last(this.#filter.flush(), tokens, { reason: 'stop', stop: null });
  }

  #last(text: string, tokens: number, finish: Finish): true {
    this.#sink({ text, tokens, finish });
    return true;
  }
}

/** What a filter lets through of a piece. */
export interface Filtered {
  /** Text that may be shown now. */
  readonly text: string;
  /** The stop string that ended the text, or null. */
  readonly stop: string | null;
}

/**
 * Finds stop strings in a text that arrives in pieces. Text that may still become a stop string is held back, so a
 * client never sees the beginning of one.
 */
export class StopFilter {
  readonly #stops: readonly string[];
  readonly #keepStop: boolean;
  #held = '';

  /** `keepStop`: show the stop string itself too (vLLM's `include_stop_str_in_output`). */
  constructor(stops: readonly string[], keepStop: boolean) {
    this.#stops = stops.filter((stop) => stop !== '');
    this.#keepStop = keepStop;
  }

  push(text: string): Filtered {
    if (this.#stops.length === 0) return { text, stop: null };
    const seen = this.#held + text;
    const found = this.#earliest(seen);
    if (found !== undefined) {
      this.#held = '';
      return { text: seen.slice(0, found.at + (this.#keepStop ? found.stop.length : 0)), stop: found.stop };
    }
    const ready = seen.length - this.#unfinished(seen);
    this.#held = seen.slice(ready);
    return { text: seen.slice(0, ready), stop: null };
  }

  /** What was held back, when the text ended without a stop string. */
  flush(): string {
    const held = this.#held;
    this.#held = '';
    return held;
  }

  #earliest(seen: string): { at: number; stop: string } | undefined {
    let best: { at: number; stop: string } | undefined;
    for (const stop of this.#stops) {
      const at = seen.indexOf(stop);
      if (at >= 0 && (best === undefined || at < best.at)) best = { at, stop };
    }
    return best;
  }

  /** Length of the longest end of `seen` with which a stop string begins. */
  #unfinished(seen: string): number {
    let longest = 0;
    for (const stop of this.#stops) {
      for (let length = Math.min(stop.length - 1, seen.length); length > longest; length--) {
        if (seen.endsWith(stop.slice(0, length))) longest = length;
      }
    }
    return longest;
  }
}
