/**
 * The embedded inference service behind `ais_bench serve`: an engine (simulated, or a real GGUF model) behind the
 * protocols of the servers that we measure.
 */

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { AisBenchError, messageOf } from '../contract/errors.ts';
import { type InferenceEngine, PromptRefused } from './engine.ts';
import {
  type BodyRoom,
  createExchange,
  get,
  HttpError,
  parseObject,
  type Route,
  readBody,
  sendReply,
} from './exchange.ts';
import { createLlamaEngine, type LlamaOptions } from './llama-engine.ts';
import { observed, ServiceMetrics, serveMetrics } from './metrics.ts';
import { PROTOCOL_NAMES, type ProtocolName } from './protocol-names.ts';
import { anthropic } from './protocols/anthropic.ts';
import { gemini } from './protocols/gemini.ts';
import { llamacpp } from './protocols/llamacpp.ts';
import { ollama } from './protocols/ollama.ts';
import { openaiChat, openaiCompletions } from './protocols/openai.ts';
import { OPENAI_WORDS } from './protocols/openai-request.ts';
import { mindieGenerate, mindieInfer, vitaGenerate, vllmGenerate } from './protocols/plain-generate.ts';
import REPLIES from './protocols/replies.json' with { type: 'json' };
import { responses } from './protocols/responses.ts';
import { sglang } from './protocols/sglang.ts';
import { tgi } from './protocols/tgi.ts';
import { triton } from './protocols/triton.ts';
import { createSimEngine, type SimOptions } from './sim-engine.ts';

/** The engine behind the service. */
export type EngineOptions =
  | ({ readonly kind: 'sim' } & Partial<SimOptions>)
  | ({ readonly kind: 'llama' } & LlamaOptions);

/** What to serve, and where. */
export interface ServiceOptions {
  /** Default: `{ kind: 'sim' }`. */
  readonly engine?: EngineOptions;
  /** Address to listen on. Default 127.0.0.1: reachable from this machine only. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** What it speaks beside `v1/models` and `health`. Default: everything. */
  readonly protocols?: readonly ProtocolName[];
  /**
   * When set, every POST and all below `/v1` and `/api` need `Authorization: Bearer <apiKey>`, `x-api-key: <apiKey>` or
   * `x-goog-api-key: <apiKey>`.
   */
  readonly apiKey?: string;
  /** Larger request bodies are refused with 413. Default 64 MiB. */
  readonly maxBodyBytes?: number;
  /** Bodies of all requests that are being read, together; what is beyond is refused with 503. Default 1 GiB. */
  readonly maxReadingBytes?: number;
  /** Further connections are closed at once. Default 65,536. */
  readonly maxConnections?: number;
  /** Time for a request's headers, milliseconds; its body has five times that. Default 60 s. */
  readonly headersTimeoutMs?: number;
  /** Receives the lines of the log. Default: no log. */
  readonly log?: (line: string) => void;
}

/** A service that listens. */
export interface RunningService {
  /** `http://127.0.0.1:PORT/` */
  readonly url: string;
  /** The model's name for requests. */
  readonly model: string;
  /** One line on the engine behind the service, and whether it is simulated. */
  readonly description: string;
  /** Ends every request in progress, and frees the model. A second call changes nothing. */
  close(): Promise<void>;
}

const MIB = 1024 * 1024;
/** Longer than the idle times of load tools, so that no request meets a connection that is just being closed. */
const KEEP_ALIVE_MS = 75_000;

/**
 * Starts the service and resolves when it takes requests. Throws ENGINE-PARAM-001 when it cannot listen or a setting
 * makes no sense, UTILS-DEPENDENCY-001 when the engine needs a package that is not installed.
 */
