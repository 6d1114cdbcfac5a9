import type { RunRecord } from '../contract/record.ts';
import { Series, type Stats } from './stats.ts';

/** The batches that a local model answered; a batch is what began and ended together. */
export interface BatchSummary {
  readonly count: number;
  /** Prompts in a batch, failed ones too. */
  readonly meanSize: number;
  /** From a batch's beginning to its end, milliseconds. */
  readonly latency: Stats;
}

/** Counts batches as their records come, those of one batch one after the other. */
export class Batches {
  readonly #latency = new Series();
  #prompts = 0;
  #last = '';

  add({ times: { sent, done } }: RunRecord): void {
    if (sent === undefined || done === undefined) return;
    this.#prompts += 1;
    const batch = `${sent} ${done}`;
    if (batch === this.#last) return;
    this.#last = batch;
    this.#latency.push(done - sent);
  }

  summary(): BatchSummary | undefined {
    const latency = this.#latency.stats();
    if (latency === undefined) return undefined;
    return { count: this.#latency.length, meanSize: this.#prompts / this.#latency.length, latency };
  }
}
