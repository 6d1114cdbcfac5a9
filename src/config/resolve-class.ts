import { defined } from '../basics/defined.ts';
import { detectAttr } from '../contract/base-model.ts';
import { type ClassRef, INLINE, type ModelClass, SHIPPED } from '../contract/class-ref.ts';
import type { DatasetType } from '../contract/dataset.ts';
import { AisBenchError } from '../contract/errors.ts';
import { type Catalog, type FoundClass, type FoundPart, unknownName } from './catalog.ts';
import { isShipped, modelCode, partCode } from './class-code.ts';
import { classSource, inlineRef, isClass, loadOnce, moduleName } from './class-source.ts';
import { RUN_THERE, whatIsMissing } from './find.ts';
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
  const { models, own, plugins, pythonPlugins } = catalog;
  if (typeof type === 'function') return handedOver(type as ModelClass, catalog, base);
  if (typeof type === 'string' && type !== '') {
    if (Object.hasOwn(models, type)) return shippedClass(type, await models[type]!());
    const part = plugins?.find('models', type);
    if (part !== undefined) {
      // A plugin's own folder may be one of those that are searched.
      const beside = own?.names(entry).includes(type) ? await own.find(type, entry) : undefined;
      if (beside !== undefined && beside.modelClass !== part.value) throw ownClash(type, part, beside);
      return userClass({ modelClass: part.value as ModelClass, place: part.place }, catalog, base);
    }
    const found = await ownClass(type, entry, own);
    if (found !== undefined) return userClass(found, catalog, base);
    const ofPython = await pythonPlugins?.find(type, entry);
    if (ofPython !== undefined) return ofPython;
  }
  const known = [
    ...Object.keys(models),
    ...(plugins?.names('models') ?? []),
    ...(own?.names(entry) ?? []),
    ...((await pythonPlugins?.names(entry)) ?? []),
  ];
  const places = [...(own?.places(entry) ?? []), ...((await pythonPlugins?.places(entry)) ?? [])];
  throw unknownName('model class', type, { known, places }, entry);
}

/** A class of a plugin and one of the user's folders have the same name. */
function ownClash(name: string, { place }: FoundPart, beside: FoundClass): AisBenchError {
  return new AisBenchError('PLUGIN-NAME-001', `two of the models have the name "${name}"`, {
    where: `a plugin (${place.module}), and ${beside.place.module}`,
    cure: 'rename one of the two, or name the class by its file: ./models/file.ts:Class',
  });
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
  const shippedName = typeof type === 'string' ? sameName(type, Object.keys(datasets)) : undefined;
  if (shippedName !== undefined)
    return { module: SHIPPED, export: shippedName, name: (await datasets[shippedName]!()).name };
  const part = typeof type === 'string' ? plugins?.find('datasets', type) : undefined;
  if (part !== undefined) return partRef(part.value, String(type), base);
  if (typeof type === 'string') requirePresent(type, entry, ['type']);
  const known = [...Object.keys(datasets), ...(plugins?.names('datasets') ?? [])];
  throw unknownName('dataset class', type, { known }, entry);
}

/** The name, or the only one that is it but for capitals and `_`: `winograndeDataset_V3` is `WinograndeDatasetV3`. */
function sameName(name: string, known: readonly string[]): string | undefined {
  if (known.includes(name)) return name;
  const plain = (one: string) => one.replaceAll('_', '').toLowerCase();
  const found = known.filter((one) => plain(one) === plain(name));
  return found.length === 1 ? found[0] : undefined;
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

/** Throws UTILS-CFG-003 that says what is missing for a class of AISBench's that has no counterpart here. */
export function requirePresent(name: string, entry: RawEntry, keys: readonly string[]): void {
  const missing = whatIsMissing('classes', name);
  if (missing === undefined) return;
  throw new AisBenchError(
    'UTILS-CFG-003',
    `${entry.label}.${keys.join('.')}: AISBench's ${name} does not run here: ${missing}`,
    { where: entry.where(keys), cure: RUN_THERE },
  );
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
