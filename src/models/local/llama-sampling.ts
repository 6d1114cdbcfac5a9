import { randomInt } from 'node:crypto';
import type { Token } from './llama-peer.ts';

export interface LlamaSampling {
  /** 0: always the likeliest token. */
  readonly temperature: number;
  /** 0: all tokens. */
  readonly topK: number;
  readonly topP: number;
  readonly minP: number;
  /** Undefined: another one for every answer. */
  readonly seed: number | undefined;
  /** Factor on tokens that the prompt or the answer has already; 1 changes nothing. */
  readonly repetitionPenalty: number;
  readonly frequencyPenalty: number;
  readonly presencePenalty: number;
  /** Go on behind the end of the text. */
  readonly ignoreEos: boolean;
}

/** The same in node-llama-cpp's words, for an answer of at most `maxOutLen` tokens that has `answered` so far. */
export function evaluateOptions(
  sampling: LlamaSampling,
  prompt: readonly Token[],
  answered: readonly Token[],
  maxOutLen: number,
): object {
  const { temperature, topK, topP, minP, seed = randomInt(2 ** 32) } = sampling;
  const repeatPenalty = penalties(sampling, prompt, answered);
  return {
    ...{ temperature, topK, topP, minP, seed, yieldEogToken: true },
    // Room for all of them from the start: where it grows, the sampler is made anew.
    ...(repeatPenalty && {
      repeatPenalty: { ...repeatPenalty, maxPunishTokens: prompt.length + maxOutLen },
    }),
  };
}

function penalties(
  { repetitionPenalty: penalty, frequencyPenalty, presencePenalty }: LlamaSampling,
  prompt: readonly Token[],
  answered: readonly Token[],
): object | undefined {
  if (penalty !== 1) return { penalty, punishTokens: () => [...prompt, ...answered] };
  if (frequencyPenalty === 0 && presencePenalty === 0) return undefined;
  return { penalty, frequencyPenalty, presencePenalty, punishTokens: () => answered };
}
