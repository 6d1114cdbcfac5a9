import { defined } from '../basics/defined.ts';
import { detectAttr } from '../contract/base-model.ts';
import { type ClassRef, INLINE, type ModelClass, SHIPPED } from '../contract/class-ref.ts';
import type { DatasetType } from '../contract/dataset.ts';
import { AisBenchError } from '../contract/errors.ts';
import { type Catalog, type FoundClass, unknownName } from './catalog.ts';
import { isShipped, modelCode, partCode } from './class-code.ts';
import { classSource, inlineRef, isClass, loadOnce, moduleName } from './class-source.ts';
import { splitPackage } from './own-classes.ts';
import type { RawEntry } from './validate.ts';

/** A model class, and its name in the plan. */
export interface ResolvedClass {
  readonly modelClass: ModelClass;
  readonly ref: ClassRef;
}

/**
 * Finds the class that a model entry's `type` means: a class itself, a shipped name, `file.py:Class`, `package/export`, or the
 * name of a class in the user's folders. Throws UTILS-CFG-003 with the nearest name.
 */
export async function classOf(entry: RawEntry, catalog: Catalog, base: string): Promise<ResolvedClass> {
  const { type } = entry.values;
  const { models, own, plugins } = catalog;
  if (typeof type === 'function') return handedOver(type as ModelClass, catalog, base);
  if (typeof type === 'string' && type !== '') {
    if (Object.hasOwn(models, type)) return shippedClass(type, await models[type]!());
    const part = plugins?.find('models', type);
    if (part !== undefined)
      return userClass({ modelClass: part.value as ModelClass, place: part.place }, catalog, base);
    const found = await ownClass(type, entry, own);
    if (found !== undefined) return userClass(found, catalog, base);
  }
  const known = [...Object.keys(models), ...(plugins?.names('models') ?? []), ...(own?.names(entry) ?? [])];
  throw unknownName('model class', type, { known, ...defined({ places: own?.places(entry) }) }, entry);
}

/** A class that a config, or a program, holds as it is. */
async function handedOver(modelClass: ModelClass, catalog: Catalog, base: string): Promise<ResolvedClass> {
  const { name } = modelClass;
  if (await isShipped(modelClass, catalog.models)) return shippedClass(name, modelClass);
  const source = classSource(modelClass);
  const place = source ?? inlineRef(modelClass);
  const module = source === undefined ? INLINE : moduleName(source.path, base);
  return userClass({ modelClass, place: { module, export: place.export } }, catalog, base);
}

function shippedClass(name: string, modelClass: ModelClass): ResolvedClass {
  return { modelClass, ref: { module: SHIPPED, export: name, name: modelClass.name } };
}

async function userClass(
  { modelClass, place }: FoundClass,
  catalog: Catalog,
  base: string,
): Promise<ResolvedClass> {
  const code = await modelCode(modelClass, catalog, base);
  const ref = { ...place, name: modelClass.name, ...defined({ code }) };
  return { modelClass: (await loadOnce(ref, base, async () => modelClass)) as ModelClass, ref };
}

async function ownClass(type: string, entry: RawEntry, own: Catalog['own']): Promise<FoundClass | undefined> {
  const [, file, name] = /^(.+\.(?:py|[cm]?[jt]s)):(.+)$/.exec(type) ?? [];
  if (file !== undefined && name !== undefined) return own?.fromFile(file, name, entry);
  const isPackage = /^[^./].*\/[^/]+$/.test(type);
  return isPackage ? own?.fromPackage(...splitPackage(type), entry) : own?.find(type, entry);
}

/** Names the dataset class that an entry's `type` means: a shipped name, or a dataset itself. Throws UTILS-CFG-003. */
export async function datasetRef(
  type: unknown,
  entry: RawEntry,
  { datasets, plugins }: Catalog,
  base: string,
): Promise<ClassRef> {
  if (typeof type === 'object' && isClass(type)) {
    const { name = 'dataset' } = type as Partial<DatasetType>;
    return partRef(type, name, base);
  }
  if (typeof type === 'string' && Object.hasOwn(datasets, type))
    return { module: SHIPPED, export: type, name: (await datasets[type]!()).name };
  const part = typeof type === 'string' ? plugins?.find('datasets', type) : undefined;
  if (part !== undefined) return partRef(part.value, String(type), base);
  const known = [...Object.keys(datasets), ...(plugins?.names('datasets') ?? [])];
  throw unknownName('dataset class', type, { known }, entry);
}

/** Names a part that does not ship, with its code: a dataset class, an evaluator, an inferencer, an arrival. */
export async function partRef(part: object, name: string, base: string): Promise<ClassRef> {
  const source = classSource(part);
  const place = source ?? inlineRef(part);
  const module = source === undefined ? INLINE : moduleName(source.path, base);
  const ref = { module, export: place.export, name, code: partCode(part, base) };
  await loadOnce(ref, base, async () => part);
  return ref;
}

/** Throws UTILS-CFG-002 where `attr` is neither of the two words, or not what the class is. */
export function requireAttr(entry: RawEntry, modelClass: ModelClass): void {
  const { attr } = entry.values;
  const is = detectAttr(modelClass);
  if ((attr === 'service' || attr === 'local') && (is === undefined || is === attr)) return;
  const given = attr === undefined ? 'attr is missing' : `attr is ${JSON.stringify(attr)}`;
  const contrast =
    is === undefined ? '' : `, but ${modelClass.name} is a ${is === 'local' ? 'local' : 'service'} model`;
  throw new AisBenchError('UTILS-CFG-002', `${entry.label}: ${given}${contrast}`, {
    where: entry.where(['attr']),
    cure:
      is === undefined
        ? 'write attr: "service" for a model behind a service, attr: "local" for one loaded here'
        : `write attr: "${is}"`,
  });
}
