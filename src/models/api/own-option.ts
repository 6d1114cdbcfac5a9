import type { APIModelOptions, RequestArgs } from '../../contract/base-api-model.ts';
import { AisBenchError } from '../../contract/errors.ts';
import { listMedia, type PromptType } from '../../contract/prompt-list.ts';

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
