/** A local model and its plan, as tests of a run need them. */
import { inlineRef } from '../../src/config/class-source.ts';
import type { LocalModelPlan } from '../../src/config/plan.ts';
import {
  BaseModel,
  type GenerateArgs,
  type Generated,
  type LocalModelOptions,
} from '../../src/contract/base-model.ts';
import { type LocalModelClass, optionalMethods } from '../../src/contract/class-ref.ts';
import { type PromptType, toText } from '../../src/contract/prompt-list.ts';

/** Says every prompt again, and keeps the batches that it was given. */
export class Parrot extends BaseModel {
  readonly batches: { readonly prompts: readonly string[]; readonly maxOutLen: number }[] = [];

  async generate(
    inputs: readonly PromptType[],
    maxOutLen: number,
    _args: GenerateArgs,
  ): Promise<readonly Generated[]> {
    const prompts = inputs.map(toText);
    this.batches.push({ prompts, maxOutLen });
    await new Promise((resolve) => setTimeout(resolve, 1));
    return prompts.map((prompt) => `said ${prompt}`);
  }
}

export function localOptions(options: Partial<LocalModelOptions> = {}): LocalModelOptions {
  return {
    path: 'weights',
    maxOutLen: 16,
    batchSize: 3,
    maxSeqLen: 2048,
    tokenizerOnly: false,
    generationKwargs: {},
    ...options,
  };
}

/** What the plan of a local model says about its class. */
export function localClass(modelClass: LocalModelClass): Pick<LocalModelPlan, 'modelClass' | 'methods'> {
  return { modelClass: inlineRef(modelClass), methods: optionalMethods(modelClass) };
}

export function localPlan(plan: Partial<LocalModelPlan> = {}): LocalModelPlan {
  const { concurrency = 3 } = plan;
  return {
    attr: 'local',
    abbr: 'local',
    ...localClass(Parrot),
    options: localOptions({ batchSize: concurrency }),
    concurrency,
    arrival: { kind: 'closed' },
    attempts: 1,
    repetitions: 1,
    metaTemplate: undefined,
    origins: {},
    ...plan,
  };
}
