import {
  BaseModel,
  type GenerateArgs,
  type GeneratedText,
  type LocalModelOptions,
  type PeakMemory,
  type PromptLoss,
  type ScoreArgs,
} from '../../contract/base-model.ts';
import type { PromptType } from '../../contract/prompt-list.ts';
import { PythonEngine } from './python-engine.ts';
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
