import type { BaseAPIModel } from '../contract/base-api-model.ts';
import type { CallRef } from '../contract/record.ts';
import type { Wire } from '../transport/call-service.ts';
import type { Call } from './calls.ts';
import { PromptScorer } from './prompt-scorer.ts';

/** Who answers one case. */
export interface Target {
  readonly model: BaseAPIModel;
  /** Base URL, where there are several. */
  readonly server?: string;
  /** LoRA adapter or model, where there are several. */
  readonly adapter?: string;
  /** The case is over: the server has one less to do. */
  release(): void;
}

/** A model's service, ready to be asked. */
export interface Service {
  readonly wire: Wire;
  /** Chooses who answers a case; all turns of a dialogue go to the same. */
  pick(ref: CallRef): Target;
}

/** The target as a call sees it. */
export function seenBy({ scoresPrompt }: Call, { model, server, adapter }: Target): Omit<Target, 'release'> {
  return {
    model: scoresPrompt === true ? new PromptScorer(model) : model,
    ...(server === undefined ? {} : { server }),
    ...(adapter === undefined ? {} : { adapter }),
  };
}
