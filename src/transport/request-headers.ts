import { nearest } from '../basics/nearest.ts';
import {
  type APIModelOptions,
  type BaseAPIModel,
  makeBaseUrl,
  type RequestArgs,
} from '../contract/base-api-model.ts';
import { basicCredentials } from './proxy.ts';

type RequestHeaders = Readonly<Record<string, string>>;

/** Returns a JSON body's content type, the key where one is set, the model class's own headers, the config's; later ones replace earlier ones. */
export function requestHeaders(model: BaseAPIModel, args: RequestArgs, json = true): Record<string, string> {
  const { options } = model;
  return mergeHeaders([
    json ? { 'content-type': 'application/json' } : {},
    authorization(options),
    model.headers?.(args) ?? {},
    configured(options, args),
  ]);
}

/** Returns the headers of a request outside the load (such as the list of models): the key and the config's. */
export function plainHeaders(options: APIModelOptions): Record<string, string> {
  const args = { index: 0, repetition: 0, turn: 0, conversationId: 'none' };
  return mergeHeaders([authorization(options), configured(options, args)]);
}

/** No key, no header: some services refuse a request that carries an empty or a made-up one. */
function authorization(options: APIModelOptions): RequestHeaders {
  const { apiKey } = options;
  if (apiKey !== '') return { authorization: `Bearer ${apiKey}` };
  const basic = basicCredentials(new URL(makeBaseUrl(options)));
  return basic === undefined ? {} : { authorization: basic };
}

function configured({ headers = {} }: APIModelOptions, args: RequestArgs): RequestHeaders {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, filled(value, args)]));
}

/**
 * Returns headers of several sources, later ones in place of earlier ones; an empty value takes a header away. Names are compared without
 * regard to case: two of one name would both be sent.
 */
export function mergeHeaders(layers: readonly RequestHeaders[]): Record<string, string> {
  const byName = new Map<string, readonly [string, string]>();
  for (const layer of layers) {
    for (const [name, value] of Object.entries(layer)) {
      if (value === '') byName.delete(name.toLowerCase());
      else byName.set(name.toLowerCase(), [name, value]);
    }
  }
  return Object.fromEntries(byName.values());
}

/** What a header's fields may say about its request. */
export interface HeaderFacts {
  readonly conversationId: string;
  readonly index: number;
  readonly repetition: number;
  readonly turn: number;
}

const FIELDS: Readonly<Record<string, (facts: HeaderFacts) => string | number>> = {
  conversation_id: ({ conversationId }) => conversationId,
  index: ({ index }) => index,
  repetition: ({ repetition }) => repetition,
  turn: ({ turn }) => turn,
};

/** `{turn}` and `{env:NAME}`; braces around anything else are text, so that a value may hold JSON. */
const FIELD = /\{([a-z_]+)(?::([^{}]*))?\}/gi;

/** A token of RFC 9110. */
const NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/i;

/** Headers that the HTTP engine writes itself: a second value would break the message. */
const ENGINE_OWN = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
]);

/** Why a header cannot be sent, or undefined. `value` may hold fields. */
export function headerProblem(name: string, value: string): string | undefined {
  if (!NAME.test(name)) return 'this is no header name';
  if (ENGINE_OWN.has(name.toLowerCase())) return 'this header is written by the HTTP engine';
  if (valueIsUnsendable(value)) return 'a header holds one line of Latin-1 text';
  for (const [field, word = '', argument] of value.matchAll(FIELD)) {
    const problem = fieldProblem(field, word, argument);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Whether HTTP refuses the value: control characters (except tab) and what is not Latin-1. */
export function valueIsUnsendable(value: string): boolean {
  return /[^\t\x20-\x7e\x80-\xff]/.test(value);
}

function fieldProblem(field: string, word: string, argument: string | undefined): string | undefined {
  if (word === 'env') {
    return argument ? undefined : `${field} names no variable: write {env:NAME}`;
  }
  if (Object.hasOwn(FIELDS, word) && argument === undefined) return undefined;
  const known = [...Object.keys(FIELDS), 'env:NAME'];
  const near = nearest(word, known);
  return `there is no field ${field}: ${near === undefined ? `use one of {${known.join('}, {')}}` : `did you mean {${near}}?`}`;
}

/** Puts environment variables in and reports each value to `taken`. Throws where a variable is not set. */
export function withEnvironment(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
  taken: (value: string) => void,
): string {
  return text.replace(FIELD, (field, word: string, name: string | undefined) => {
    if (word !== 'env' || name === undefined) return field;
    const value = env[name];
    if (value === undefined || value === '') throw new Error(`the environment variable ${name} is not set`);
    taken(value);
    return value;
  });
}

/** Fills a header's fields for one call. */
export function filled(value: string, facts: HeaderFacts): string {
  return value.replace(FIELD, (field, word: string, argument: string | undefined) =>
    argument === undefined && Object.hasOwn(FIELDS, word) ? String(FIELDS[word]!(facts)) : field,
  );
}
