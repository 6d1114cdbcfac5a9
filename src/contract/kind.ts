import type { BaseAPIModel } from './base-api-model.ts';
import type { BaseModel } from './base-model.ts';

/** What a config's `attr` says of a model: behind a service, or loaded in this process. */
export type ModelAttr = 'service' | 'local';

/**
 * What kind of model a value is the class of; undefined for anything else. Told by its methods, not by `instanceof`: a
 * package may bring a copy of ais-bench of its own.
 */
export function attrOf(value: unknown): ModelAttr | undefined {
  if (typeof value !== 'function') return undefined;
  const prototype = value.prototype as Partial<BaseAPIModel & BaseModel> | undefined;
  const has = (method: keyof BaseAPIModel | keyof BaseModel) => typeof prototype?.[method] === 'function';
  if (has('getServiceModelPath') || (has('getRequestBody') && has('getUrl'))) return 'service';
  return has('generate') ? 'local' : undefined;
}
