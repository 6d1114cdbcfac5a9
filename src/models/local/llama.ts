import { z } from 'zod';
import {
  BaseModel,
  type GenerateArgs,
  type GeneratedText,
  type LocalModelOptions,
  type PeakMemory,
  type PromptLoss,
  type ScoreArgs,
} from '../../contract/base-model.ts';
import { AisBenchError, messageOf } from '../../contract/errors.ts';
import { type PromptType, toText } from '../../contract/prompt-list.ts';
import { answerTogether, type LlamaSampling } from './llama-batch.ts';
import {
  defaultThreads,
  type LlamaLoadOptions,
  type LlamaToken,
  type LoadedLlama,
  loadLlama,
} from './llama-load.ts';
import { scoreTogether } from './llama-loss.ts';
import { type CutMode, chatTokens, cutTo, mergeMessages, textTokens } from './llama-prompt.ts';
import { pythonOptions } from './python-options.ts';

/** A base model from a GGUF file, in llama.cpp and in this process: prompts are texts to be continued. */
export class GGUFBaseModel extends BaseModel {
  readonly #settings: LlamaSettings;
  #loaded: LoadedLlama | undefined;
  /** What is under way; it never rejects. */
  #working: Promise<unknown> = Promise.resolve();
  /** The most that was taken of the accelerators, as far as it was looked at. */
  #deviceBytes: number | undefined;

  /** Throws UTILS-CFG-002 for options that it does not know. */
  constructor(options: LocalModelOptions) {
    super(options);
    this.#settings = readLlamaOptions(options);
  }

  /** Throws UTILS-DEPENDENCY-001 when node-llama-cpp is missing, and MODEL-IMPL-004 when the file is no model. */
  override async load(signal: AbortSignal): Promise<void> {
    try {
      this.#loaded = await loadLlama({ ...this.#settings.loading, signal });
      await this.#lookAtDevice();
      this.checkLoaded(this.#loaded);
    } catch (cause) {
      if (cause instanceof AisBenchError || signal.aborted) throw cause;
      throw unusableModel(this.options.path, messageOf(cause), cause);
    }
  }

  override generate(
    inputs: readonly PromptType[],
    maxOutLen: number,
    args: GenerateArgs,
  ): Promise<readonly GeneratedText[]> {
    const { mode, prefixCache, ...rest } = this.#settings;
    return this.#inBatches(inputs, args, async (llama, batch, first) => {
      const room = llama.contextLength - maxOutLen;
      if (room < 1) {
        throw new Error(
          `max_out_len ${maxOutLen} leaves no room for a prompt in ${llama.contextLength} tokens`,
        );
      }
      const prompts = batch.map((input) => cutTo(this.promptTokens(llama, input), room, mode));
      if (!prefixCache) await Promise.all(llama.sequences.map((sequence) => sequence.clearHistory()));
      const onTokens = (index: number, tokens: number) => args.onTokens?.(first + index, tokens);
      return answerTogether(llama, prompts, { ...rest, maxOutLen }, { ...args, onTokens });
    });
  }

  /** Scores the texts unchanged, without a chat template. */
  override getPpl(inputs: readonly PromptType[], args: ScoreArgs): Promise<readonly PromptLoss[]> {
    return this.#inBatches(inputs, args, (llama, batch) => {
      const texts = batch.map((input) => textTokens(llama.model, toText(input)));
      const cut = texts.map((ids) => cutTo(ids, llama.contextLength, this.#settings.mode));
      return scoreTogether(llama, cut, args);
    });
  }

  /** Of the whole process; on an accelerator, what it took beyond what was taken before. */
  override async peakMemory(): Promise<PeakMemory> {
    await this.#lookAtDevice();
    const rssBytes = process.resourceUsage().maxRSS * 1024;
    return this.#deviceBytes === undefined ? { rssBytes } : { rssBytes, deviceBytes: this.#deviceBytes };
  }

  override async close(): Promise<void> {
    const loaded = this.#loaded;
    this.#loaded = undefined;
    await this.#working;
    await loaded?.llama.dispose();
  }

  protected promptTokens({ model }: LoadedLlama, input: PromptType): LlamaToken[] {
    return textTokens(model, toText(input));
  }

  /** Throws where this class cannot use the model. */
  protected checkLoaded(_llama: LoadedLlama): void {}

  /** Works on the inputs, `batch_size` at once; calls that come meanwhile wait. */
  #inBatches<T>(
    inputs: readonly PromptType[],
    { signal }: ScoreArgs,
    work: (llama: LoadedLlama, batch: readonly PromptType[], first: number) => Promise<readonly T[]>,
  ): Promise<readonly T[]> {
    const done = this.#working.then(async () => {
      const results: T[] = [];
      const llama = this.#loaded;
      if (llama === undefined) throw new Error('the model is not loaded');
      const size = llama.sequences.length;
      if (size === 0) throw new Error('the config says tokenizer_only: there are no weights to run');
      for (let first = 0; first < inputs.length; first += size) {
        signal.throwIfAborted();
        results.push(...(await work(llama, inputs.slice(first, first + size), first)));
        await this.#lookAtDevice();
      }
      return results;
    });
    this.#working = done.catch(() => {});
    return done;
  }

  async #lookAtDevice(): Promise<void> {
    if (this.#loaded === undefined || this.#loaded.llama.gpu === false) return;
    const { llama, deviceBytesBefore } = this.#loaded;
    const { used } = await llama.getVramState();
    this.#deviceBytes = Math.max(this.#deviceBytes ?? 0, used - deviceBytesBefore);
  }
}

/** A chat model from a GGUF file: prompts go through the chat template in the file. */
export class GGUFwithChatTemplate extends GGUFBaseModel {
  protected override promptTokens({ model }: LoadedLlama, input: PromptType): LlamaToken[] {
    return chatTokens(model, mergeMessages(input));
  }

  protected override checkLoaded({ model }: LoadedLlama): void {
    if (model.fileInfo.metadata.tokenizer?.chat_template !== undefined) return;
    throw unusableModel(this.options.path, 'it has no chat template', undefined, 'use GGUFBaseModel for it');
  }
}

function unusableModel(path: string, message: string, cause: unknown, cure = CURE): AisBenchError {
  return new AisBenchError('MODEL-IMPL-004', `the GGUF model cannot be used: ${message}`, {
    where: path,
    cure,
    cause,
  });
}

const CURE = "correct the config's path: it names one .gguf file with a model of texts";

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

interface LlamaSettings {
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
export function readLlamaOptions(options: LocalModelOptions): LlamaSettings {
  const given = Object.entries(pythonOptions(options)).filter(
    ([key, value]) => !ELSEWHERE.has(key) && value !== null,
  );
  const read = keys.safeParse(Object.fromEntries(given));
  if (!read.success) throw wrongOption(read.error.issues[0]!);
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

function wrongOption(issue: z.core.$ZodIssue): AisBenchError {
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
