import { defined } from '../../basics/defined.ts';
import { findPython } from '../../basics/environment.ts';
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
import type { PromptType } from '../../contract/prompt-list.ts';
import { PythonError, WorkerDied } from '../../python-bridge/messages.ts';
import { PythonWorker } from '../../python-bridge/python-worker.ts';
import { pythonOptions } from './python-options.ts';

/** What all models behind a Python worker share: each says which engine the worker loads, and what it is made with. */
abstract class WorkerModel extends BaseModel {
  readonly #engine: PythonEngine;

  /** `engine` is `package.module:Class`, as the worker imports it; `engineOptions` are JSON. */
  constructor(
    options: LocalModelOptions,
    engine: string,
    engineOptions: Readonly<Record<string, unknown>>,
    env?: Readonly<Record<string, string>>,
  ) {
    super(options);
    this.#engine = new PythonEngine({ engine, options: engineOptions, python: options.python, env });
  }

  override load(signal: AbortSignal): Promise<void> {
    return this.#engine.load(signal);
  }

  override generate(
    inputs: readonly PromptType[],
    maxOutLen: number,
    args: GenerateArgs,
  ): Promise<readonly GeneratedText[]> {
    return this.#engine.generate(inputs, maxOutLen, args);
  }

  override getPpl(inputs: readonly PromptType[], { signal }: ScoreArgs): Promise<readonly PromptLoss[]> {
    return this.#engine.score(inputs, signal);
  }

  override peakMemory(): Promise<PeakMemory> {
    return this.#engine.peakMemory();
  }

  override close(): Promise<void> {
    return this.#engine.close();
  }
}

const MODULE = 'ais_bench_worker.engines.huggingface';

/** A chat model from local files: prompts go through the chat template of its tokenizer (AISBench §2.4). */
export class HuggingFacewithChatTemplate extends WorkerModel {
  constructor(options: LocalModelOptions) {
    super(options, `${MODULE}:ChatModel`, pythonOptions(options));
  }
}

/** A base model from local files: prompts are texts to be continued. */
export class HuggingFaceBaseModel extends WorkerModel {
  constructor(options: LocalModelOptions) {
    super(options, `${MODULE}:TextModel`, pythonOptions(options));
  }
}

/** AISBench's older class of base models. */
export class HuggingFace extends HuggingFaceBaseModel {}

/** AISBench's other name of `HuggingFace`. */
export class HuggingFaceCausalLM extends HuggingFaceBaseModel {}

/** A chat model of images, videos and text from local files: any that transformers' `AutoModelForImageTextToText` loads. */
export class HuggingFaceVL extends WorkerModel {
  constructor(options: LocalModelOptions) {
    super(options, 'ais_bench_worker.engines.huggingface_vl:VisionModel', pythonOptions(options));
  }
}

/** AISBench's name of `HuggingFaceVL`, where it is for Qwen's models alone (§2.4). */
export class HuggingFaceQwen2VLwithChatTemplate extends HuggingFaceVL {}

/** vLLM in the worker, without a service: a chat model of text, and of images and videos where it takes them (AISBench §2.4). */
export class VLLMOfflineVLModel extends WorkerModel {
  constructor(options: LocalModelOptions) {
    super(options, 'ais_bench_worker.engines.vllm_offline:OfflineModel', pythonOptions(options));
  }
}

/** A user's Python class of a local model; paths are absolute. */
export interface PythonModelClass {
  readonly file: string;
  readonly name: string;
  /** The user's folder: what the file imports is looked for there too. */
  readonly folder: string;
}

/** The model class of a Python class, under its name. */
export function pythonModelClass(place: PythonModelClass): new (options: LocalModelOptions) => WorkerModel {
  const { file, name, folder } = place;
  class UserModel extends WorkerModel {
    constructor(options: LocalModelOptions) {
      const engineOptions = { file, class: name, folder, arguments: pythonOptions(options) };
      super(options, 'ais_bench_worker.user_class:UserClass', engineOptions);
    }
  }
  return Object.defineProperty(UserModel, 'name', { value: place.name });
}

interface PythonEngineOptions {
  /** `package.module:Class`, importable by the worker (`python/ais_bench_worker/engine.py`). */
  readonly engine: string;
  /** What the engine's class is made with: JSON. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Interpreter that the user named. */
  readonly python: string | undefined;
  /** Added to the worker's environment. */
  readonly env?: Readonly<Record<string, string>> | undefined;
}

interface EngineRequestOptions {
  readonly signal: AbortSignal;
  readonly onEvent?: (event: Readonly<Record<string, unknown>>) => void;
}

interface EngineReply {
  readonly texts: readonly string[];
  readonly input_tokens?: readonly number[] | null;
  readonly output_tokens?: readonly number[] | null;
  readonly finish_reasons?: readonly string[] | null;
}

interface ScoreReply {
  readonly losses: readonly number[];
  readonly tokens?: readonly number[] | null;
}

interface MemoryReply {
  readonly rss_bytes?: number | null;
  readonly device_bytes?: number | null;
}

/**
 * How long an engine may take to free what it took, ms: vLLM has processes and shared memory to put away. An interrupted run
 * does not wait so long, and the end of its process is the end of the worker.
 */
const CLOSE_MS = 15_000;

