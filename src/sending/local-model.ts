import { isDeepStrictEqual } from 'node:util';
import type { LocalModelPlan } from '../config/plan.ts';
import type { BaseModel, PeakMemory } from '../contract/base-model.ts';
import type { LocalModelClass } from '../contract/class-ref.ts';
import { AisBenchError, messageOf } from '../contract/errors.ts';
import { loadModelClass } from '../load-class.ts';
import type { RunControl } from './control.ts';
import { orAborted } from './local-batch.ts';

/** How long a model that was interrupted may take to clean up, ms. */
const LAST_WISH_MS = 3000;

/**
 * Makes the model, whose class is looked for in the folder `base`, and loads its weights. Throws MODEL-IMPL-004 where the class throws anything but an AisBenchError; undefined where the run was
 * stopped meanwhile.
 */
export async function openLocal(
  plan: LocalModelPlan,
  base: string,
  signal: AbortSignal,
): Promise<BaseModel | undefined> {
  const modelClass = (await loadModelClass(plan.modelClass, base)) as LocalModelClass;
  let method = 'constructor';
  try {
    const model = new modelClass(Object.freeze({ ...plan.options }));
    method = 'load';
    if (model.load !== undefined) await orAborted(model.load(signal), signal);
    return model;
  } catch (cause) {
    if (signal.aborted) return undefined;
    // It says what to do already.
    if (cause instanceof AisBenchError) throw cause;
    throw failedIn(plan, method, cause);
  }
}

/** Lets the model free what it took. Returns a warning, if any; throws nothing, for the answers are there. */
export async function closeLocal(
  plan: LocalModelPlan,
  model: BaseModel,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const closing = Promise.resolve(model.close?.());
    await (signal.aborted ? Promise.race([closing, pause(LAST_WISH_MS)]) : closing);
    return undefined;
  } catch (cause) {
    return `${plan.abbr}: close threw: ${messageOf(cause)}`;
  }
}

/** Undefined where the model does not know, or is gone: the answers are there all the same. */
export async function peakMemoryOf(model: BaseModel, signal: AbortSignal): Promise<PeakMemory | undefined> {
  try {
    return await orAborted(model.peakMemory?.(), signal);
  } catch {
    return undefined;
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function failedIn(
  { abbr, modelClass, options }: LocalModelPlan,
  method: string,
  cause: unknown,
): AisBenchError {
  return new AisBenchError('MODEL-IMPL-004', `${modelClass.name}'s ${method} threw: ${messageOf(cause)}`, {
    where: placeIn(cause) ?? abbr,
    cure: `correct it, or the config's path (${options.path})`,
    cause,
  });
}

/** The line of the user's own file that an error came from: of Python's traceback, or of a stack the first that is no package's. */
function placeIn(error: unknown): string | undefined {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const python = [...stack.matchAll(/^ *File "(\/[^"]+)", line (\d+)/gm)].map(
    ([, file, line]) => `${file}:${line}`,
  );
  const places = [...stack.matchAll(/(?:\(|at )(?:file:\/\/)?(\/[^()\s]+:\d+):\d+\)?$/gm)].map(
    ([, place]) => place,
  );
  const isOwn = (place: string | undefined) =>
    !/\/(node_modules|site-packages|ais_bench_worker|lib\/python3[.\d]*)\//.test(place ?? '');
  return python.findLast(isOwn) ?? places.find(isOwn);
}

interface LoadedModelOptions {
  /** The folder that classes are looked for in. */
  readonly base: string;
  readonly control: RunControl;
  readonly listener: { warned(text: string): void };
}

/** The one local model that is in memory. Opening the same again returns it as it is; another takes its place. */
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

  /** Closes it; warns of trouble. */
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
