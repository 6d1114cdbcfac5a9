import { isDeepStrictEqual } from 'node:util';
import type { LocalModelPlan } from '../config/plan.ts';
import type { BaseModel } from '../contract/base-model.ts';
import type { RunControl } from './control.ts';
import { closeLocal, openLocal } from './local-model.ts';

interface LoadedModelOptions {
  /** The folder that classes are looked for in. */
  readonly base: string;
  readonly control: RunControl;
  readonly listener: { warned(text: string): void };
}

/** The one local model that is in memory. Whoever asks for the same again has it as it is; another takes its place. */
export class LoadedModel {
  readonly #options: LoadedModelOptions;
  #loaded: { readonly plan: LocalModelPlan; readonly model: BaseModel } | undefined;

  constructor(options: LoadedModelOptions) {
    this.#options = options;
  }

  /** Undefined where the run was stopped meanwhile. Throws as `openLocal` does. */
  async open(plan: LocalModelPlan): Promise<BaseModel | undefined> {
    if (this.#loaded !== undefined && isSameModel(this.#loaded.plan, plan)) return this.#loaded.model;
    await this.close();
    const { base, control } = this.#options;
    const model = await openLocal(plan, base, control.signal);
    if (model !== undefined) this.#loaded = { plan, model };
    return model;
  }

  /** Lets it go; trouble is told. */
  async close(): Promise<void> {
    const loaded = this.#loaded;
    if (loaded === undefined) return;
    this.#loaded = undefined;
    const { control, listener } = this.#options;
    const trouble = await closeLocal(loaded.plan, loaded.model, control.signal);
    if (trouble !== undefined) listener.warned(trouble);
  }
}

/** What a local model is made of is its class and its options, whatever it is called. */
export function isSameModel(one: LocalModelPlan, other: LocalModelPlan): boolean {
  return isDeepStrictEqual([one.modelClass, one.options], [other.modelClass, other.options]);
}
