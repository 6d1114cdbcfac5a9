import type { Agent, Dispatcher } from 'undici';
import type { Failure } from '../contract/record.ts';
import { Connector } from './connector.ts';
import { DeadlineError, failureFromError, failureFromStatus } from './failure.ts';
import { http1Transport } from './http1-transport.ts';
import { formatAuthority, type ProxyServer, type ProxySettings, parseEndpoint, proxyFor } from './proxy.ts';
import type { Clock, Exchange, HttpRequest, ReplySink, Transport, TransportOptions } from './types.ts';

/**
 * Opens the transport of a service: HTTP/1.1, or HTTP/2 where the config says so. A direct HTTP/1.1 connection is read by our own
 * client, one through a proxy by undici; what few runs need is loaded when it is needed. Throws TlsFileError.
 */
export async function openTransport(
  clock: Clock,
  { http2, ...options }: TransportOptions & { readonly http2: boolean },
): Promise<Transport> {
  if (http2) {
    const { http2Transport } = await import('./http2-transport.ts');
    return http2Transport(clock, options);
  }
  const { proxy } = options;
  const direct = http1Transport(clock, options);
  if (proxy === undefined || (proxy.http === '' && proxy.https === '')) return direct;
  const proxied = await undiciTransport(clock, options);
  const chosen = ({ url }: HttpRequest) =>
    URL.canParse(url) && proxyFor(new URL(url), proxy) !== undefined ? proxied : direct;
  return {
    send: (request, sink) => chosen(request).send(request, sink),
    close: async () => {
      await Promise.all([direct.close(), proxied.close()]);
    },
  };
}

/** Fetches a small reply that is not measured; returns its text, or the failure. */
export function fetchText(
  transport: Transport,
  request: HttpRequest,
  timeoutMs: number,
): Promise<{ text: string } | { failure: Failure }> {
  return new Promise((resolve) => {
    let status: number | undefined;
    const body: Uint8Array[] = [];
    const exchange = transport.send(request, {
      onHeaders: (code) => {
        status = code;
      },
      onData: (bytes) => body.push(bytes),
      onEnd: () => {
        clearTimeout(timer);
        const text = Buffer.concat(body).toString('utf8');
        const ok = status !== undefined && status >= 200 && status < 300;
        resolve(ok ? { text } : { failure: failureFromStatus(status ?? 0, text) });
      },
      onError: (error) => {
        clearTimeout(timer);
        resolve({ failure: failureFromError(error, status !== undefined) });
      },
    });
    const expired = new DeadlineError(`no answer within ${timeoutMs / 1000} s`);
    const timer = setTimeout(() => exchange.abort(expired), timeoutMs);
  });
}

/** HTTP/1.1 over undici's `dispatch`: one connection a request in flight, kept alive, no limit on their number. */
export async function undiciTransport(clock: Clock, options: TransportOptions): Promise<Transport> {
  const undici = await import('undici');
  const connector = new Connector({ ...options, speaks: 'http/1.1' });
  const agents = new Map<string, Agent>();
  /** The agent whose connections go through this proxy's tunnels, or directly. */
  const agentFor = (via?: ProxyServer): Agent => {
    const key = via === undefined ? '' : formatAuthority(via);
    const agent = agents.get(key) ?? newAgent(undici.Agent, connector, via);
    agents.set(key, agent);
    return agent;
  };
  return {
    send: (request, sink) => {
      const dispatch = (handler: Dispatcher.DispatchHandler) => {
        const { agent, ...route } = chooseRoute(request, options.proxy, agentFor);
        const { method, body } = request;
        agent.dispatch({ ...route, method, body: body ?? null }, handler);
      };
      return new UndiciExchange(dispatch, sink, clock);
    },
    close: async () => {
      connector.close();
      await Promise.all([...agents.values()].map((agent) => agent.destroy()));
    },
  };
}

function newAgent(AgentClass: typeof Agent, connector: Connector, via: ProxyServer | undefined): Agent {
  return new AgentClass({
    connect: (options, done) => {
      connector.open(parseEndpoint(options), via).then(
        (socket) => {
          // A TLS alert ("certificate required") comes before the end of the connection; undici would report the end.
          socket.once('error', () => socket.removeAllListeners('end'));
          done(null, socket);
        },
        (error) => done(error, null),
      );
    },
    // The tool's own deadlines are the only ones: a hidden library default would end long generations.
    headersTimeout: 0,
    bodyTimeout: 0,
    pipelining: 1,
  });
}

interface UndiciRoute {
  readonly agent: Agent;
  readonly origin: string;
  readonly path: string;
  readonly headers: Record<string, string>;
}

/** Plain HTTP goes to a proxy with its whole URL, HTTPS through a tunnel. Throws on an invalid URL. */
function chooseRoute(
  { url, headers }: HttpRequest,
  proxies: ProxySettings | undefined,
  agentFor: (via?: ProxyServer) => Agent,
): UndiciRoute {
  const target = new URL(url);
  const { origin, protocol, host, pathname, search } = target;
  const path = pathname + search;
  const via = proxies && proxyFor(target, proxies);
  if (via === undefined || protocol === 'https:') return { agent: agentFor(via), origin, path, headers };
  return {
    agent: agentFor(),
    origin: `${via.protocol}//${formatAuthority(via)}`,
    path: origin + path,
    headers: {
      host,
      ...headers,
      ...(via.authorization === undefined ? {} : { 'proxy-authorization': via.authorization }),
    },
  };
}

class UndiciExchange implements Exchange, Dispatcher.DispatchHandler {
  readonly #sink: ReplySink;
  readonly #clock: Clock;
  #controller: Dispatcher.DispatchController | undefined;
  #over = false;
  /** Stamp of the socket read that is being delivered; cleared when its callback has returned. */
  #readAt: number | undefined;

  constructor(dispatch: (handler: Dispatcher.DispatchHandler) => void, sink: ReplySink, clock: Clock) {
    this.#sink = sink;
    this.#clock = clock;
    try {
      dispatch(this);
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  abort(reason: Error): void {
    if (this.#over) return;
    this.#controller?.abort(reason);
    this.#fail(reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#over) controller.abort(new Error('aborted before it was sent'));
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (!this.#over && status >= 200) this.#sink.onHeaders(status, headers, this.#clock());
  }

  onResponseData(_controller: Dispatcher.DispatchController, bytes: Buffer): void {
    if (this.#over) return;
    const sharedRead = this.#readAt !== undefined;
    this.#sink.onData(bytes, this.#stampRead(), sharedRead);
  }

  onResponseEnd(): void {
    if (this.#over) return;
    this.#over = true;
    const at = this.#stampRead();
    // undici takes two turns to free the connection: who sent the next request at once would open a second one.
    setImmediate(() => setImmediate(() => this.#sink.onEnd(at)));
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error);
  }

  /** undici delivers one socket read in several synchronous calls; a microtask runs only after the last of them. */
  #stampRead(): number {
    if (this.#readAt === undefined) {
      this.#readAt = this.#clock();
      queueMicrotask(() => {
        this.#readAt = undefined;
      });
    }
    return this.#readAt;
  }

  #fail(error: Error): void {
    if (this.#over) return;
    this.#over = true;
    // undici refuses a malformed request before `dispatch` has returned.
    queueMicrotask(() => this.#sink.onError(error));
  }
}
