import { z } from 'zod';
import type { LocalModelOptions } from '../../contract/base-model.ts';
import { AisBenchError } from '../../contract/errors.ts';
import type { LlamaSampling } from './llama-batch.ts';
import { defaultThreads, type LlamaLoadOptions } from './llama-load.ts';
import type { CutMode } from './llama-prompt.ts';
import { pythonOptions } from './python-options.ts';

/** `generation_kwargs` of a GGUF model: transformers' and vLLM's names. A null is as good as nothing. */
const samplingKwargs = z
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

export interface LlamaSettings {
  readonly loading: LlamaLoadOptions;
  readonly mode: CutMode;
  /** An answer is cut before the first of them. */
  readonly stopWords: readonly string[];
  /** Tokens that end an answer, beside the model's own. */
  readonly stopTokens: readonly number[];
  /** Keep what was computed of a prompt for the next one that begins alike. */
  readonly prefixCache: boolean;
  readonly sampling: LlamaSampling;
}

/** Keys of the config beside those of every local model (`docs/local-models.md`). */
const keys = z.strictObject({
  gpu: z.union([z.literal(false), z.enum(['auto', 'cuda', 'vulkan', 'metal'])]).default('auto'),
  threads: z.int().positive().default(defaultThreads),
  mode: z.enum(['none', 'mid']).default('none'),
  drop_middle: z.boolean().default(false),
  stop_words: z.union([z.string().transform((word) => [word]), z.array(z.string())]).default([]),
  stop_token_ids: z.array(z.int()).default([]),
  end_str: z.string().optional(),
  prefix_cache: z.boolean().default(true),
  generation_kwargs: samplingKwargs,
});

/** Keys that are read from the options, or have nothing to decide here. */
const ELSEWHERE = new Set([
  ...['path', 'max_out_len', 'batch_size', 'max_seq_len', 'tokenizer_only', 'meta_template', 'sync_rank'],
]);

/** Reads the options of a GGUF model. Throws UTILS-CFG-002 for a key or a value that it does not know. */
export function llamaSettings(options: LocalModelOptions): LlamaSettings {
  const given = Object.entries(pythonOptions(options)).filter(
    ([key, value]) => !ELSEWHERE.has(key) && value !== null,
  );
  const read = keys.safeParse(Object.fromEntries(given));
  if (!read.success) throw wrong(read.error.issues[0]!);
  const { gpu, threads, end_str, stop_words, stop_token_ids, generation_kwargs, ...rest } = read.data;
  return {
    loading: {
      gguf: options.path,
      gpu,
      threads,
      sequences: options.batchSize,
      contextLength: options.maxSeqLen,
      vocabOnly: options.tokenizerOnly,
    },
    mode: rest.drop_middle ? 'mid' : rest.mode,
    stopWords: [...stop_words, end_str ?? ''].filter((word) => word !== ''),
    stopTokens: [...stop_token_ids, ...(generation_kwargs.stop_token_ids ?? [])],
    prefixCache: rest.prefix_cache,
    sampling: llamaSampling(generation_kwargs),
  };
}

function wrong(issue: z.core.$ZodIssue): AisBenchError {
  const key = issue.path.join('.');
  const isUnknown = issue.code === 'unrecognized_keys';
  const known = issue.path[0] === 'generation_kwargs' ? samplingKwargs.shape : keys.shape;
  return new AisBenchError('UTILS-CFG-002', `a GGUF model's options: ${key && `${key}: `}${issue.message}`, {
    where: isUnknown ? issue.keys.join(', ') : key,
    cure: isUnknown ? `choose among ${Object.keys(known).join(', ')}` : `correct ${key}`,
  });
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
