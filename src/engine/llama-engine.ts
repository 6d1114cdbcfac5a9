import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { AisBenchError, messageOf } from '../errors.ts';
import {
  type JinjaModule,
  type LlamaModel,
  type LlamaSequence,
  loadLlamaPeer,
  type Token,
} from './llama-peer.ts';
import { scoreTokens } from './llama-score.ts';
import { LlamaSlots } from './llama-slots.ts';
import { ReplyWriter } from './reply-writer.ts';
import { TokenText } from './token-text.ts';
import { type ChatMessage, type Engine, type Prompt, PromptRefused, type Sampling } from './types.ts';

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
  const { gguf, slots = 4, threads = defaultThreads() } = options;
  checkSettings(gguf, { slots, threads, contextLength: options.contextLength ?? 1 });
  if (!existsSync(gguf)) throw unusable(gguf, 'there is no such model file', 'give the path of a .gguf file');
  const peer = await loadLlamaPeer();
  const llama = await peer.llama.getLlama({
    build: 'never',
    gpu: false,
    logLevel: 'error',
    maxThreads: threads,
  });
  try {
    const model = await llama.loadModel({ modelPath: gguf });
    const contextLength = Math.min(options.contextLength ?? 4096, model.trainContextSize);
    const context = await model.createContext({
      sequences: slots,
      contextSize: contextLength,
      threads: { ideal: threads, min: threads },
    });
    const pool = new LlamaSlots(Array.from({ length: slots }, () => context.getSequence()));
    return {
      model: options.model ?? basename(gguf).replace(/\.gguf$/, ''),
      owner: 'ais-bench-llama',
      simulated: false,
      contextLength,
      load: () => pool.load(),
      describe: () =>
        `real model ${basename(gguf)} on the CPU, at most ${slots} sequences at once, threads: ${threads}`,
      read(prompt) {
        const ids = readIds(model, peer.jinja, prompt);
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
        await Promise.all(Array.from({ length: slots }, () => pool.take([], never)));
        await llama.dispose();
      },
    };
  } catch (error) {
    await llama.dispose();
    throw unusable(
      gguf,
      `the model cannot be loaded: ${messageOf(error)}`,
      'give a GGUF model of chat or text',
      error,
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
  if (prompt.kind === 'chat') return model.tokenize(renderChat(model, jinja, prompt.messages), true);
  const ids = model.tokenize(prompt.text, true);
  const { bos, shouldPrependBosToken } = model.tokens;
  const whole = shouldPrependBosToken && bos !== null && ids[0] !== bos ? [bos, ...ids] : ids;
  if (whole.length === 0) throw new PromptRefused('The prompt is empty.');
  return whole;
}

function renderChat(model: LlamaModel, jinja: JinjaModule, messages: readonly ChatMessage[]): string {
  const source = model.fileInfo.metadata.tokenizer?.chat_template;
  if (source === undefined) throw new PromptRefused('The model has no chat template; use /v1/completions.');
  try {
    return new jinja.Template(source).render({
      messages,
      add_generation_prompt: true,
      bos_token: model.tokens.bosString ?? '',
      eos_token: model.tokens.eosString ?? '',
    });
  } catch (error) {
    throw new PromptRefused(`The model's chat template refuses these messages: ${messageOf(error)}`);
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
    const unread = await keepSharedPrefix(sequence, ids);
    const text = new TokenText((tokens, before) => model.detokenize(tokens, false, before), ids);
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

/** Makes the sequence hold the beginning that it shares with `ids`, and returns the rest: at least one token. */
async function keepSharedPrefix(sequence: LlamaSequence, ids: readonly Token[]): Promise<readonly Token[]> {
  const shared = Math.min(sequence.compareContextTokens(ids).firstDifferentIndex, ids.length - 1);
  if (shared === 0) await sequence.clearHistory();
  else await sequence.adaptStateToTokens(ids.slice(0, shared), false);
  return ids.slice(sequence.nextTokenIndex);
}

function evaluateOptions({ temperature, topP, topK, seed }: Sampling): object {
  return { temperature, topP, topK, ...(seed === undefined ? {} : { seed }), yieldEogToken: true };
}

// One core stays with the load tool; beyond 8 threads a model that fits a CPU gains nothing.
function defaultThreads(): number {
  return Math.min(8, Math.max(1, availableParallelism() - 1));
}

function unusable(gguf: string, message: string, cure: string, cause?: unknown): AisBenchError {
  return new AisBenchError('ENGINE-PARAM-001', message, { where: gguf, cure, cause });
}
