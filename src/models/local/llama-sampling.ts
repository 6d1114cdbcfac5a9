import { randomInt } from 'node:crypto';
import { z } from 'zod';
import type { Token } from './llama-peer.ts';

/** `generation_kwargs` of a GGUF model: transformers' and vLLM's names. A null is as good as nothing. */
export const samplingKwargs = z
  .strictObject({
    do_sample: z.boolean().nullish(),
    temperature: z.number().min(0).nullish(),
    top_k: z.int().min(-1).nullish(),
    top_p: z.number().positive().max(1).nullish(),
    min_p: z.number().min(0).max(1).nullish(),
    seed: z.int().min(0).max(0xffff_ffff).nullish(),
    repetition_penalty: z.number().positive().nullish(),
    frequency_penalty: z.number().min(-2).max(2).nullish(),
    presence_penalty: z.number().min(-2).max(2).nullish(),
    ignore_eos: z.boolean().nullish(),
    stop_token_ids: z.array(z.int()).nullish(),
  })
  .refine(({ repetition_penalty, frequency_penalty, presence_penalty }) => {
    const counts = (frequency_penalty ?? 0) !== 0 || (presence_penalty ?? 0) !== 0;
    return !counts || (repetition_penalty ?? 1) === 1;
  }, 'repetition_penalty looks at the prompt too and the other penalties do not: they cannot be used together');

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

/** Greedy unless a temperature above 0 is given, or `do_sample` alone, which means 1. Nothing else is on by itself. */
export function llamaSampling(kwargs: z.output<typeof samplingKwargs>): LlamaSampling {
  const { do_sample, temperature, top_k, seed } = kwargs;
  return {
    temperature: do_sample === false ? 0 : (temperature ?? (do_sample ? 1 : 0)),
    topK: Math.max(0, top_k ?? 0),
    topP: kwargs.top_p ?? 1,
    minP: kwargs.min_p ?? 0,
    seed: seed ?? undefined,
    repetitionPenalty: kwargs.repetition_penalty ?? 1,
    frequencyPenalty: kwargs.frequency_penalty ?? 0,
    presencePenalty: kwargs.presence_penalty ?? 0,
    ignoreEos: kwargs.ignore_eos ?? false,
  };
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
