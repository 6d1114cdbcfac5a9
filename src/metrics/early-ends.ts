/** Finish reasons of answers that the service broke off by itself, as services write them. */
const BROKEN_OFF = new Set([
  'content_filter',
  'abort',
  'aborted',
  'cancelled',
  'canceled',
  'error',
  'incomplete',
  'network_error',
  'repetition',
  'sensitive',
]);

/** Counts answers that ended neither by themselves nor at the limit of tokens. */
export class EarlyEnds {
  readonly #counts = new Map<string, number>();

  add(finishReason: string | undefined): void {
    if (finishReason === undefined || !BROKEN_OFF.has(finishReason)) return;
    this.#counts.set(finishReason, (this.#counts.get(finishReason) ?? 0) + 1);
  }

  /** Answers by finish reason, the most frequent first. */
  counts(): readonly (readonly [finishReason: string, count: number])[] {
    return [...this.#counts].sort((a, b) => b[1] - a[1]);
  }
}