export async function startService(options: ServiceOptions = {}): Promise<RunningService> {
  const log = options.log ?? (() => {});
  const engine = await createEngine(options.engine ?? { kind: 'sim' });
  const metrics = new ServiceMetrics();
  const routes = collectRoutes(
    options.protocols ?? PROTOCOL_NAMES,
    observed(engine, metrics, () => performance.now()),
    metrics,
  );
  const router = createRouter(routes, {
    apiKey: options.apiKey,
    maxBodyBytes: options.maxBodyBytes ?? 64 * MIB,
    maxReadingBytes: options.maxReadingBytes ?? 1024 * MIB,
    log,
  });
  const server = createServer({ ...readTimeouts(options), noDelay: true }, router);
  server.maxConnections = options.maxConnections ?? 65_536;
  const host = options.host ?? '127.0.0.1';
  try {
    await listen(server, host, options.port ?? 0);
  } catch (error) {
    await engine.close();
    throw error;
  }
  const url = formatUrl(host, server.address() as AddressInfo);
  log(`${engine.model} at ${url}: ${engine.describe()}`);
  if (!isLoopback(host) && !options.apiKey)
    log('no API key is set: every machine that can reach this one may send requests (--api-key)');
  let closed: Promise<void> | undefined;
  return {
    url,
    model: engine.model,
    description: engine.describe(),
    close() {
      closed ??= close(server, engine);
      return closed;
    },
  };
}

async function createEngine(options: EngineOptions): Promise<InferenceEngine> {
  const { kind, ...settings } = options;
  return kind === 'llama' ? createLlamaEngine(settings as LlamaOptions) : createSimEngine(settings);
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      reject(
        new AisBenchError('ENGINE-PARAM-001', `the service cannot listen: ${messageOf(cause)}`, {
          where: `${host}:${port}`,
          cure: 'choose a free port, or 0 for any',
          cause,
        }),
      );
    });
    server.listen(port, host, resolve);
  });
}

function readTimeouts({ headersTimeoutMs = 60_000 }: ServiceOptions) {
  return {
    keepAliveTimeout: KEEP_ALIVE_MS,
    headersTimeout: headersTimeoutMs,
    requestTimeout: 5 * headersTimeoutMs,
    connectionsCheckingInterval: Math.min(5000, headersTimeoutMs),
  };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d+){3}$/.test(host);
}

