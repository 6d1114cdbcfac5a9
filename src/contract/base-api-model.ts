import { AisBenchError } from './errors.ts';
import type { RequestOutput } from './output.ts';
import type { PromptType } from './prompt-list.ts';
import type { TlsSettings } from './tls.ts';

/**
 * How the body of a streamed reply is cut into events, and what `parseStreamResponse` gets of each:
 *
 * | framing | an event is | `data` |
 * |---|---|---|
 * | `sse` (default) | a server-sent event | its data, parsed as JSON; `[DONE]`, blank events, events of type `error` and `error` members are dealt with before |
 * | `sse-events` | a server-sent event | the `SseEvent` as it came, `[DONE]` and blank ones included |
 * | `ndjson` | a line | the line, parsed as JSON; blank lines are skipped |
 * | `json-array` | an element of the one array that the body is | the element, parsed |
 * | `bytes` | what the class's `makeSplitter` cuts off | whatever that yields |
 */
export type Framing = (typeof FRAMINGS)[number];

/** All framings. */
export const FRAMINGS = ['sse', 'sse-events', 'ndjson', 'json-array', 'bytes'] as const;

/** One server-sent event: its data, and its type when the server gave one. */
export interface SseEvent {
  readonly data: string;
  readonly type: string | undefined;
}

/** Cuts one body into frames, however its bytes are cut. Each reply has its own. */
export interface FrameSplitter {
  /** Takes the next bytes, which it may keep; returns the frames that they complete. A throw fails the request as `bad-reply`. */
  push(bytes: Uint8Array): readonly unknown[];
  /** Takes the clean end of the body; returns what it completes. A throw says that the body ended inside a frame. */
  end?(): readonly unknown[];
}

/**
 * What `parseStreamBatch` has read. Absent: an event. Of a piece of a body that a class cuts where it parses: `part`, a frame and not the
 * piece's last one; `none`, a piece that completed no frame.
 */
export type BatchStep = 'part' | 'none';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One HTTP request exactly as it will be sent, `host` included; header names are in lower case. */
export interface OutgoingRequest {
  readonly method: HttpMethod;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty where there is no body. */
  readonly body: Uint8Array;
}

/**
 * A request that follows a reply: a poll of what was submitted, or the stream that it points to. To another origin than the first
 * request's go its own headers alone: no key, and no signature.
 */
export interface NextRequest {
  /** Absolute, or relative to the URL of the request before. */
  readonly url: string;
  /** Default `GET`, or `POST` with a body. */
  readonly method?: HttpMethod;
  /** Beside those that every request to the service has. */
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON. */
  readonly body?: object | string | Uint8Array;
  /** Milliseconds to wait before it is sent; default 0. */
  readonly afterMs?: number;
  /** Whether its reply is a stream in the class's framing; default false: one JSON body, as always in text mode. */
  readonly stream?: boolean;
}

/** Takes the messages of one exchange over a protocol of the class's own. */
export interface MessageSink {
  /** Aborts when a deadline passes or the run stops; the class then ends the exchange. */
  readonly signal: AbortSignal;
  /** Stamps a message now; the parser of the mode, `parseStreamResponse` or `parseTextResponse`, reads it later. */
  message(data: unknown): void;
}

/** One request of a class with `exchange`. */
export interface ExchangeRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What `getRequestBody` returned. */
  readonly body: any;
  readonly stream: boolean;
  readonly args: RequestArgs;
}

/** Options of a service model: the fields of its config, in camelCase, frozen (AISBench §2.1). */
export interface APIModelOptions {
  /** Folder of the tokenizer; '' when there is none. */
  readonly path: string;
  /** The service's name for the model; '' to request it from the service. */
  readonly model: string;
  readonly stream: boolean;
  /** Largest number of tokens to generate. */
  readonly maxOutLen: number;
  /** Attempts after the first one. */
  readonly retry: number;
  readonly apiKey: string;
  readonly hostIp: string;
  readonly hostPort: number;
  /** Base URL; when given, host and port are not looked at. */
  readonly url: string;
  readonly enableSsl: boolean;
  readonly trustRemoteCode: boolean;
  /** Sent with every request; values may hold `{conversation_id}`, `{index}`, `{repetition}` and `{turn}`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent untouched with every request. */
  readonly generationKwargs: Readonly<Record<string, unknown>>;
  /** The config's `tls`, for connections that a class with `exchange` makes itself. */
  readonly tls?: TlsSettings;
  /** The service's answer to `v1/models`: a name, or why there is none. */
  readonly discoveredModel?: string | Error;
  /** Options of a class of one's own, named in its `extraOptions`. */
  readonly [option: string]: unknown;
}

