import type { LocalModelPlan } from '../config/plan.ts';
import type { BaseModel, PeakMemory } from '../contract/base-model.ts';
import type { LocalModelClass } from '../contract/class-ref.ts';
import { AisBenchError, messageOf } from '../contract/errors.ts';
import { loadModelClass } from '../load-class.ts';
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

/** Lets the model free what it took. Returns what is worth telling; throws nothing, for the answers are there. */
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
