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

/** One request to make: what is asked, and which row it came from. */
export interface Call extends Reference {
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
  /** Asked is how well the model expects the prompt, instead of what comes after it. */
  readonly scoresPrompt?: true;
}

/** What one request came to. */
export interface Answer {
  readonly record: RunRecord;
  readonly transcript: Transcript;
}

/**
 * Makes one request and waits for its answer; `scheduled` is when it was due, ms on the run's clock. Undefined: the run was
 * stopped and nothing more is sent.
 */
export type Ask = (call: Call, scheduled: number) => Promise<Answer | undefined>;

/** Which case this is; `asked` is everything that is asked, and its hash the id, so that a resumed run knows it again. */
export function caseRef(
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

/** Of a call and what else it carries, the reference alone. */
export function referenceIn({ gold, source }: Reference): Reference {
  return { gold, ...(source === undefined ? {} : { source }) };
}

/** The transcript of something that was asked, or should have been, and brought no answer. */
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
    ...referenceIn(asked),
    failure,
  };
}

/** What a model class is told about a call. */
export function argsOf({ ref, tools, fixedLength }: Call, adapter: string | undefined): RequestArgs {
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
