/** How well a model expects a text: natural logarithms throughout. */
export interface PromptScore {
  /** Mean negative log likelihood of a token, in nats: AISBench's `ppl`. */
  readonly loss: number;
  /** exp(loss), what others call perplexity. The order of both is the same. */
  readonly perplexity: number;
  /** Tokens that the mean is over: all of the prompt but the first, which nothing precedes; absent where no count is known. */
  readonly tokens?: number;
}

/**
 * The score of a prompt from the log probability of each of its tokens; null where the service gives none, which is left
 * out. Undefined when nothing is left. Throws a TypeError for anything that is no log probability.
 */
export function scorePrompt(logprobs: readonly (number | null)[]): PromptScore | undefined {
  let sum = 0;
  let tokens = 0;
  for (const logprob of logprobs) {
    if (logprob === null) continue;
    if (typeof logprob !== 'number' || Number.isNaN(logprob)) {
      throw new TypeError(`${JSON.stringify(logprob)} is no log probability`);
    }
    sum += logprob;
    tokens += 1;
  }
  if (tokens === 0) return undefined;
  const loss = -sum / tokens;
  return { loss, perplexity: Math.exp(loss), tokens };
}

/** The first of the items with the lowest loss; undefined when there are none. */
export function leastLoss<T extends { readonly loss: number }>(items: readonly T[]): T | undefined {
  return items.reduce<T | undefined>(
    (best, item) => (best === undefined || item.loss < best.loss ? item : best),
    undefined,
  );
}
