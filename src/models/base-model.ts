import type { PromptType } from './prompt-list.ts';

/** Options of a local model: the fields of its config, in camelCase, frozen (AISBench §2.4, §3.1). */
export interface LocalModelOptions {
  /** Folder or name of weights and tokenizer. */
  readonly path: string;
  /** Largest number of tokens to generate; `generate` is told it with every batch. */
  readonly maxOutLen: number;
  /** Most prompts that `generate` is given at once. */
  readonly batchSize: number;
  /** Longest sequence, prompt and answer together, in tokens. */
  readonly maxSeqLen: number;
  /** Load the tokenizer and leave the weights. */
  readonly tokenizerOnly: boolean;
  readonly metaTemplate?: unknown;
  readonly generationKwargs: Readonly<Record<string, unknown>>;
  /** Every further key of the config: what the class makes of it is the class's. */
  readonly [option: string]: unknown;
}

export interface GenerateArgs {
  /** Aborts when the run is stopped at once: end early, by throwing or by returning what there is. */
  readonly signal: AbortSignal;
}

/** A model that is loaded in this process. Subclass it and return one text for each input, in order. */
export abstract class BaseModel {
  readonly options: LocalModelOptions;

  constructor(options: LocalModelOptions) {
    this.options = options;
  }

  /** Loads weights; called once, before the first batch. */
  load?(signal: AbortSignal): Promise<void>;

  /**
   * Answers a batch of at most `batch_size` prompts with as many texts. What it throws fails the batch's prompts. Work
   * that keeps the event loop busy cannot be interrupted: await in between, or work in another thread or process.
   */
  abstract generate(
    inputs: readonly PromptType[],
    maxOutLen: number,
    args: GenerateArgs,
  ): Promise<readonly string[]>;

  /** Tokens of a text by the model's own tokenizer. Absent: the tokens of a run are not counted. */
  getTokenLen?(text: string): number;

  /** Frees what `load` took; called once, after the last batch. */
  close?(): Promise<void>;
}
