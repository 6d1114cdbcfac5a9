import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { defined } from '../../basics/defined.ts';
import { peerFolders } from '../../basics/environment.ts';
import { shipped } from '../../basics/package-folder.ts';
import { AisBenchError } from '../../contract/errors.ts';

/** How to load a model file. */
export interface LlamaLoadOptions {
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

/** A loaded model and its sequences. */
export interface LoadedLlama {
  readonly llama: Llama;
  readonly model: LlamaModel;
  /** Longest text of a sequence, in tokens. */
  readonly contextLength: number;
  /** Tokens that are computed at once, over all sequences. */
  readonly batchTokens: number;
  readonly sequences: readonly LlamaSequence[];
  /** Memory of the accelerators in use before it was loaded, by any process, bytes. */
  readonly deviceBytesBefore: number;
}

/**
 * Loads a model file. Throws UTILS-DEPENDENCY-001 when node-llama-cpp is missing, an Error when the file is, and what
 * node-llama-cpp throws.
 */
export async function loadLlama(loading: LlamaLoadOptions): Promise<LoadedLlama> {
  const { gguf, gpu, threads } = loading;
  if (!existsSync(gguf)) throw new Error('there is no such model file');
  const { getLlama } = await loadLlamaPeer();
  const llama = await getLlama({ build: 'never', gpu, logLevel: 'error', maxThreads: threads });
  try {
    const deviceBytesBefore = llama.gpu === false ? 0 : (await llama.getVramState()).used;
    return { llama, deviceBytesBefore, ...(await openModel(llama, loading)) };
  } catch (error) {
    await llama.dispose();
    throw error;
  }
}

async function openModel(
  llama: Llama,
  { gguf, vocabOnly = false, sequences, threads, signal, ...loading }: LlamaLoadOptions,
): Promise<Omit<LoadedLlama, 'llama' | 'deviceBytesBefore'>> {
  const model = await llama.loadModel(defined({ modelPath: gguf, vocabOnly, loadSignal: signal }));
  const contextLength = Math.min(loading.contextLength, model.trainContextSize);
  if (vocabOnly) return { model, contextLength, batchTokens: 0, sequences: [] };
  const options = { sequences, contextSize: contextLength, threads: { ideal: threads, min: threads } };
  const context = await model.createContext(defined({ ...options, createSignal: signal }));
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

/** The command that installs the versions tested with. */
export const LLAMA_INSTALL = 'npm i node-llama-cpp@3.22.1 @node-llama-cpp/linux-x64@3.22.1 --omit=optional';

/** Id of a token in the model's vocabulary. */
export type LlamaToken = number & { readonly brand?: 'token' };

/** The parts of node-llama-cpp's interface that are used here. */
interface LlamaModule {
  getLlama(options: object): Promise<Llama>;
}

interface Llama {
  /** `false` where it computes on the CPU. */
  readonly gpu: string | false;
  loadModel(options: {
    modelPath: string;
    vocabOnly?: boolean;
    loadSignal?: AbortSignal;
  }): Promise<LlamaModel>;
  /** Memory of the accelerators that any process uses, bytes. */
  getVramState(): Promise<{ readonly used: number }>;
  dispose(): Promise<void>;
}

/** A loaded model file. */
export interface LlamaModel {
  readonly trainContextSize: number;
  readonly fileInfo: { readonly metadata: { readonly tokenizer?: { readonly chat_template?: string } } };
  readonly tokens: {
    readonly bos: LlamaToken | null;
    readonly bosString: string | null;
    readonly eosString: string | null;
    readonly shouldPrependBosToken: boolean;
  };
  tokenize(text: string, specialTokens: boolean): LlamaToken[];
  detokenize(
    tokens: readonly LlamaToken[],
    specialTokens: boolean,
    lastTokens: readonly LlamaToken[],
  ): string;
  isEogToken(token: LlamaToken): boolean;
  createContext(options: object): Promise<LlamaContext>;
}

interface LlamaContext {
  /** Tokens that it computes at once, over all sequences. */
  readonly batchSize: number;
  getSequence(): LlamaSequence;
}

/** One text's state in the context. */
export interface LlamaSequence {
  readonly nextTokenIndex: number;
  compareContextTokens(tokens: readonly LlamaToken[]): { readonly firstDifferentIndex: number };
  adaptStateToTokens(tokens: readonly LlamaToken[], allowShift: boolean): Promise<void>;
  clearHistory(): Promise<void>;
  evaluateWithoutGeneratingNewTokens(tokens: readonly LlamaToken[]): Promise<void>;
  evaluate(tokens: readonly LlamaToken[], options: object): AsyncGenerator<LlamaToken, void>;
  /** For each requested place, the logits of some tokens that could follow, highest first. */
  controlledEvaluate(
    tokens: readonly (readonly [LlamaToken, object])[],
  ): Promise<readonly ({ readonly next: NextLogits } | undefined)[]>;
}

/** What the model predicts after a token. */
export interface NextLogits {
  readonly logits?: ReadonlyMap<LlamaToken, number>;
  /** The sum of `exp(logit - highest logit)` over the whole vocabulary. */
  readonly totalLogitWeight?: number;
}

/**
 * Looks in the folder that AIS_BENCH_PEERS names, in the working directory and beside this package, in that order. Throws
 * UTILS-DEPENDENCY-001 with the command that installs it. node-llama-cpp is not a dependency of this package: its binaries are
 * large and few users need them.
 */
export async function loadLlamaPeer(): Promise<LlamaModule> {
  const starts = [...peerFolders().map((folder) => resolve(folder)), shipped('.')];
  const folder = starts.map(findLlama).find((found) => found !== undefined);
  if (folder === undefined) throw missing(`not found from ${starts.join(', ')}`);
  try {
    return (await importFrom(folder)) as LlamaModule;
  } catch (cause) {
    throw missing(`found at ${folder}, but it does not load`, cause);
  }
}

/** The nearest `node_modules/node-llama-cpp` at or above a folder, as Node would find it. */
function findLlama(start: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', 'node-llama-cpp');
    if (existsSync(join(candidate, 'package.json'))) return candidate;
    if (dirname(folder) === folder) return undefined;
  }
}

async function importFrom(folder: string): Promise<unknown> {
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  return import(pathToFileURL(join(folder, manifest.exports['.'].import)).href);
}

function missing(reason: string, cause?: unknown): AisBenchError {
  return new AisBenchError('UTILS-DEPENDENCY-001', 'llama.cpp needs the package node-llama-cpp', {
    where: reason,
    cure: `run \`${LLAMA_INSTALL}\` here, or anywhere and set AIS_BENCH_PEERS to that folder`,
    cause,
  });
}
