import { detectAttr } from '../contract/base-model.ts';
import { AisBenchError } from '../contract/errors.ts';
import { type Catalog, type ModelClass, unknownName } from './catalog.ts';
import { splitPackage } from './own-classes.ts';
import type { RawEntry } from './validate.ts';

/**
 * The class that a model entry's `type` means: a class itself, a shipped name, `file.py:Class`, `package/export`, or the
 * name of a class in the user's folder. Throws UTILS-CFG-003 with the nearest name.
 */
export async function classOf(entry: RawEntry, catalog: Catalog): Promise<ModelClass> {
  const { type } = entry.values;
  if (typeof type === 'function') return type as ModelClass;
  const { models, own } = catalog;
  if (typeof type === 'string' && type !== '') {
    if (Object.hasOwn(models, type)) return models[type]!();
    const found = await ownClass(type, entry, own);
    if (found !== undefined) return found as ModelClass;
  }
  throw unknownName('model class', type, [...Object.keys(models), ...(own?.names() ?? [])], entry);
}

async function ownClass(type: string, entry: RawEntry, own: Catalog['own']): Promise<unknown> {
  const [, file, name] = /^(.+\.py):(.+)$/.exec(type) ?? [];
  if (file !== undefined && name !== undefined) return own?.fromPython(file, name, entry);
  const isPackage = /^[^./].*\/[^/]+$/.test(type);
  return isPackage ? own?.fromPackage(...splitPackage(type), entry) : own?.find(type, entry);
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
