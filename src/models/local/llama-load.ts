import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import {
  type JinjaModule,
  type Llama,
  type LlamaModel,
  type LlamaSequence,
  loadLlamaPeer,
} from './llama-peer.ts';

export interface LlamaLoading {
  /** Path of the model file. */
  readonly gguf: string;
  /** Where it computes; `auto`: on an accelerator where node-llama-cpp finds one. */
  readonly gpu: 'auto' | 'cuda' | 'vulkan' | 'metal' | false;
  /** Threads that compute on the CPU. */
  readonly threads: number;
  /** Texts that are computed together. */
  readonly sequences: number;
  /** Longest text, in tokens; at most what the model was trained on is taken. */
  readonly contextLength: number;
  /** Reads the tokenizer and leaves the weights: there are no sequences. */
  readonly vocabOnly?: boolean;
  readonly signal?: AbortSignal;
}

export interface LoadedLlama {
  readonly llama: Llama;
  readonly model: LlamaModel;
  readonly jinja: JinjaModule;
  /** Longest text of a sequence, in tokens. */
  readonly contextLength: number;
  /** Tokens that are computed at once, over all sequences. */
  readonly batchTokens: number;
  readonly sequences: readonly LlamaSequence[];
  /** What was taken of the accelerators before it was loaded, whoever took it. */
  readonly deviceBytesBefore: number;
}

/**
 * Loads a model file. Throws UTILS-DEPENDENCY-001 when node-llama-cpp is missing, an Error when the file is, and what
 * node-llama-cpp throws.
 */
export async function loadLlama(loading: LlamaLoading): Promise<LoadedLlama> {
  const { gguf, gpu, threads } = loading;
  if (!existsSync(gguf)) throw new Error('there is no such model file');
  const peer = await loadLlamaPeer();
  const llama = await peer.llama.getLlama({ build: 'never', gpu, logLevel: 'error', maxThreads: threads });
  try {
    const deviceBytesBefore = llama.gpu === false ? 0 : (await llama.getVramState()).used;
    return { llama, jinja: peer.jinja, deviceBytesBefore, ...(await openModel(llama, loading)) };
  } catch (error) {
    await llama.dispose();
    throw error;
  }
}

async function openModel(
  llama: Llama,
  { gguf, vocabOnly = false, sequences, threads, signal, ...loading }: LlamaLoading,
): Promise<Omit<LoadedLlama, 'llama' | 'jinja' | 'deviceBytesBefore'>> {
  const model = await llama.loadModel({
    modelPath: gguf,
    vocabOnly,
    ...(signal === undefined ? {} : { loadSignal: signal }),
  });
  const contextLength = Math.min(loading.contextLength, model.trainContextSize);
  if (vocabOnly) return { model, contextLength, batchTokens: 0, sequences: [] };
  const context = await model.createContext({
    sequences,
    contextSize: contextLength,
    threads: { ideal: threads, min: threads },
    ...(signal === undefined ? {} : { createSignal: signal }),
  });
  return {
    model,
    contextLength,
    batchTokens: context.batchSize,
    sequences: Array.from({ length: sequences }, () => context.getSequence()),
  };
}

/** One core stays with the rest of the command; beyond 8 threads a model that fits a CPU gains nothing. */
export function defaultThreads(): number {
  return Math.min(8, Math.max(1, availableParallelism() - 1));
}
