import type { OkRecord } from '../contract/record.ts';

/** What the service's prefix cache had of the prompts, as its replies say. */
export interface CachedTokens {
  /** Answers whose reply told it. */
  readonly answers: number;
  /** Their prompt tokens that came from the cache. */
  readonly tokens: number;
  /** The same as a share of all their prompt tokens. */
  readonly share: number;
}

/** Adds up what replies say of the prefix cache. */
export class CacheTally {
  #answers = 0;
  #cached = 0;
  #input = 0;

  add({ cachedTokens, inputTokens }: OkRecord): void {
    if (cachedTokens === undefined || inputTokens === undefined) return;
    this.#answers++;
    this.#cached += cachedTokens;
    this.#input += inputTokens.value;
  }

  /** Undefined: no reply tells it. */
  summary(): CachedTokens | undefined {
    if (this.#answers === 0) return undefined;
    const share = this.#input > 0 ? this.#cached / this.#input : 0;
    return { answers: this.#answers, tokens: this.#cached, share };
  }
}
