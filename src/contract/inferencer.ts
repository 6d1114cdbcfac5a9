/** An inferencer of a user's own: a function that leads a dialogue about one sample, with as many requests as it needs. */
import type { Row } from './dataset.ts';
import type { PromptList, PromptType } from './prompt-list.ts';
import type { Failure } from './record.ts';

/** What ships, by the names that `infer_cfg.inferencer.type` has for them. */
export const INFERENCERS = [
  'GenInferencer',
  'MultiTurnGenInferencer',
  'PPLInferencer',
  'BFCLV3FunctionCallInferencer',
] as const;

/** One row sent once, as an inferencer gets it. */
export interface DialogueSample {
  readonly row: Row;
  /** Row of the dataset, counted from 0. */
  readonly index: number;
  /** Repetition of that row (`num_return_sequences`), counted from 0. */
  readonly repetition: number;
  /** What the dataset's prompt template makes of the row. */
  readonly prompt: PromptType;
  /** The keys beside `type` in `infer_cfg.inferencer`. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** What one request differs in from the others of its sample. */
export interface DialogueOptions {
  /** Largest number of tokens to generate; the sample's, or the model's, unless given. */
  readonly maxOutLen?: number;
  /** Functions that the model may call; the row's column `tools` unless given. */
  readonly tools?: readonly unknown[];
}

/** The answer to one request. */
export interface DialogueAnswer {
  /** Without the reasoning that the service gives apart. */
  readonly content: string;
  readonly reasoningContent: string;
  readonly toolCalls: readonly unknown[];
  readonly finishReason?: string;
}

/**
 * Sends one request and waits for its answer. Each has a record of its own, is retried as the config says, and counts as one request in
 * flight: requests of one sample are sent one after the other, also where the function makes several at once. Rejects with AskError where the
 * request failed for good, or the run was stopped.
 */
export type Ask = (prompt: PromptType, options?: DialogueOptions) => Promise<DialogueAnswer>;

/** A finished dialogue. */
export interface DialogueTranscript {
  /** The text that is scored. */
  readonly prediction: string;
  /** The dialogue as a reader should see it; what was sent unless given. */
  readonly messages?: PromptList;
  /** Further values to keep with the prediction: JSON. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Leads the dialogue about one sample (`infer_cfg.inferencer.type`). What it throws fails its sample, and no other. */
export type Inferencer = (sample: DialogueSample, ask: Ask) => Promise<DialogueTranscript>;

/** A request of a dialogue that has no answer. */
export class AskError extends Error {
  override readonly name = 'AskError';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}