/** The request that a body is built for. */
export interface RequestArgs {
  /** Row of the dataset, counted from 0. */
  readonly index: number;
  readonly repetition: number;
  /** Same for all turns of one dialogue, different for every other case. */
  readonly conversationId: string;
  /** Turn of a dialogue, counted from 0. */
  readonly turn: number;
  /** LoRA adapter or other model that this request is for, where the config mixes several. */
  readonly adapter?: string;
  /** Functions that the model may call, in OpenAI's form. */
  readonly tools?: readonly unknown[];
  /** Whether the answer must have exactly `maxOutLen` tokens; only for classes with `fixesLength`. */
  readonly fixedLength?: boolean;
}

/**
 * A model behind an HTTP service. Subclass it, say where the service is, what a request looks like and how a reply is
 * read; sending, retrying, stamping and recording are the engine's.
 */
export abstract class BaseAPIModel {
  /** Config keys (snake_case) that this class takes beside the common ones. */
  static readonly extraOptions: readonly string[] = [];

  /** Whether its requests can fix the length of an answer (`args.fixedLength`). */
  static readonly fixesLength: boolean = false;

  /**
   * Whether an event with text is about one token, so that events may stand for tokens where the service gives no counts. False where the
   * service may send a whole answer, or any piece of one, as an event.
   */
  static readonly chunksAreTokens: boolean = true;

  readonly options: APIModelOptions;

  constructor(options: APIModelOptions) {
    this.options = options;
  }

  /** `url`, or scheme, host and port; always ends with `/` (a query is kept behind it). */
  get baseUrl(): string {
    return makeBaseUrl(this.options);
  }

  /** The model's name: as configured, else as the service gave it. Throws MODEL-DATA-001 when neither is known. */
  getServiceModelPath(): string {
    const { model, discoveredModel } = this.options;
    if (model !== '') return model;
    if (typeof discoveredModel === 'string') return discoveredModel;
    if (discoveredModel instanceof Error) throw discoveredModel;
    throw new AisBenchError('MODEL-DATA-001', 'the model has no name', {
      cure: "set the config's `model`, or give --model NAME",
    });
  }

  /** Returns the absolute URL of a request; without `args` that of the service, to see whether it is there. */
  abstract getUrl(args?: RequestArgs): string;

  /**
   * Returns the body of one request: an object is sent as JSON, a text or bytes as they are; undefined, where the class has `getMethod`: no
   * body. Called once per attempt; the same arguments must give an equal body.
   */
  abstract getRequestBody(
    input: PromptType,
    maxOutLen: number,
    output: RequestOutput,
    args: RequestArgs,
  ): object | string | Uint8Array | undefined | Promise<object | string | Uint8Array | undefined>;

  /** Reads a whole JSON reply into `output`. Absent: the service only streams. */
  parseTextResponse?(data: any, output: RequestOutput): void | Promise<void>;

  /** Reads one event into `output`: of `sse`, its JSON (`Framing` says what of others). Absent: no streaming, hence no performance mode. */
  parseStreamResponse?(data: any, output: RequestOutput): void | Promise<void>;

  /**
   * Reads several events, each as `parseStreamResponse` would, and calls `taken` after each is in `output`. For a parser in
   * another process: one trip for many events.
   */
  parseStreamBatch?(
    events: readonly unknown[],
    output: RequestOutput,
    taken: (what?: BatchStep) => void,
  ): Promise<void>;

  /** Returns how a streamed body is cut into events. Absent: `sse`. */
  getFraming?(): Framing;

  /** Makes the splitter of one reply; required for the framing `bytes`, unused for any other. */
  makeSplitter?(): FrameSplitter;

  /** Returns the method of a request. Absent: `POST`. */
  getMethod?(args?: RequestArgs): HttpMethod;

  /** Returns headers that sign a request; it sees the bytes that will be sent, and what it returns is added to them. */
  signRequest?(request: OutgoingRequest): Record<string, string> | Promise<Record<string, string>>;

