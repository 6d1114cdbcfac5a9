import { basename } from 'node:path';
import { AisBenchError, messageOf } from '../contract/errors.ts';
import { keepBeginning, LlamaText } from '../models/local/llama-batch.ts';
import {
  defaultThreads,
  type LlamaLoadOptions,
  type LlamaModel,
  type LlamaSequence,
  type LlamaToken,
  type LoadedLlama,
  loadLlama,
  type NextLogits,
} from '../models/local/llama-load.ts';
import { computeLogprob, nextLogits } from '../models/local/llama-loss.ts';
import { chatTokens, textTokens } from '../models/local/llama-prompt.ts';
import {
  type Candidate,
  type EngineLoad,
  type InferenceEngine,
  type Prompt,
  PromptRefused,
  ReplyWriter,
  type Sampling,
  type ScoredToken,
} from './engine.ts';

/** A GGUF model to serve. */
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
 * Loads a real model on the CPU, through node-llama-cpp. Throws ENGINE-PARAM-001 when the model cannot be loaded and
 * UTILS-DEPENDENCY-001 when node-llama-cpp is missing.
 */
export async function createLlamaEngine(options: LlamaOptions): Promise<InferenceEngine> {
  const { gguf, slots = 4, threads = defaultThreads(), contextLength: longest = 4096 } = options;
  checkSettings(gguf, { slots, threads, contextLength: longest });
  const loading = { gguf, gpu: false, threads, sequences: slots, contextLength: longest } as const;
  const { llama, model, sequences, contextLength } = await load(loading);
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
      const ids = readIds(model, prompt);
      return {
        tokens: ids.length,
        generate: (sampling, sink, signal) =>
          generate(model, pool, ids, sampling, new ReplyWriter(sampling, sink), signal),
        score: (continuation, best, signal) =>
          scoreTokens(model, pool, [...ids, ...model.tokenize(continuation, false)], best, signal),
      };
    },
    async close() {
      // Once every sequence is taken, no generation is under way.
      const never = new AbortController().signal;
      await Promise.all(sequences.map(() => pool.take([], never)));
      await llama.dispose();
    },
  };
}

async function load(loading: LlamaLoadOptions): Promise<LoadedLlama> {
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

function readIds(model: LlamaModel, prompt: Prompt): LlamaToken[] {
  try {
    return prompt.kind === 'chat' ? chatTokens(model, prompt.messages) : textTokens(model, prompt.text);
  } catch (error) {
    throw new PromptRefused(messageOf(error));
  }
}

async function generate(
  model: LlamaModel,
  pool: LlamaSlots,
  ids: readonly LlamaToken[],
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

interface Waiter {
  readonly tokens: readonly LlamaToken[];
  readonly give: (sequence: LlamaSequence | undefined) => void;
}

/** The sequences of a context, lent first come, first served. */
export class LlamaSlots {
  readonly #free: LlamaSequence[];
  readonly #size: number;
  readonly #waiting = new Set<Waiter>();

  constructor(sequences: readonly LlamaSequence[]) {
    this.#free = [...sequences];
    this.#size = sequences.length;
  }

  load(): EngineLoad {
    return { running: this.#size - this.#free.length, waiting: this.#waiting.size };
  }

  /**
   * Takes the free sequence that already holds the longest beginning of `tokens`, so that examples that prompts share are read
   * once, as servers with a prefix cache do. Undefined when the signal is aborted first.
   */
  take(tokens: readonly LlamaToken[], signal: AbortSignal): Promise<LlamaSequence | undefined> {
    if (signal.aborted) return Promise.resolve(undefined);
    if (this.#free.length > 0) return Promise.resolve(this.#takeBest(tokens));
    return new Promise((resolve) => {
      const abort = (): void => waiter.give(undefined);
      const waiter: Waiter = {
        tokens,
        give: (sequence) => {
          this.#waiting.delete(waiter);
          signal.removeEventListener('abort', abort);
          resolve(sequence);
        },
      };
      this.#waiting.add(waiter);
      signal.addEventListener('abort', abort);
    });
  }

  giveBack(sequence: LlamaSequence): void {
    this.#free.push(sequence);
    const [next] = this.#waiting;
    next?.give(this.#takeBest(next.tokens));
  }

  #takeBest(tokens: readonly LlamaToken[]): LlamaSequence {
    const held = this.#free.map((sequence) => sequence.compareContextTokens(tokens).firstDifferentIndex);
    const best = held.indexOf(Math.max(...held));
    return this.#free.splice(best, 1)[0]!;
  }
}

/** Scores each token of a text given those before it; empty once the signal is aborted. */
async function scoreTokens(
  model: LlamaModel,
  pool: LlamaSlots,
  ids: readonly LlamaToken[],
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
      return { id, text: textOf(index), score: place && scoreToken(model, place, id, best) };
    });
  } finally {
    pool.giveBack(sequence);
  }
}

function scoreToken(model: LlamaModel, next: NextLogits, id: LlamaToken, best: number): ScoredToken['score'] {
  const ranked = [...(next.logits ?? [])].sort(([, one], [, other]) => other - one);
  const candidates = ranked.slice(0, Math.max(1, best)).map(
    ([token]): Candidate => ({
      id: token,
      text: model.detokenize([token], false, []),
      logprob: computeLogprob(next, token),
    }),
  );
  const place = candidates.findIndex((candidate) => candidate.id === id);
  return {
    logprob: computeLogprob(next, id),
    rank: place < 0 ? undefined : place + 1,
    best: candidates.slice(0, best),
  };
}
