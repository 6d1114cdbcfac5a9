import type { BaseAPIModel } from '../contract/base-api-model.ts';
import type { CallRef } from '../contract/record.ts';
import type { Wire } from '../transport/call-service.ts';
import type { ModelRequest } from './model-request.ts';
import { PromptScorer } from './prompt-scorer.ts';

/** The server and model that answer one sample. */
export interface Target {
  readonly model: BaseAPIModel;
  /** Base URL, where there are several. */
  readonly server?: string;
  /** LoRA adapter or model, where there are several. */
  readonly adapter?: string;
  /** The sample is over: the server has one less to do. */
  release(): void;
}

/** A model's service, ready for requests. */
export interface Service {
  readonly wire: Wire;
  /** Chooses the target of a sample; all turns of a dialogue go to the same. */
  pick(ref: CallRef): Target;
}

/** Returns the target as a request sees it. */
export function seenBy(
  { scoresPrompt }: ModelRequest,
  { model, server, adapter }: Target,
): Omit<Target, 'release'> {
  return {
    model: scoresPrompt === true ? new PromptScorer(model) : model,
    ...(server === undefined ? {} : { server }),
    ...(adapter === undefined ? {} : { adapter }),
  };
}
