import { join, resolve } from 'node:path';
import { catalog, pythonClasses } from './catalog.ts';
import { modelCode, partCode } from './config/class-code.ts';
import { inlineClass, isClass, loadOnce, noteClasses, notePart, valueAt } from './config/class-source.ts';
import { importFrom, loadConfig } from './config/load.ts';
import { loadContext } from './config/places.ts';
import { PYTHON_MODULE } from './config/python-plugins.ts';
import { detectAttr } from './contract/base-model.ts';
import { type ClassRef, INLINE, type ModelClass, SHIPPED } from './contract/class-ref.ts';
import type { DatasetType } from './contract/dataset.ts';
import { AisBenchError } from './contract/errors.ts';

/**
 * Loads the model class that a plan names, once in this process. Throws WORKER-CODE-001 where the code is not here or is not what the plan was
 * made with, and as the class's own file does.
 */
export async function loadModelClass(ref: ClassRef, base: string): Promise<ModelClass> {
  const found = await load(ref, base, catalog.models, (type) =>
    detectAttr(type) === undefined ? undefined : modelCode(type as ModelClass, catalog, base),
  );
  return found as ModelClass;
}

/** Loads the dataset class that a plan names, as `loadModelClass` does. */
export async function loadDataset(ref: ClassRef, base: string): Promise<DatasetType> {
  const found = await load(ref, base, catalog.datasets, async (type) => partCode(type, base));
  return found as DatasetType;
}

/** Loads an inferencer, evaluator or arrival of the user's that a plan names, as `loadModelClass` does. */
export function loadPart(ref: ClassRef, base: string): Promise<object> {
  return load(ref, base, {}, async (part) => partCode(part, base), isPart);
}

type CodeOf = (type: object) => Promise<string | undefined> | undefined;

async function load(
  ref: ClassRef,
  base: string,
  shipped: Readonly<Record<string, () => Promise<object>>>,
  codeOf: CodeOf,
  isIt = isClass,
): Promise<object> {
  if (ref.module === SHIPPED && Object.hasOwn(shipped, ref.export)) return shipped[ref.export]!();
  if (ref.module === INLINE) {
    const found = inlineClass(ref);
    if (found !== undefined) return found;
    throw unloadable(ref, 'a program handed it over, and another process cannot load it', [
      'export it from a file and name that in the config, or run the plan in the process that made it',
    ]);
  }
  const { module } = ref;
  return loadOnce(ref, base, async () => {
    const found = await fromUser(ref, base);
    if (!isIt(found)) throw unloadable(ref, `there is none at ${ref.module}`);
    const isUnchecked = ref.code === undefined || module.startsWith(PYTHON_MODULE);
    if (isUnchecked || (await codeOf(found)) === ref.code) return found;
    throw unloadable(ref, 'it is not the one that the run was planned with');
  });
}

/** Whether a value can be an evaluator, or is a function. */
function isPart(value: unknown): value is object {
  return typeof value === 'function' || (typeof value === 'object' && value !== null);
}

/** A file of the user's, or a package that is installed there. */
async function fromUser(ref: ClassRef, base: string): Promise<unknown> {
  const { module, export: place, service } = ref;
  const file = resolve(base, module);
  if (module.startsWith(PYTHON_MODULE))
    return pythonClasses({
      ...{ file: module.slice(PYTHON_MODULE.length), name: place, folder: base },
      ...(service && { service }),
    });
  if (module.endsWith('.py')) {
    const made = await pythonClasses({ file, name: place, folder: base, ...(service && { service }) });
    noteClasses({ [place]: made }, file);
    return made;
  }
  const context = loadContext(base);
  if (!/^\.\/|^\/|^[A-Za-z]:/.test(module))
    return (await importFrom(join(base, 'index.js'), module, context.entry))[place];
  const found = valueAt((await loadConfig(file, context)).values, place);
  if (isPart(found)) notePart(found, file, place);
  return found;
}

function unloadable(
  { name, module, export: place }: ClassRef,
  why: string,
  [cure]: string[] = [],
): AisBenchError {
  return new AisBenchError('WORKER-CODE-001', `the class ${name} cannot be loaded: ${why}`, {
    where: module === INLINE ? INLINE : `${module}: ${place}`,
    cure:
      cure ?? 'copy the class and its config to the folder that the plan is run in; no code is sent there',
  });
}
