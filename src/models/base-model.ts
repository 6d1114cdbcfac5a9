import type { PromptType } from './prompt-list.ts';

/** Options of a local model: the fields of its config, in camelCase, frozen (AISBench §2.4, §3.1). */
export interface LocalModelOptions {
  /** Folder of weights and tokenizer. */
  readonly path: string;
  /** Longest sequence, prompt and answer together, in tokens. */
  readonly maxSeqLen: number;
  readonly tokenizerOnly: boolean;
  readonly metaTemplate?: unknown;
  readonly generationKwargs: Readonly<Record<string, unknown>>;
  readonly [option: string]: unknown;
}

export interface GenerateArgs {
  /** Aborts when the run is stopped. */
  readonly signal: AbortSignal;
}

/** A model that is loaded in this process. Subclass it and return one text for each input, in order. */
export abstract class BaseModel {
  /** Config keys (snake_case) that this class takes beside the common ones. */
  static readonly extraOptions: readonly string[] = [];

  readonly options: LocalModelOptions;

  constructor(options: LocalModelOptions) {
    this.options = options;
  }

  /** Loads weights; called once, before the first batch. */
  load?(signal: AbortSignal): Promise<void>;

  /** Answers a batch of at most `batch_size` prompts with as many texts. */
  abstract generate(
    inputs: readonly PromptType[],
    maxOutLen: number,
    args: GenerateArgs,
  ): Promise<readonly string[]>;

  close?(): Promise<void>;
}
