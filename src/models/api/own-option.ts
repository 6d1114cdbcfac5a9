import type { APIModelOptions, RequestArgs } from '../../contract/base-api-model.ts';
import { AisBenchError } from '../../contract/errors.ts';
import { type ContentPart, listMedia, type PromptType, partUrl } from '../../contract/prompt-list.ts';

/**
 * A class's own option that is one of a few words; the first of them where the config gives none. `key` as the config
 * writes it. Throws UTILS-CFG-002 for any other value.
 */
export function readChoice<const Word extends string>(
  options: APIModelOptions,
  key: string,
  words: readonly [Word, ...Word[]],
): Word {
  const value = options[key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())];
  if (value === undefined) return words[0];
  const chosen = words.find((word) => word === value);
  if (chosen !== undefined) return chosen;
  throw new AisBenchError('UTILS-CFG-002', `${key} is ${JSON.stringify(value)}`, {
    where: key,
    cure: `use one of: ${words.join(', ')}`,
  });
}

/**
 * Divides `generation_kwargs` for a protocol whose sampling options are an object of their own: the keys of `besides` stay beside it,
 * every other one goes into it, and so does what the kwargs hold under its own name, `object`.
 */
export function divideKwargs(
  { generationKwargs }: APIModelOptions,
  object: string,
  besides: ReadonlySet<string>,
): { readonly beside: Record<string, unknown>; readonly inside: Record<string, unknown> } {
  const own = Object.entries(generationKwargs).filter(([key]) => key !== object);
  const inside = own.filter(([key]) => !besides.has(key));
  return {
    beside: Object.fromEntries(own.filter(([key]) => besides.has(key))),
    inside: { ...Object.fromEntries(inside), ...(generationKwargs[object] as object) },
  };
}

/** Throws where a request is for an adapter that the protocol cannot name: the base model in its place would be a wrong result. */
export function refuseAdapter(className: string, args: RequestArgs | undefined): void {
  if (args?.adapter === undefined) return;
  throw new AisBenchError('UTILS-CFG-002', `${className} cannot select the adapter "${args.adapter}"`, {
    where: 'type',
    cure: 'take the adapters out of the config, or use a class whose requests name one (docs/models.md)',
  });
}

/**
 * Throws where the prompt has parts that the protocol cannot carry: without them it would be another question. `types`: which
 * parts those are, all that are no text unless given. Throws ICLR-PARAM-003.
 */
export function refuseMedia(className: string, input: PromptType, types?: readonly string[]): void {
  const part = listMedia(input).find(({ type }) => types === undefined || types.includes(type));
  if (part === undefined) return;
  throw new AisBenchError('ICLR-PARAM-003', `${className} cannot send a part ${part.type}`, {
    where: 'type',
    cure: 'use VLLMCustomAPIChat, or another class that takes such parts (docs/multimodal.md)',
  });
}

/**
 * Returns type and base64 of a part whose URL holds its data. Throws ICLR-PARAM-003 for any other URL: a protocol that carries data only
 * could send nothing in its place.
 */
export function inlineData(className: string, part: ContentPart): { mimeType: string; data: string } {
  const [, mimeType = '', data] = /^data:([^;,]+);base64,(.*)$/s.exec(partUrl(part) ?? '') ?? [];
  if (data !== undefined) return { mimeType, data };
  throw new AisBenchError('ICLR-PARAM-003', `${className} cannot send a part ${part.type} by its URL`, {
    where: 'type',
    cure: "set the dataset's mm_type to base64, or give a data: URL (docs/multimodal.md)",
  });
}
