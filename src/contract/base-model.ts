import type { BaseAPIModel } from './base-api-model.ts';
import type { PromptType } from './prompt-list.ts';

/** Options of a local model: the fields of its config, in camelCase, frozen (AISBench §2.4, §3.1). */
export interface LocalModelOptions {
  /** Folder or name of weights and tokenizer. */
  readonly path: string;
  /** Largest number of tokens to generate; `generate` gets it with every batch. */
  readonly maxOutLen: number;
  /** Most prompts that `generate` is given at once. */
  readonly batchSize: number;
  /** Longest sequence, prompt and answer together, in tokens. */
  readonly maxSeqLen: number;
  /** Load the tokenizer and leave the weights. */
  readonly tokenizerOnly: boolean;
  readonly metaTemplate?: unknown;
  readonly generationKwargs: Readonly<Record<string, unknown>>;
  /** Interpreter that the user named, for a model that runs in Python. */
  readonly python?: string;
  /** The further keys of the config by the names that its author wrote: what a model in Python is given. */
  readonly further?: Readonly<Record<string, unknown>>;
  /** Every further key of the config, in camelCase: what the class makes of it is the class's. */
  readonly [option: string]: unknown;
}

/** An answer with what the model knows of it. */
export interface GeneratedText {
  readonly text: string;
  /** Tokens of the prompt as the model got it. */
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** `stop`, or `length` where the answer was cut at the largest number of tokens. */
  readonly finishReason?: string;
}

/** An answer: its text, or more than that. */
export type Generated = string | GeneratedText;

/** Returns an answer in its full form. */
export function toGeneratedText(answer: Generated): GeneratedText {
  return typeof answer === 'string' ? { text: answer } : answer;
}

/** How well a model expects a text. */
export interface PromptLoss {
  /** Mean negative log likelihood of a token, in nats, over all tokens but the first: AISBench's `get_ppl`. */
  readonly loss: number;
  /** Tokens that the mean is over. */
  readonly tokens?: number;
}

/** Largest memory that a model held so far, bytes. */
export interface PeakMemory {
  /** Of its process and those that it started. */
  readonly rssBytes?: number;
  /** On its accelerator. */
  readonly deviceBytes?: number;
}

/** What a model gets with a batch of texts to score. */
export interface ScoreArgs {
  /** Aborts when the run is stopped at once: end early, by throwing or by returning what there is. */
  readonly signal: AbortSignal;
}

/** What a model gets with a batch of prompts. */
export interface GenerateArgs extends ScoreArgs {
  /**
   * Call it as tokens come: answer `index` of the batch has grown by `tokens`. The call is stamped; TTFT, TPOT and ITL come
   * from it. A model that never calls it is measured by whole batches.
   */
  readonly onTokens?: (index: number, tokens: number) => void;
}

/** A model that is loaded in this process. Subclass it and return one answer for each input, in order. */
export abstract class BaseModel {
  readonly options: LocalModelOptions;

  constructor(options: LocalModelOptions) {
    this.options = options;
  }

  /** Loads weights; called once, before the first batch. */
  load?(signal: AbortSignal): Promise<void>;

  /**
   * Answers a batch of at most `batch_size` prompts with as many texts. What it throws fails the batch's prompts; an
   * AisBenchError with the code MODEL-RUN-001 ends the run: the model is lost. Work
   * that keeps the event loop busy cannot be interrupted: await in between, or work in another thread or process.
   */
  abstract generate(
    inputs: readonly PromptType[],
    maxOutLen: number,
    args: GenerateArgs,
  ): Promise<readonly Generated[]>;

  /** How well each text is expected. Absent: `PPLInferencer` cannot be run with this model. */
  getPpl?(inputs: readonly PromptType[], args: ScoreArgs): Promise<readonly PromptLoss[]>;

  /**
   * Counts a text's tokens by the model's own tokenizer, where an answer does not bring its counts. Absent: the tokens of
   * such a run are not counted.
   */
  getTokenLen?(text: string): number;

  /** Called after the last batch of a task, for the report. */
  peakMemory?(): Promise<PeakMemory> | PeakMemory;

  /** Frees what `load` took; called once, after the last batch. */
  close?(): Promise<void>;
}

/** What a config's `attr` says of a model: behind a service, or loaded in this process. */
export type ModelAttr = 'service' | 'local';

/**
 * Detects the kind of model that a class is; undefined for anything else. Goes by its methods, not by `instanceof`: a
 * package may bring its own copy of ais-bench.
 */
export function detectAttr(value: unknown): ModelAttr | undefined {
  if (typeof value !== 'function') return undefined;
  const prototype = value.prototype as Partial<BaseAPIModel & BaseModel> | undefined;
  const has = (method: keyof BaseAPIModel | keyof BaseModel) => typeof prototype?.[method] === 'function';
  if (has('getServiceModelPath') || (has('getRequestBody') && has('getUrl'))) return 'service';
  return has('generate') ? 'local' : undefined;
}
