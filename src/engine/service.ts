/**
 * The embedded inference service behind `ais_bench serve`: an engine (simulated, or a real GGUF model) behind the
 * protocols of the servers that we measure.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AisBenchError, messageOf } from '../contract/errors.ts';
import { createLlamaEngine, type LlamaOptions } from './llama-engine.ts';
import { observed, ServiceMetrics } from './metrics.ts';
import { PROTOCOL_NAMES, type ProtocolName } from './protocol-names.ts';
import { routesOf } from './protocols/index.ts';
import { createRouter } from './router.ts';
import { createSimEngine, type SimOptions } from './sim-engine.ts';
import type { Engine } from './types.ts';

export type EngineOptions =
  | ({ readonly kind: 'sim' } & Partial<SimOptions>)
  | ({ readonly kind: 'llama' } & LlamaOptions);

export interface ServiceOptions {
  /** Default: `{ kind: 'sim' }`. */
  readonly engine?: EngineOptions;
  /** Address to listen on. Default 127.0.0.1: nobody but this machine can ask. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** What it speaks beside `v1/models` and `health`. Default: everything. */
  readonly protocols?: readonly ProtocolName[];
  /** When set, every POST and all below `/v1` need `Authorization: Bearer <apiKey>` or `x-api-key: <apiKey>`. */
  readonly apiKey?: string;
  /** Larger request bodies are refused with 413. Default 64 MiB. */
  readonly maxBodyBytes?: number;
  /** Bodies of all requests that are being read, together; what is beyond is refused with 503. Default 1 GiB. */
  readonly maxReadingBytes?: number;
  /** Further connections are closed at once. Default 65,536. */
  readonly maxConnections?: number;
  /** Time for a request's headers, milliseconds; its body has five times that. Default 60 s. */
  readonly headersTimeoutMs?: number;
  /** Takes the lines of the log. Default: standard error. */
  readonly log?: (line: string) => void;
}

export interface RunningService {
  /** `http://127.0.0.1:PORT/` */
  readonly url: string;
  /** The model's name for requests. */
  readonly model: string;
  /** What answers here; says so when it is simulated. */
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
  const log = options.log ?? ((line) => process.stderr.write(`${line}\n`));
  const engine = await createEngine(options.engine ?? { kind: 'sim' });
  const metrics = new ServiceMetrics();
  const routes = routesOf(
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
  const server = createServer({ ...timesOf(options), noDelay: true }, router);
  server.maxConnections = options.maxConnections ?? 65_536;
  const host = options.host ?? '127.0.0.1';
  try {
    await listen(server, host, options.port ?? 0);
  } catch (error) {
    await engine.close();
    throw error;
  }
  const url = urlOf(host, server.address() as AddressInfo);
  log(`${engine.model} at ${url}: ${engine.describe()}`);
  if (!isLoopback(host) && !options.apiKey)
    log('anybody who reaches this machine may ask: no key is asked for (--api-key)');
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

async function createEngine(options: EngineOptions): Promise<Engine> {
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

function timesOf({ headersTimeoutMs = 60_000 }: ServiceOptions) {
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

function urlOf(host: string, address: AddressInfo): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}/`;
}

async function close(server: Server, engine: Engine): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // Also aborts the requests in progress, as their clients' leaving would.
  server.closeAllConnections();
  await closed;
  await engine.close();
}
