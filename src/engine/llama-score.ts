import { logprobOf, nextLogits } from '../models/local/llama-loss.ts';
import type { LlamaModel, NextLogits, Token } from '../models/local/llama-peer.ts';
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
    await sequence.clearHistory();
    const asked = ids.map((id, index) => ({ id, next: ids[index + 1] }));
    const places = await nextLogits(sequence, asked, best);
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

function score(model: LlamaModel, next: NextLogits, id: Token, best: number): ScoredToken['score'] {
  const ranked = [...(next.logits ?? [])].sort(([, one], [, other]) => other - one);
  const candidates = ranked.slice(0, Math.max(1, best)).map(
    ([token]): Candidate => ({
      id: token,
      text: model.detokenize([token], false, []),
      logprob: logprobOf(next, token),
    }),
  );
  const place = candidates.findIndex((candidate) => candidate.id === id);
  return {
    logprob: logprobOf(next, id),
    rank: place < 0 ? undefined : place + 1,
    best: candidates.slice(0, best),
  };
}
