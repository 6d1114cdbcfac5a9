import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type InferenceEngine,
  type Prompt,
  PromptRefused,
  type ReadPrompt,
  type Sampling,
} from './engine.ts';

/** A reply that ends a request early, with the body that the protocol's clients expect. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  /** A text is sent as it is, anything else as JSON. */
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) {
    super(`HTTP ${status}`);
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

type HeaderFields = Readonly<Record<string, string>>;

/** One request and its reply, as a protocol sees them. */
export interface HttpExchange {
  /** The request's body, '' for a GET. */
  readonly body: string;
  /** Values of the path's `{names}`. */
  readonly params: Readonly<Record<string, string>>;
  /** Aborted when the connection closes, from either side. */
  readonly signal: AbortSignal;
  /** Replies with a whole body: a text as it is, anything else as JSON. */
  reply(status: number, body: unknown, headers?: HeaderFields): void;
  /** Sends the headers of a stream at once; its parts follow. */
  stream(headers?: HeaderFields): StreamWriter;
}

interface StreamWriter {
  write(text: string): void;
  /** Writes `text` and ends the reply. */
  end(text: string): void;
}

/** A protocol's error replies. */
export interface ErrorWords {
  /** The engine cannot take the request. */
  refused(message: string): HttpError;
  /** The engine failed before the reply began. */
  broken(message: string): HttpError;
  /** The end of a stream in which the engine failed. */
  brokenStream(message: string): string;
}

/** One method and path of a protocol. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /**
   * A `{name}` matches one part of the path, or what a part has before the text that follows the name. `?name=value` at its end:
   * only a request with that in its query; such a route is tried before the one without.
   */
  readonly path: string;
  readonly words: ErrorWords;
  /** Where protocols share a path: whether this body is for this one. */
  accepts?(body: Readonly<Record<string, unknown>>): boolean;
  handle(exchange: HttpExchange): Promise<void> | void;
}

/** Makes the route of a GET. */
export function get(path: string, words: ErrorWords, handle: Route['handle']): Route {
  return { method: 'GET', path, words, handle };
}

/** Makes the route of a POST; `accepts` where protocols share its path. */
export function post(
  path: string,
  words: ErrorWords,
  handle: Route['handle'],
  accepts?: NonNullable<Route['accepts']>,
): Route {
  return { method: 'POST', path, words, handle, ...(accepts && { accepts }) };
}

const EVENT_STREAM = { 'content-type': 'text/event-stream; charset=utf-8' };

/** Wraps a response for a protocol. */
export function createExchange(
  response: ServerResponse,
  body: string,
  params: Readonly<Record<string, string>>,
  signal: AbortSignal,
): HttpExchange {
  return {
    body,
    params,
    signal,
    reply: (status, value, headers) => sendReply(response, status, value, headers),
    stream(headers = EVENT_STREAM) {
      response.writeHead(200, headers).flushHeaders();
      return { write: (text) => void response.write(text), end: (text) => void response.end(text) };
    },
  };
}

/** Writes a whole reply. */
export function sendReply(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: HeaderFields = {},
): void {
  const isText = typeof value === 'string';
  const body = isText ? value : JSON.stringify(value);
  response.writeHead(status, {
    ...(body === '' ? {} : { 'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json' }),
    'content-length': Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}

/** Bytes that the bodies of all requests together may still have. */
export interface BodyRoom {
  left: number;
}

/**
 * Reads the request's body as text. Throws HttpError 413 for more than `limit` bytes, and 503 where the bodies of all requests are too
 * many, without keeping them.
 */
export function readBody(request: IncomingMessage, limit: number, room: BodyRoom): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const free = (): void => {
      for (const { length } of chunks) room.left += length;
      chunks.length = 0;
    };
    const refuse = (status: 413 | 503, message: string): void => {
      free();
      // What is still on its way is read and dropped, so that the client is not cut off before it sees the reply.
      request.removeAllListeners('data').resume();
      const type = status === 413 ? 'RequestEntityTooLarge' : 'ServiceUnavailable';
      reject(
        new HttpError(
          status,
          { error: { message, type, param: null, code: status } },
          { connection: 'close' },
        ),
      );
    };
    const tooLarge = () => refuse(413, `The request body is larger than ${limit} bytes.`);
    if (Number(request.headers['content-length'] ?? 0) > limit) return tooLarge();
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) return tooLarge();
      if (chunk.length > room.left) return refuse(503, 'The bodies of all requests together are too large.');
      chunks.push(chunk);
      room.left -= chunk.length;
    });
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      free();
      resolve(body);
    });
    request.on('close', free);
    request.on('error', reject);
  });
}

/** A request's JSON body. */
export type Body = Readonly<Record<string, unknown>>;

/** Types that a field can have. */
type FieldType = 'number' | 'integer' | 'boolean' | 'string' | 'list of texts' | 'object';

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
  return readFitting(engine, { kind: 'text', text });
}

/** Does the same for any prompt. */
export function readFitting(engine: InferenceEngine, prompt: Prompt): ReadPrompt {
  const read = engine.read(prompt);
  if (read.tokens < engine.contextLength) return read;
  throw new PromptRefused(
    `the prompt has at least ${read.tokens} tokens, and prompt and reply together may have ${engine.contextLength}`,
  );
}

/** Sampling as the request gives it; undefined where it does not. */
type RequestedSampling = { readonly [Key in keyof Sampling]?: Sampling[Key] | undefined } & {
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
