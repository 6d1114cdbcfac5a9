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
import { answerTogether } from './llama-batch.ts';
import { type LlamaToken, type LoadedLlama, loadLlama } from './llama-load.ts';
import { scoreTogether } from './llama-loss.ts';
import { type LlamaSettings, llamaSettings } from './llama-options.ts';
import { chatTokens, cutTo, mergeMessages, textTokens } from './llama-prompt.ts';

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
    this.#settings = llamaSettings(options);
  }

  /** Throws UTILS-DEPENDENCY-001 when node-llama-cpp is missing, and MODEL-IMPL-004 when the file is no model. */
  override async load(signal: AbortSignal): Promise<void> {
    try {
      this.#loaded = await loadLlama({ ...this.#settings.loading, signal });
      await this.#lookAtDevice();
      this.checkLoaded(this.#loaded);
    } catch (cause) {
      if (cause instanceof AisBenchError || signal.aborted) throw cause;
      throw unusable(this.options.path, messageOf(cause), cause);
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
  protected override promptTokens({ model, jinja }: LoadedLlama, input: PromptType): LlamaToken[] {
    return chatTokens(model, jinja, mergeMessages(input));
  }

  protected override checkLoaded({ model }: LoadedLlama): void {
    if (model.fileInfo.metadata.tokenizer?.chat_template !== undefined) return;
    throw unusable(this.options.path, 'it has no chat template', undefined, 'use GGUFBaseModel for it');
  }
}

function unusable(path: string, message: string, cause: unknown, cure = CURE): AisBenchError {
  return new AisBenchError('MODEL-IMPL-004', `the GGUF model cannot be used: ${message}`, {
    where: path,
    cure,
    cause,
  });
}

const CURE = "correct the config's path: it names one .gguf file with a model of texts";
