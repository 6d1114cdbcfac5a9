import { StopFilter } from './stop-filter.ts';
import type { Finish, Sampling, Sink } from './types.ts';

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
