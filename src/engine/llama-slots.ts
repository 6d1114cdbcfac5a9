import type { LlamaSequence, Token } from '../models/local/llama-peer.ts';
import type { Load } from './types.ts';

interface Waiter {
  readonly tokens: readonly Token[];
  readonly give: (sequence: LlamaSequence | undefined) => void;
}

/** The sequences of a context. Who finds none free waits, first come, first served. */
export class LlamaSlots {
  readonly #free: LlamaSequence[];
  readonly #size: number;
  readonly #waiting = new Set<Waiter>();

  constructor(sequences: readonly LlamaSequence[]) {
    this.#free = [...sequences];
    this.#size = sequences.length;
  }

  load(): Load {
    return { running: this.#size - this.#free.length, waiting: this.#waiting.size };
  }

  /**
   * The free sequence that already holds the longest beginning of `tokens`, so that examples that prompts share are read
   * once, as servers with a prefix cache do. Undefined when the signal is aborted first.
   */
  take(tokens: readonly Token[], signal: AbortSignal): Promise<LlamaSequence | undefined> {
    if (signal.aborted) return Promise.resolve(undefined);
    if (this.#free.length > 0) return Promise.resolve(this.#takeBest(tokens));
    return new Promise((resolve) => {
      const abort = (): void => waiter.give(undefined);
      const waiter: Waiter = {
        tokens,
        give: (sequence) => {
          this.#waiting.delete(waiter);
          signal.removeEventListener('abort', abort);
          resolve(sequence);
        },
      };
      this.#waiting.add(waiter);
      signal.addEventListener('abort', abort);
    });
  }

  giveBack(sequence: LlamaSequence): void {
    this.#free.push(sequence);
    const [next] = this.#waiting;
    next?.give(this.#takeBest(next.tokens));
  }

  #takeBest(tokens: readonly Token[]): LlamaSequence {
    const held = this.#free.map((sequence) => sequence.compareContextTokens(tokens).firstDifferentIndex);
    const best = held.indexOf(Math.max(...held));
    return this.#free.splice(best, 1)[0]!;
  }
}