/** A Python model behind one worker process: starts and loads it, sends batches, and restarts it once where it dies. */
export class PythonEngine {
  readonly #setting: PythonEngineOptions;
  readonly #python: string;
  #worker: PythonWorker | undefined;
  /** Workers that died one after the other, with no batch answered in between. */
  #deaths = 0;

  constructor(setting: PythonEngineOptions) {
    this.#setting = setting;
    this.#python = findPython(setting.python);
  }

  /**
   * Starts a worker that loads the model. Throws UTILS-DEPENDENCY-001 where Python or a package is missing, MODEL-IMPL-004 where the
   * worker dies meanwhile, PythonError where the engine throws.
   */
  async load(signal: AbortSignal): Promise<void> {
    const { engine, options, env } = this.#setting;
    const worker = new PythonWorker(defined({ python: this.#python, env }));
    this.#worker = worker;
    try {
      await worker.request('load', { engine, options }, { signal });
    } catch (error) {
      worker.kill();
      throw missingPackage(error, this.#python) ?? deathInLoad(error, engine) ?? error;
    }
  }

  /**
   * Answers a batch. Where the worker dies, the batch fails with its last output and the next one restarts and reloads it.
   * Throws MODEL-RUN-001, which ends the run, where that one dies before it has answered a batch, or cannot be loaded.
   */
  async generate(
    inputs: readonly PromptType[],
    maxOutLen: number,
    { signal, onTokens }: GenerateArgs,
  ): Promise<readonly GeneratedText[]> {
    const onEvent = (event: Readonly<Record<string, unknown>>): void => {
      if (event['event'] !== 'tokens' || onTokens === undefined) return;
      for (const [index, count] of (event['counts'] as readonly number[]).entries()) {
        if (count > 0) onTokens(index, count);
      }
    };
    const fields = { inputs, max_out_len: maxOutLen };
    return generatedTexts((await this.#request('generate', fields, { signal, onEvent })) as EngineReply);
  }

  /** How well each text is expected. Throws as `generate` does, and PythonError where the engine cannot say. */
  async score(inputs: readonly PromptType[], signal: AbortSignal): Promise<readonly PromptLoss[]> {
    const { losses, tokens } = (await this.#request('score', { inputs }, { signal })) as ScoreReply;
    return losses.map((loss, index) => defined({ loss, tokens: tokens?.[index] ?? undefined }));
  }

  /** Returns the memory of the live worker; nothing where there is none. */
  async peakMemory(): Promise<PeakMemory> {
    if (this.#worker === undefined || this.#worker.death !== undefined) return {};
    const { rss_bytes, device_bytes } = (await this.#worker.request('memory', {})) as MemoryReply;
    return defined({ rssBytes: rss_bytes ?? undefined, deviceBytes: device_bytes ?? undefined });
  }

  async close(): Promise<void> {
    await this.#worker?.close(CLOSE_MS);
  }

  async #request(
    op: string,
    fields: Readonly<Record<string, unknown>>,
    options: EngineRequestOptions,
  ): Promise<unknown> {
    const { signal } = options;
    if (this.#worker?.death !== undefined) await this.#loadAgain(signal);
    try {
      const reply = await this.#worker?.request(op, fields, options);
      this.#deaths = 0;
      return reply;
    } catch (error) {
      if (this.#worker?.death === undefined || signal.aborted) throw error;
      this.#deaths += 1;
      throw this.#deaths < 2 ? error : this.#lost(error);
    }
  }

  async #loadAgain(signal: AbortSignal): Promise<void> {
    try {
      await this.load(signal);
    } catch (error) {
      throw signal.aborted ? error : this.#lost(error);
    }
  }

  #lost(cause: unknown): AisBenchError {
    return new AisBenchError(
      'MODEL-RUN-001',
      `the model died and was started again, in vain: ${messageOf(cause)}`,
      {
        where: this.#setting.engine,
        cure: 'where memory ran out, lower batch_size or max_seq_len; what it said is in the failed records',
        cause,
      },
    );
  }
}

function generatedTexts(reply: EngineReply): GeneratedText[] {
  const { texts, input_tokens, output_tokens, finish_reasons } = reply;
  return texts.map((text, index) =>
    defined({
      text,
      inputTokens: input_tokens?.[index] ?? undefined,
      outputTokens: output_tokens?.[index] ?? undefined,
      finishReason: finish_reasons?.[index] ?? undefined,
    }),
  );
}

/** An import that failed, as something to do; undefined for any other error. */
function missingPackage(error: unknown, python: string): AisBenchError | undefined {
  if (!(error instanceof PythonError) || error.requirement === undefined) return undefined;
  return new AisBenchError('UTILS-DEPENDENCY-001', `a Python package is missing: ${error.message}`, {
    where: python,
    cure: `run: ${python} -m pip install ${shellWord(error.requirement)}`,
    cause: error,
  });
}

/** Undefined for any other error. */
function deathInLoad(error: unknown, engine: string): AisBenchError | undefined {
  if (!(error instanceof WorkerDied)) return undefined;
  return new AisBenchError('MODEL-IMPL-004', `the model died while it was loaded: ${error.message}`, {
    where: engine,
    cure: 'where memory ran out, load a smaller model or type of weights; run it again with --reuse',
    cause: error,
  });
}

function shellWord(text: string): string {
  return /^[\w.,@/-]+$/.test(text) ? text : `'${text}'`;
}
