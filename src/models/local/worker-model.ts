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

/** What all models behind a Python worker share: each says which engine the worker loads, and what it is made with. */
export abstract class WorkerModel extends BaseModel {
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