function formatUrl(host: string, address: AddressInfo): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}/`;
}

async function close(server: Server, engine: InferenceEngine): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // Also aborts the requests in progress, as their clients' leaving would.
  server.closeAllConnections();
  await closed;
  await engine.close();
}

/** Access and limits of the service. */
export interface RouterOptions {
  /** When set, every POST and every path below `/v1` and `/api` needs this key. */
  readonly apiKey: string | undefined;
  readonly maxBodyBytes: number;
  /** Bytes of all bodies that are being read. */
  readonly maxReadingBytes: number;
  readonly log: (line: string) => void;
}

interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** Finds the route, reads the body, and turns every error into a reply. */
export function createRouter(routes: readonly Route[], options: RouterOptions): RequestListener {
  const room = { left: options.maxReadingBytes };
  return (request, response) => {
    const [path = '/', query = ''] = (request.url ?? '/').split('?', 2);
    const here = routes.flatMap((route) => matchPath(route, path, query));
    handleRequest(request, response, { path, here, room, ...options }).catch((error: unknown) => {
      if (error instanceof HttpError) send(response, error);
      else response.destroy();
    });
  };
}

/** Returns the route with the values of its `{names}`, or nothing. */
function matchPath(route: Route, path: string, query: string): Match[] {
  const [ownPath = '', ownQuery] = route.path.split('?', 2);
  if (ownQuery !== undefined && !query.split('&').includes(ownQuery)) return [];
  if (!ownPath.includes('{')) return ownPath === path ? [{ route, params: {} }] : [];
  const given = path.split('/');
  const wanted = ownPath.split('/');
  const params: Record<string, string> = {};
  const fits = wanted.every((part, index) => {
    const found = given[index] ?? '';
    if (!part.startsWith('{')) return found === part;
    const [name = '', after = ''] = part.slice(1).split('}', 2);
    params[name] = decodePart(found.slice(0, found.length - after.length));
    return found.length > after.length && found.endsWith(after);
  });
  return fits && given.length === wanted.length ? [{ route, params }] : [];
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

interface RouteOptions extends RouterOptions {
  readonly path: string;
  readonly here: readonly Match[];
  readonly room: BodyRoom;
}

async function handleRequest(
  request: IncomingMessage,
  response: ServerResponse,
  { path, here, room, ...options }: RouteOptions,
): Promise<void> {
  if (!authorized(request, path, options.apiKey)) throw new HttpError(401, { error: 'Unauthorized' });
  if (here.length === 0) throw new HttpError(404, { detail: 'Not Found' });
  const fitting = here.filter(({ route }) => route.method === request.method);
  if (fitting.length === 0) {
    const allow = here.map(({ route }) => route.method).join(', ');
    throw new HttpError(405, { detail: 'Method Not Allowed' }, { allow });
  }
  const body = request.method === 'POST' ? await readBody(request, options.maxBodyBytes, room) : '';
  const { route, params } = choose(fitting, body);
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  try {
    await route.handle(createExchange(response, body, params, gone.signal));
  } catch (error) {
    fail(error, route, response, options.log);
  }
}

/** Chooses by the body among protocols that share a path; the first one refuses what none of them knows. */
function choose(fitting: readonly Match[], body: string): Match {
  const first = fitting[0]!;
  if (fitting.length === 1 || fitting.every(({ route }) => route.accepts === undefined)) return first;
  const value = parseObject(body);
  return fitting.find(({ route }) => value !== undefined && route.accepts?.(value)) ?? first;
}

function authorized(request: IncomingMessage, path: string, apiKey: string | undefined): boolean {
  if (apiKey === undefined || (request.method !== 'POST' && !/^\/(v1|api)/.test(path))) return true;
  const { authorization = '', 'x-goog-api-key': googleKey, 'x-api-key': key = googleKey } = request.headers;
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const given = typeof key === 'string' ? `Bearer ${key}` : authorization;
  return timingSafeEqual(digest(given), digest(`Bearer ${apiKey}`));
}

/** Reports an error in the protocol's own form; a stream that has begun ends with it. */
function fail(error: unknown, route: Route, response: ServerResponse, log: (line: string) => void): void {
  if (response.destroyed || response.writableEnded) return;
  const { words } = route;
  if (error instanceof HttpError) send(response, error);
  else if (error instanceof PromptRefused) send(response, words.refused(error.message));
  else {
    const message = messageOf(error);
    log(`the engine failed: ${message}`);
    if (response.headersSent) response.end(words.brokenStream(message));
    else send(response, words.broken(message));
  }
}

function send(response: ServerResponse, { status, body, headers }: HttpError): void {
  if (!response.headersSent) sendReply(response, status, body, headers);
}

type MakeRoutes = (engine: InferenceEngine, metrics: ServiceMetrics) => readonly Route[];

/** In the order in which protocols that share a path get to accept a body. */
const PROTOCOLS: Readonly<Record<ProtocolName, MakeRoutes>> = {
  openai: (engine) => [...openaiChat(engine), ...openaiCompletions(engine)],
  responses,
  anthropic,
  triton,
  tgi,
  vllm: vllmGenerate,
  vita: vitaGenerate,
  sglang,
  llamacpp,
  ollama,
  gemini,
  // MindIE has forms of others too; they come to light where those others are not spoken.
  mindie: (engine) => [...mindieInfer(engine), ...mindieGenerate(engine), ...tgi(engine), ...triton(engine)],
  metrics: serveMetrics,
};

/** Returns the routes of these protocols, and `v1/models` and `health`. */
function collectRoutes(
  names: readonly ProtocolName[],
  engine: InferenceEngine,
  metrics: ServiceMetrics,
): readonly Route[] {
  const chosen = PROTOCOL_NAMES.filter((name) => names.includes(name));
  return [...serveModels(engine), ...chosen.flatMap((name) => PROTOCOLS[name](engine, metrics))];
}

function serveModels(engine: InferenceEngine): readonly Route[] {
  const created = Math.floor(Date.now() / 1000);
  const list = { object: 'list', data: [modelCard(engine, created)] };
  return [
    get('/v1/models', OPENAI_WORDS, (exchange) => exchange.reply(200, list)),
    get('/health', OPENAI_WORDS, (exchange) => exchange.reply(200, '')),
  ];
}

function modelCard(engine: InferenceEngine, created: number): object {
  return {
    ...REPLIES.modelCard,
    id: engine.model,
    created,
    owned_by: engine.owner,
    root: engine.model,
    max_model_len: engine.contextLength,
    permission: [{ ...REPLIES.modelPermission, id: `modelperm-${randomBytes(8).toString('hex')}`, created }],
    simulated: engine.simulated,
  };
}
