import { AisBenchError } from './errors.ts';
import type { RequestOutput } from './output.ts';
import type { PromptType } from './prompt-list.ts';

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

  /** Absolute URL that requests are posted to. */
  abstract getUrl(): string;

  /** The JSON body of one request. Called once per attempt; the same arguments must give an equal body. */
  abstract getRequestBody(
    input: PromptType,
    maxOutLen: number,
    output: RequestOutput,
    args: RequestArgs,
  ): object | Promise<object>;

  /** Reads a whole JSON reply into `output`. Absent: the service only streams. */
  parseTextResponse?(data: any, output: RequestOutput): void | Promise<void>;

  /** Reads one event's JSON into `output`. Absent: no streaming, hence no performance mode. */
  parseStreamResponse?(data: any, output: RequestOutput): void | Promise<void>;

  /**
   * Makes the body that requests the log probabilities of the prompt's own tokens. Absent: no perplexity.
   * `getPromptLogprobs` reads the reply.
   */
  getPplRequestBody?(input: PromptType, output: RequestOutput, args: RequestArgs): object | Promise<object>;

  /**
   * Natural-log probability of each prompt token in order; null where the service has none (the first token). Empty where
   * the reply holds no log probabilities at all.
   */
  getPromptLogprobs?(data: any): readonly (number | null)[];

  /** Whether the stream said that it is complete. Absent: a clean end of the body is enough. */
  streamIsComplete?(output: RequestOutput, sawDone: boolean): boolean;

  /** Frees what the class holds; called once, after the last request. */
  close?(): Promise<void>;

  /** Returns headers beside Content-Type and, where a key is set, `Authorization: Bearer <api_key>`. */
  headers?(): Record<string, string>;
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
