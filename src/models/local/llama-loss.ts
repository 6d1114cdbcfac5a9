/** How likely a text is, from the logits of llama.cpp. */
import type { PromptLoss, ScoreArgs } from '../../contract/base-model.ts';
import type { LlamaSequence, LlamaToken, LoadedLlama, NextLogits } from './llama-load.ts';

/** Texts that are scored together, one a sequence at most. Throws the signal's reason, and for a text of one token. */
export async function scoreTogether(
  { sequences, batchTokens }: Pick<LoadedLlama, 'sequences' | 'batchTokens'>,
  texts: readonly (readonly LlamaToken[])[],
  { signal }: ScoreArgs,
): Promise<readonly PromptLoss[]> {
  const short = texts.find((ids) => ids.length < 2);
  if (short !== undefined) throw new Error('a text of one token has no perplexity: nothing comes before it');
  await Promise.all(texts.map((_, index) => sequences[index]!.clearHistory()));
  const sums = texts.map(() => 0);
  const longest = Math.max(0, ...texts.map((ids) => ids.length));
  const part = Math.max(1, Math.floor(batchTokens / Math.max(1, texts.length)));
  // The last token only has a score, it predicts nothing.
  for (let from = 0; from < longest - 1; from += part) {
    signal.throwIfAborted();
    await Promise.all(
      texts.map(async (ids, index) => {
        const logprobs = await tokenLogprobs(sequences[index]!, ids, from, from + part);
        for (const logprob of logprobs) sums[index]! += logprob;
      }),
    );
  }
  return texts.map((ids, index) => ({ loss: -sums[index]! / (ids.length - 1), tokens: ids.length - 1 }));
}

/** The log probability of each token that follows one of the tokens from `from` to before `to`. */
async function tokenLogprobs(
  sequence: LlamaSequence,
  ids: readonly LlamaToken[],
  from: number,
  to: number,
): Promise<number[]> {
  const context = ids.slice(from, Math.min(to, ids.length - 1));
  if (context.length === 0) return [];
  const places = await nextLogits(
    sequence,
    context.map((id, index) => ({ id, next: ids[from + index + 1] })),
    1,
  );
  return places.map((place, index) => computeLogprob(place!, ids[from + index + 1]!));
}

/**
 * What the model expects after each token: the logits of the token that does follow and of the `best` likeliest ones. Only the
 * logits that are looked at leave the library.
 */
export async function nextLogits(
  sequence: LlamaSequence,
  requested: readonly { readonly id: LlamaToken; readonly next: LlamaToken | undefined }[],
  best: number,
): Promise<readonly (NextLogits | undefined)[]> {
  const options = { temperature: 1, topK: 0, topP: 1, minP: 0 };
  const places = await sequence.controlledEvaluate(
    requested.map(({ id, next }) => {
      // Always request the top one: the total weight is relative to it (and `includeMax` alone returns nothing).
      const filter = { tokens: next === undefined ? [] : [next], includeTop: Math.max(1, best) };
      return [id, { generateNext: { logits: { filter }, totalLogitWeight: true, options } }] as const;
    }),
  );
  return places.map((place) => place?.next);
}

/** Computes the log of a token's probability; -∞ where its logit was not requested. */
export function computeLogprob(
  { logits = new Map(), totalLogitWeight = 1 }: NextLogits,
  id: LlamaToken,
): number {
  const highest = Math.max(...logits.values());
  return (logits.get(id) ?? Number.NEGATIVE_INFINITY) - highest - Math.log(totalLogitWeight);
}
