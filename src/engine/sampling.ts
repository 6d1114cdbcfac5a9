/** What the plain-text protocols share: reading a prompt, and filling in what a request leaves open. */
import { type Engine, PromptRefused, type ReadPrompt, type Sampling } from './types.ts';

/** Throws PromptRefused for a prompt that leaves no room for a reply, or that the engine cannot take. */
export function readText(engine: Engine, text: string): ReadPrompt {
  const read = engine.read({ kind: 'text', text });
  if (read.tokens < engine.contextLength) return read;
  throw new PromptRefused(
    `the prompt has at least ${read.tokens} tokens, and prompt and reply together may have ${engine.contextLength}`,
  );
}

/** What a request says of its sampling; undefined where it says nothing. */
export type GivenSampling = { readonly [Key in keyof Sampling]?: Sampling[Key] | undefined } & {
  readonly maxTokens: number;
};

/** `maxTokens` is cut to what the context has room for, as TGI does; the rest is what was given, or changes nothing. */
export function samplingOf(engine: Engine, prompt: ReadPrompt, given: GivenSampling): Sampling {
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const room = engine.contextLength - prompt.tokens;
  return { ...OPEN, ...set, maxTokens: Math.min(given.maxTokens, room) };
}

const OPEN: Omit<Sampling, 'maxTokens'> = {
  minTokens: 0,
  stop: [],
  keepStop: false,
  ignoreEos: false,
  temperature: 1,
  topP: 1,
  topK: 0,
  seed: undefined,
};
