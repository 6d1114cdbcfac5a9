/** Typed fields of a request's body. Each protocol reports a wrong field in its own words. */
import { type InferenceEngine, PromptRefused, type ReadPrompt, type Sampling } from './engine.ts';
import type { HttpError } from './exchange.ts';

/** A request's JSON body. */
export type Body = Readonly<Record<string, unknown>>;

/** Types that a field can have. */
export type FieldType = 'number' | 'integer' | 'boolean' | 'string' | 'list of texts' | 'object';

/** Makes the reply for a field of the wrong type. `name` is its path, e.g. `parameters.seed`. */
export type Complain = (name: string, expected: FieldType, value: unknown) => HttpError;

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Parses a JSON object; undefined for anything else. */
export function parseObject(text: string): Body | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Reads typed fields, and throws the protocol's error for a wrong one. */
export class BodyFields {
  readonly #values: Body;
  readonly #prefix: string;
  readonly #complain: Complain;

  constructor(values: Body, complain: Complain, prefix = '') {
    this.#values = values;
    this.#complain = complain;
    this.#prefix = prefix;
  }

  /** A field that is absent or null is undefined, here and below. */
  number(name: string): number | undefined {
    return this.#typed(name, 'number', (value): value is number => typeof value === 'number');
  }

  integer(name: string): number | undefined {
    return this.#typed(name, 'integer', (value): value is number => Number.isInteger(value));
  }

  string(name: string): string | undefined {
    return this.#typed(name, 'string', (value): value is string => typeof value === 'string');
  }

  boolean(name: string): boolean | undefined {
    return this.#typed(name, 'boolean', (value): value is boolean => typeof value === 'boolean');
  }

  has(name: string): boolean {
    return this.#values[name] !== undefined && this.#values[name] !== null;
  }

  /** Accepts one text as a list of one. */
  texts(name: string): readonly string[] {
    const value = this.#values[name];
    if (typeof value === 'string') return [value];
    const isTexts = (list: unknown): list is readonly string[] =>
      Array.isArray(list) && list.every((item) => typeof item === 'string');
    return this.#typed(name, 'list of texts', isTexts) ?? [];
  }

  /** The fields of an object within; none when it is absent. */
  within(name: string): BodyFields {
    const values = this.#typed(name, 'object', isObject) ?? {};
    return new BodyFields(values, this.#complain, `${this.#prefix}${name}.`);
  }

  #typed<T>(name: string, type: FieldType, is: (value: unknown) => value is T): T | undefined {
    const value = this.#values[name];
    if (value === undefined || value === null) return undefined;
    if (is(value)) return value;
    throw this.#complain(this.#prefix + name, type, value);
  }
}

/** Throws PromptRefused for a prompt that leaves no room for a reply, or that the engine cannot take. */
export function readText(engine: InferenceEngine, text: string): ReadPrompt {
  const read = engine.read({ kind: 'text', text });
  if (read.tokens < engine.contextLength) return read;
  throw new PromptRefused(
    `the prompt has at least ${read.tokens} tokens, and prompt and reply together may have ${engine.contextLength}`,
  );
}

/** Sampling as the request gives it; undefined where it does not. */
export type RequestedSampling = { readonly [Key in keyof Sampling]?: Sampling[Key] | undefined } & {
  readonly maxTokens: number;
};

/** `maxTokens` is cut to what the context has room for, as TGI does; the rest is what was given, or changes nothing. */
export function fillSampling(
  engine: InferenceEngine,
  prompt: ReadPrompt,
  given: RequestedSampling,
): Sampling {
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

/** Joins a list of `{ type: 'text', text }`; undefined for anything else, such as images. */
export function joinTextParts(parts: unknown): string | undefined {
  if (!Array.isArray(parts) || parts.length === 0) return undefined;
  const texts = parts.map((part) => (isObject(part) && part['type'] === 'text' ? part['text'] : undefined));
  return texts.every((text) => typeof text === 'string') ? texts.join('\n') : undefined;
}
