import { basename } from 'node:path';
import { AisBenchError, messageOf } from '../contract/errors.ts';
import { keepBeginning } from '../models/local/llama-batch.ts';
import {
  defaultThreads,
  type LlamaLoading,
  type LoadedLlama,
  loadLlama,
} from '../models/local/llama-load.ts';
import type { JinjaModule, LlamaModel, Token } from '../models/local/llama-peer.ts';
import { chatTokens, textTokens } from '../models/local/llama-prompt.ts';
import { LlamaText } from '../models/local/llama-text.ts';
import { scoreTokens } from './llama-score.ts';
import { LlamaSlots } from './llama-slots.ts';
import { ReplyWriter } from './reply-writer.ts';
import { type Engine, type Prompt, PromptRefused, type Sampling } from './types.ts';

export interface LlamaOptions {
  /** Path of the model file. */
  readonly gguf: string;
  /** The name that requests use. Default: the file's name without `.gguf`. */
  readonly model?: string;
  /** Tokens of prompt and reply together, for each sequence. Default 4096, at most what the model was trained on. */
  readonly contextLength?: number;
  /** Sequences that run at the same time; others wait. Default 4. */
  readonly slots?: number;
  /** Threads that compute. Default: one less than the machine's cores, from 1 to 8. More threads than free cores stall. */
  readonly threads?: number;
}

/**
 * A real model on the CPU, through node-llama-cpp. Throws ENGINE-PARAM-001 when the model cannot be loaded and
 * UTILS-DEPENDENCY-001 when node-llama-cpp is missing.
 */
export async function createLlamaEngine(options: LlamaOptions): Promise<Engine> {
  const { gguf, slots = 4, threads = defaultThreads(), contextLength: longest = 4096 } = options;
  checkSettings(gguf, { slots, threads, contextLength: longest });
  const loading = { gguf, gpu: false, threads, sequences: slots, contextLength: longest } as const;
  const { llama, model, jinja, sequences, contextLength } = await load(loading);
  const pool = new LlamaSlots(sequences);
  return {
    model: options.model ?? basename(gguf).replace(/\.gguf$/, ''),
    owner: 'ais-bench-llama',
    simulated: false,
    contextLength,
    load: () => pool.load(),
    describe: () =>
      `real model ${basename(gguf)} on the CPU, at most ${slots} sequences at once, threads: ${threads}`,
    read(prompt) {
      const ids = readIds(model, jinja, prompt);
      return {
        tokens: ids.length,
        generate: (sampling, sink, signal) =>
          generate(model, pool, ids, sampling, new ReplyWriter(sampling, sink), signal),
        score: (continuation, best, signal) =>
          scoreTokens(model, pool, [...ids, ...model.tokenize(continuation, false)], best, signal),
      };
    },
    async close() {
      // Whoever holds every sequence knows that no generation is under way.
      const never = new AbortController().signal;
      await Promise.all(sequences.map(() => pool.take([], never)));
      await llama.dispose();
    },
  };
}

async function load(loading: LlamaLoading): Promise<LoadedLlama> {
  try {
    return await loadLlama(loading);
  } catch (cause) {
    if (cause instanceof AisBenchError) throw cause;
    const message = `the model cannot be loaded: ${messageOf(cause)}`;
    throw unusable(
      loading.gguf,
      message,
      'give the path of a .gguf file with a model of chat or text',
      cause,
    );
  }
}

function checkSettings(gguf: string, settings: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(settings)) {
    if (Number.isInteger(value) && value >= 1) continue;
    throw unusable(gguf, `${name} is ${value}`, 'give a whole number, 1 or more');
  }
}

function readIds(model: LlamaModel, jinja: JinjaModule, prompt: Prompt): Token[] {
  try {
    return prompt.kind === 'chat'
      ? chatTokens(model, jinja, prompt.messages)
      : textTokens(model, prompt.text);
  } catch (error) {
    throw new PromptRefused(messageOf(error));
  }
}

async function generate(
  model: LlamaModel,
  pool: LlamaSlots,
  ids: readonly Token[],
  sampling: Sampling,
  writer: ReplyWriter,
  signal: AbortSignal,
): Promise<void> {
  const sequence = await pool.take(ids, signal);
  if (sequence === undefined) return;
  try {
    await keepBeginning(sequence, ids);
    const unread = ids.slice(sequence.nextTokenIndex);
    const text = new LlamaText((tokens, before) => model.detokenize(tokens, false, before), ids);
    for await (const token of sequence.evaluate(unread, evaluateOptions(sampling))) {
      if (signal.aborted) return;
      const atEnd = model.isEogToken(token);
      if (atEnd && !writer.mustGoOn) return writer.endOfText(1);
      if (writer.token(text.add(token, writer.atLastToken))) return;
    }
  } finally {
    pool.giveBack(sequence);
  }
}

function evaluateOptions({ temperature, topP, topK, seed }: Sampling): object {
  return { temperature, topP, topK, ...(seed === undefined ? {} : { seed }), yieldEogToken: true };
}

function unusable(gguf: string, message: string, cure: string, cause?: unknown): AisBenchError {
  return new AisBenchError('ENGINE-PARAM-001', message, { where: gguf, cure, cause });
}
