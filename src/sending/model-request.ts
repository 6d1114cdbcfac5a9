import { createHash } from 'node:crypto';
import type { ModelPlan } from '../config/plan.ts';
import type { RequestArgs } from '../contract/base-api-model.ts';
import type { PromptType } from '../contract/prompt-list.ts';
import type { CallRef, Failure, RunRecord, Transcript } from '../contract/record.ts';

/** What an answer will be judged by. */
export interface Reference {
  readonly gold: unknown;
  /** What the question shares with others: a passage, a document. */
  readonly source?: string;
}

/** One request to send, and which row it comes from. */
export interface ModelRequest extends Reference {
  readonly ref: CallRef;
  readonly prompt: PromptType;
  readonly maxOutLen: number;
  /** Functions that the model may call (the row's column `tools`). */
  readonly tools?: readonly unknown[];
  /** The answer is wanted with exactly `maxOutLen` tokens. */
  readonly fixedLength?: boolean;
  /** Files of the prompt go into the request; else a service is sent their URLs. A local model always is. */
  readonly inlinesMedia?: true;
  /** Folders, absolute, below which such files lie: any other is refused. Default none. */
  readonly mediaRoots?: readonly string[];
  /** The model scores how well it expects the prompt, and continues nothing. */
  readonly scoresPrompt?: true;
}

/** The record and the transcript of one request. */
export interface RequestResult {
  readonly record: RunRecord;
  readonly transcript: Transcript;
}

/**
 * Sends one request and waits for its answer; `scheduled` is when it was due, ms on the run's clock. Undefined: the run was
 * stopped and nothing more is sent.
 */
export type SendRequest = (call: ModelRequest, scheduled: number) => Promise<RequestResult | undefined>;

/** Identifies a sample by the hash of everything that is sent for it, `asked`: a continued run finds it by that. */
export function sampleRef(
  { abbr, options }: ModelPlan,
  place: { readonly dataset: string; readonly index: number; readonly repetition: number },
  asked: readonly unknown[],
): CallRef {
  const { dataset, index, repetition } = place;
  const content = [
    abbr,
    options.model ?? options.path,
    options.generationKwargs,
    dataset,
    index,
    repetition,
    ...asked,
  ];
  const id = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);
  return { id, model: abbr, dataset, index, repetition };
}

/** Returns the reference alone of what carries one. */
export function pickReference({ gold, source }: Reference): Reference {
  return { gold, ...(source === undefined ? {} : { source }) };
}

/** Makes the transcript of a request that was sent, or should have been, and has no answer. */
export function failedTranscript(
  asked: Reference & { readonly ref: CallRef; readonly prompt: unknown },
  failure: Failure,
): Transcript {
  return {
    call: asked.ref,
    success: false,
    prompt: asked.prompt,
    content: '',
    reasoningContent: '',
    toolCalls: [],
    ...pickReference(asked),
    failure,
  };
}

/** Returns what a model class gets to know about a request. */
export function requestArgs(
  { ref, tools, fixedLength }: ModelRequest,
  adapter: string | undefined,
): RequestArgs {
  const { id, index, repetition, turn = 0 } = ref;
  return {
    index,
    repetition,
    conversationId: id,
    turn,
    ...(adapter === undefined ? {} : { adapter }),
    ...(tools === undefined ? {} : { tools }),
    ...(fixedLength === undefined ? {} : { fixedLength }),
  };
}
