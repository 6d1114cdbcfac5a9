import type { LlamaModel, LlamaSequence, NextLogits, Token } from './llama-peer.ts';
import type { LlamaSlots } from './llama-slots.ts';
import type { Candidate, ScoredToken } from './types.ts';

/** How likely each token of a text is after those before it; empty once the signal is aborted. */
export async function scoreTokens(
  model: LlamaModel,
  pool: LlamaSlots,
  ids: readonly Token[],
  best: number,
  signal: AbortSignal,
): Promise<readonly ScoredToken[]> {
  const sequence = await pool.take([], signal);
  if (sequence === undefined) return [];
  try {
    const places = await evaluate(sequence, ids, best);
    const textOf = (index: number) =>
      model.detokenize([ids[index]!], false, ids.slice(Math.max(0, index - 4), index));
    return ids.map((id, index) => {
      const place = index === 0 ? undefined : places[index - 1];
      return { id, text: textOf(index), score: place && score(model, place, id, best) };
    });
  } finally {
    pool.giveBack(sequence);
  }
}

/** What the model expects after each token but the last. Only the logits that are looked at leave the library. */
async function evaluate(
  sequence: LlamaSequence,
  ids: readonly Token[],
  best: number,
): Promise<readonly (NextLogits | undefined)[]> {
  await sequence.clearHistory();
  const options = { temperature: 1, topK: 0, topP: 1, minP: 0 };
  const asked = ids.map((id, index) => {
    const next = ids[index + 1];
    // The top one is always wanted: the total weight is told relative to it (and `includeMax` alone brings nothing).
    const filter = { tokens: next === undefined ? [] : [next], includeTop: Math.max(1, best) };
    return [id, { generateNext: { logits: { filter }, totalLogitWeight: true, options } }] as const;
  });
  const places = await sequence.controlledEvaluate(asked);
  return places.map((place) => place?.next);
}

function score(model: LlamaModel, next: NextLogits, id: Token, best: number): ScoredToken['score'] {
  const { logits = new Map<Token, number>(), totalLogitWeight = 1 } = next;
  const ranked = [...logits].sort(([, one], [, other]) => other - one);
  const highest = ranked[0]![1];
  const logprobOf = (logit: number) => logit - highest - Math.log(totalLogitWeight);
  const candidates = ranked.slice(0, Math.max(1, best)).map(
    ([token, logit]): Candidate => ({
      id: token,
      text: model.detokenize([token], false, []),
      logprob: logprobOf(logit),
    }),
  );
  const place = candidates.findIndex((candidate) => candidate.id === id);
  return {
    logprob: logprobOf(logits.get(id) ?? Number.NEGATIVE_INFINITY),
    rank: place < 0 ? undefined : place + 1,
    best: candidates.slice(0, best),
  };
}
