import { isObject } from '../fields.ts';

/** The text of a list of `{ type: 'text', text }`; undefined for anything else, images and their like among it. */
export function textOfParts(parts: unknown): string | undefined {
  if (!Array.isArray(parts) || parts.length === 0) return undefined;
  const texts = parts.map((part) => (isObject(part) && part['type'] === 'text' ? part['text'] : undefined));
  return texts.every((text) => typeof text === 'string') ? texts.join('\n') : undefined;
}