  /**
   * Returns the request to send after a whole reply: a poll, or the stream that a submission points to; undefined: this reply is the
   * last. In stream mode each whole reply is one event: `parseStreamResponse` reads it first. In text mode `parseTextResponse` reads the last one alone.
   */
  getNextRequest?(
    data: any,
    output: RequestOutput,
    args: RequestArgs,
  ): NextRequest | undefined | Promise<NextRequest | undefined>;

  /**
   * Carries out one request over a protocol that is not one HTTP request and its reply (gRPC, WebSocket). Resolves at its clean end;
   * rejects with what went wrong: an error with the `code` of a connection (`ECONNRESET`) or of gRPC (14) is a failure of the connection, a
   * TypeError and its like a bug of the class, anything else the server's error. Framing, method and signature are then unused.
   */
  exchange?(request: ExchangeRequest, sink: MessageSink): Promise<void>;

  /**
   * Finds out from the service what the config leaves open, once, before the first request. `getJson` requests a URL and returns the
   * JSON of the reply; undefined where there is none.
   */
  discover?(getJson: (url: string) => Promise<unknown>): Promise<void>;

  /**
   * Makes the body that requests the log probabilities of the prompt's own tokens. Absent: no perplexity.
   * `getPromptLogprobs` reads the reply.
   */
  getPplRequestBody?(input: PromptType, output: RequestOutput, args: RequestArgs): object | Promise<object>;

  /**
   * Natural-log probability of each prompt token in order; null where the service has none (the first token). Empty where
   * the reply holds no log probabilities at all.
   */
  getPromptLogprobs?(data: any): readonly (number | null)[] | Promise<readonly (number | null)[]>;

  /** Returns whether the stream said that it is complete. Absent: a clean end of the body is enough. */
  streamIsComplete?(output: RequestOutput, sawDone: boolean): boolean;

  /**
   * Fetches what only the end of a reply needs. Called once, after the last event of a stream that ended cleanly and before
   * `streamIsComplete`. For a parser in another process.
   */
  endStream?(output: RequestOutput): Promise<void>;

  /** Frees what the class holds for an attempt; called once when the attempt is over, however it ended. */
  release?(output: RequestOutput): void;

  /** Frees what the class holds; called once, after the last request. */
  close?(): Promise<void>;

  /** Returns headers beside Content-Type and, where a key is set, `Authorization: Bearer <api_key>`; an empty value takes one away. */
  headers?(args?: RequestArgs): Record<string, string>;
}

/** The endpoint that was made last: every request needs it, and making a URL costs as much as sending one. */
let lastEndpoint = { baseUrl: '', path: '', url: '' };

/** End of a base URL in the form of OpenAI's clients, or of a whole endpoint. */
const VERSION_OR_ENDPOINT = /\/v1\/(?:(?:chat\/completions|completions|responses|messages|models)\/)?$/;

/** Returns a base URL without the `v1`, or the whole endpoint, that it may end with. */
export function serviceRoot(baseUrl: string): URL {
  const root = new URL(baseUrl);
  root.pathname = root.pathname.replace(VERSION_OR_ENDPOINT, '/');
  return root;
}

/** Returns an endpoint below a base URL without repeating its `v1`; keeps a query of the base URL. */
export function endpointUrl(baseUrl: string, path: string): string {
  if (lastEndpoint.baseUrl === baseUrl && lastEndpoint.path === path) return lastEndpoint.url;
  const url = new URL(path, path.startsWith('v1/') ? serviceRoot(baseUrl) : baseUrl);
  if (url.search === '') url.search = new URL(baseUrl).search;
  lastEndpoint = { baseUrl, path, url: url.href };
  return url.href;
}

/** Returns the URL without its user name and password. */
export function withoutCredentials(url: string): string {
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  return shown.href;
}

/** Returns the base URL that a service model's options describe (AISBench §2.2). */
export function makeBaseUrl(
  options: Pick<APIModelOptions, 'url' | 'enableSsl' | 'hostIp' | 'hostPort'>,
): string {
  const scheme = options.enableSsl ? 'https' : 'http';
  const given = options.url.trim();
  if (given === '') {
    const host = options.hostIp.includes(':') ? `[${options.hostIp}]` : options.hostIp;
    return `${scheme}://${host}:${options.hostPort}/`;
  }
  const url = new URL(/^https?:\/\//i.test(given) ? given : `${scheme}://${given}`);
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url.href;
}
